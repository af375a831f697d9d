/**
 * Candidates on their way to the page: a single row as an object, thousands of them as columns.
 * A column is a typed array, which is transferred as one block of memory, whereas every object costs time on both
 * sides.
 */
import { z } from 'zod';
import { latencyBoundsSchema } from '../main/common/latency-bounds.ts';
import { candidateStatuses } from '../main/common/run-states.ts';
import { proxyKeys } from '../main/common/proxies.ts';
import { biasWays } from '../main/common/zico-bc.ts';
import { errorReportSchema } from '../main/common/report.ts';

const candidateId = z.number().int().positive();

/** One row of the candidate table; details come from `runs.candidate`. */
export const candidateRow = z.object({
  /** 0 of a network that was scored besides what the search proposed. */
  id: z.number().int().nonnegative(),
  genotype: z.string(),
  /** Gene values in the order of the space's genes. */
  values: z.array(z.number()),
  generation: z.number(),
  parents: z.array(candidateId),
  parameters: z.number(),
  macs: z.number(),
  /** Place in the range of the space, 0 to 1; null if the space fixes or lacks the measure. */
  relativeDepth: z.number().nullable(),
  relativeWidth: z.number().nullable(),
  status: z.enum(candidateStatuses),
  zico: z.number().nullable(),
  zicoCapped: z.number().nullable(),
  bias: z.number().nullable(),
  /** Values of the proxies that were asked for, by key; null if one has no value. */
  proxies: z.partialRecord(z.enum(proxyKeys), z.number().nullable()),
  /** The bias, counted in every way; empty in runs older than that choice. */
  biases: z.partialRecord(z.enum(biasWays), z.number()),
  latencyMs: z.number().nullable(),
  /** How far it may be off; null if that is not known. */
  latencyBounds: latencyBoundsSchema.nullable(),
  /** Never became steady, or estimated outside of what was measured. */
  latencyDoubtful: z.boolean(),
  failure: errorReportSchema.nullable(),
});
export type PageRow = z.infer<typeof candidateRow>;

const integers = z.instanceof(Int32Array);
const doubles = z.instanceof(Float64Array);
const bytes = z.instanceof(Uint8Array);

/** Rows in id order, one entry per row in every column; NaN if a row has no value. */
export const candidatePage = z.object({
  ids: integers,
  generations: integers,
  /** Joined by newlines, which no genotype contains. */
  genotypes: z.string(),
  /** How many values each row has. */
  genes: z.number().int(),
  /** Gene values, row after row. */
  values: doubles,
  /** Ids of the parents, row after row. */
  parents: integers,
  /** How many parents each row has. */
  parentCounts: integers,
  parameters: doubles,
  macs: doubles,
  relativeDepth: doubles,
  relativeWidth: doubles,
  zico: doubles,
  zicoCapped: doubles,
  bias: doubles,
  /** Columns of the proxies that were asked for in any row, by key. */
  proxies: z.partialRecord(z.enum(proxyKeys), doubles),
  /** Columns of the bias for every way of counting it that any row has. */
  biases: z.partialRecord(z.enum(biasWays), doubles),
  latencyMs: doubles,
  /** Bounds of the latencies; absent if no row has any. */
  latencyErrors: z
    .object({
      lowMs: doubles,
      highMs: doubles,
      /** From `latencyStanding`. */
      standings: bytes,
    })
    .optional(),
  /** Failures, with the index of their row in the page. */
  failures: z.array(z.object({ index: z.number().int(), failure: errorReportSchema })),
});
export type CandidatePage = z.infer<typeof candidatePage>;
