/** The part of the contract about searches that wait for their turn, and about sweeps of them. */
import { z } from 'zod';
import { mostSearches } from '../main/common/crossing.ts';
import { errorReportSchema } from '../main/common/report.ts';
import { spreadSchema } from '../main/common/search-benchmarks.ts';
import { searchSettingsSchema } from '../main/common/settings/index.ts';
import { farmChoice } from './farm.ts';
import { none, nothing, runId } from './identifiers.ts';
import { mostTitleLength, wantedSearch } from './wanted-search.ts';

const queuedId = z.string().min(1).max(40);

/** A search that is to wait for its turn. */
export const searchToQueue = z.strictObject({
  ...wantedSearch,
  name: z.string().min(1).max(mostTitleLength),
  /** What sets it apart from others of its sweep but for the seed, in words; empty where nothing else does. */
  group: z.string().max(200),
  /** Run whose candidates it begins with. */
  from: runId.optional(),
  /** Absent: this computer alone. */
  farm: farmChoice.optional(),
});
export type SearchToQueue = z.infer<typeof searchToQueue>;

/**
 * `waiting`; `beginning` until its run file is there, `searching` until it has ended; `finished` by itself, `stopped`
 * by a person, `failed` where it could not begin or go on, or broke off.
 */
export const queuedStates = [
  'waiting',
  'beginning',
  'searching',
  'finished',
  'stopped',
  'failed',
] as const;
export type QueuedState = (typeof queuedStates)[number];

const queuedSearch = z.object({
  id: queuedId,
  name: z.string(),
  settings: searchSettingsSchema,
  state: z.enum(queuedStates),
  /** Null before it has begun. */
  run: runId.nullable(),
  /** Null of one that was added by itself. */
  sweep: queuedId.nullable(),
  /** Why it failed. */
  error: errorReportSchema.nullable(),
});
export type QueuedSearch = z.infer<typeof queuedSearch>;

const queuedSweep = z.object({ id: queuedId, title: z.string() });
export type QueuedSweep = z.infer<typeof queuedSweep>;

const queueView = z.object({
  /** `offered`: an earlier session of the app left it, and nothing begins before somebody says so. */
  state: z.enum(['going', 'paused', 'offered']),
  /** In the order in which they run. */
  searches: z.array(queuedSearch),
  sweeps: z.array(queuedSweep),
  /** Why it is not as it was left, such as a file that cannot be read. */
  error: errorReportSchema.nullable(),
});
export type QueueView = z.infer<typeof queueView>;

const sweptSearch = z.object({
  id: queuedId,
  name: z.string(),
  group: z.string(),
  state: z.enum(queuedStates),
  /** Null before it has begun. */
  run: runId.nullable(),
  seed: z.number(),
  evaluated: z.number(),
  failed: z.number(),
  /** Networks on the front of the scores. */
  front: z.number(),
  bestScore: z.number().nullable(),
  /** Of the front, as a share of the best of its group; null without a front, or where scores do not compare. */
  hypervolume: z.number().nullable(),
  /** Accuracy that its front gives away, in percentage points; null where no accuracies are known. */
  regret: z.number().nullable(),
  elapsedSeconds: z.number(),
  error: errorReportSchema.nullable(),
});
export type SweptSearchView = z.infer<typeof sweptSearch>;

const sweepView = z.object({
  id: queuedId,
  title: z.string(),
  searches: z.array(sweptSearch),
  /** Of searches that differ in their seeds alone, those of which there are at least two. */
  groups: z.array(
    z.object({
      group: z.string(),
      runs: z.number().int(),
      front: spreadSchema,
      bestScore: spreadSchema,
      hypervolume: spreadSchema,
      regret: spreadSchema.nullable(),
    }),
  ),
  /** The accuracies by which regret is counted, such as `cifar10_test_acc`; null where none are known. */
  truth: z.string().nullable(),
  /** Why nothing is said about regret, although accuracies are known. */
  truthError: errorReportSchema.nullable(),
});
export type SweepView = z.infer<typeof sweepView>;

export const queueMethods = {
  'queue.view': { args: none, result: queueView },
  /** Adds searches at the end, as a sweep where they have a title. The queue begins them by itself. */
  'queue.add': {
    args: z.tuple([
      z.strictObject({
        /** Null where the search is none of a sweep. */
        title: z.string().min(1).max(mostTitleLength).nullable(),
        searches: z.array(searchToQueue).min(1).max(mostSearches),
      }),
    ]),
    result: z.object({ sweep: queuedId.nullable() }),
  },
  /** Moves one that waits to that place in the queue, counted from 0. */
  'queue.move': {
    args: z.tuple([z.strictObject({ id: queuedId, to: z.number().int().min(0) })]),
    result: nothing,
  },
  /** Takes out those that are not at work; their runs stay. */
  'queue.remove': {
    args: z.tuple([
      z.strictObject({
        ids: z
          .array(queuedId)
          .min(1)
          .max(10 * mostSearches),
      }),
    ]),
    result: nothing,
  },
  /** Begins no other search; the one at work goes on to its end. */
  'queue.pause': { args: none, result: nothing },
  'queue.goOn': { args: none, result: nothing },
  /** Lets one that failed or was stopped wait again: it goes on where it got to. */
  'queue.retry': { args: z.tuple([z.strictObject({ id: queuedId })]), result: nothing },
  /** The runs of a sweep side by side. */
  'queue.sweep': { args: z.tuple([z.strictObject({ sweep: queuedId })]), result: sweepView },
} as const;

export const queueEvents = {
  /** The queue changed; the page asks again. */
  'queue.changed': z.object({}),
} as const;
