/** Everything that decides the outcome of a search. Stored with the run; two runs compare by it. */
import { z } from 'zod';
import { weightSchemes } from '../graph/graph.ts';
import { phoneSettingsSchema } from '../phone/run-settings.ts';

const count = z.number().int().positive();

/**
 * How networks are chosen: by a model of the score that is fitted while the search runs, by NSGA-II, or
 * at random.
 */
export const searchMethods = ['guided', 'nsga2', 'random'] as const;
export type SearchMethod = (typeof searchMethods)[number];

/** Candidates in a block: what stands for a generation where a search has none. */
export const blockSize = 20;
/** Candidates of a search without generations, where nobody says otherwise. */
export const usualCandidates = 120;

/** Number of the block that a candidate is in, from 0 on. @param place from 1 on */
export function blockOf(place: number): number {
  return Math.floor((place - 1) / blockSize);
}
/** Candidates in flight where nobody says otherwise. */
export const defaultInFlight = 16;

export const latencySources = ['host', 'phone', 'predicted-s10-gpu', 'macs'] as const;

export const searchSettingsSchema = z.strictObject({
  space: z.string(),
  /** Folder or file with images, or null for the images that ship with the product. */
  data: z.string().nullable(),
  latency: z.enum(latencySources),
  /** Where latency is `phone`: which phones, and how; null else. Runs of older versions have none. */
  phone: phoneSettingsSchema.nullable().default(null),
  /** Runs of older versions are all of NSGA-II. */
  search: z.enum(searchMethods).default('nsga2'),
  /**
   * How many candidates may be in flight: proposal i depends on the results of proposals 1 to i - this.
   * Null evaluates whole generations, as the paper's NSGA-II does and every run of older versions.
   */
  inFlight: z.number().int().min(1).max(1024).nullable().default(null),
  population: z.number().int().min(4).max(10_000),
  /** Limits; the first one reached ends the search. At least one is set. */
  generations: count.nullable(),
  candidates: count.nullable(),
  seconds: z.number().positive().nullable(),
  seed: z.number().int().min(0).max(0xffff_ffff),
  beta: z.number().min(0).max(10),
  /** Rank by the capped score with this cap, or by the paper's score (null). */
  termCap: z.number().positive().nullable(),
  batches: z.number().int().min(2).max(64),
  batchSize: z.number().int().min(1).max(4096),
  weights: z.enum(weightSchemes as readonly ['pytorch-default', 'kaiming-normal-fan-out']),
  maxParameters: count.nullable(),
  maxMacs: count.nullable(),
  /** Milliseconds of the run's latency source. Runs of older versions have no such limit. */
  maxLatencyMs: z.number().positive().nullable().default(null),
});

export type SearchSettings = z.infer<typeof searchSettingsSchema>;

/** Terms above this are capped in `sumCapped` where a run names no cap of its own (method, section 6). */
export const defaultTermCap = 100;

export const defaultSearchSettings: SearchSettings = {
  space: 'nats-sss',
  data: null,
  latency: 'host',
  phone: null,
  search: 'nsga2',
  inFlight: null,
  population: 20,
  generations: 10,
  candidates: null,
  seconds: null,
  seed: 0,
  beta: 1,
  termCap: null,
  batches: 2,
  batchSize: 64,
  weights: 'pytorch-default',
  maxParameters: null,
  maxMacs: null,
  maxLatencyMs: null,
};
