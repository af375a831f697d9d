/** What computers of a farm say of themselves, as it lies in its Redis and reaches the window. */
import { z } from 'zod';
import { engineNameSchema, instructionSets, precisionSchema } from './engines.ts';

const line = z.string().max(500);
const short = z.string().max(200);
const id = z.string().regex(/^[a-z0-9-]{1,80}$/);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** Milliseconds since 1970 by the clock of the Redis. */
const moment = z.number().min(0).max(1e14);

/** The engine of a run: scores compare only where all of it agrees. */
export const neededEngineSchema = z.strictObject({
  name: engineNameSchema,
  /** Without what a task adds to it. */
  version: short,
  precision: precisionSchema,
  /** Of a scoring process, where they decide bits; else null. */
  threads: z.number().int().min(1).max(1024).nullable(),
  instructions: z.enum(instructionSets),
});
export type NeededEngine = Readonly<z.infer<typeof neededEngineSchema>>;

/** A search that has work to give, as it announces itself. */
export const farmRunSchema = z.strictObject({
  format: z.number().int(),
  product: short,
  run: id,
  space: short,
  /** Of the computer that searches. */
  host: short,
  since: moment,
  engine: neededEngineSchema,
  /** True where workers with another engine may score too, each score naming its own. */
  any: z.boolean(),
  /** Digest and size of what a worker has to know. */
  work: id,
  workBytes: count,
});
export type FarmRun = Readonly<z.infer<typeof farmRunSchema>>;

export const offerSchema = z.strictObject({
  engines: z
    .array(z.strictObject({ name: engineNameSchema, precision: precisionSchema, version: short }))
    .max(50),
  instructions: z.enum(instructionSets),
  /** Threads for scoring, all candidates together. */
  threads: z.number().int().min(0).max(4096),
  memoryBytes: z.number().min(0).max(1e15),
});
export type Offer = Readonly<z.infer<typeof offerSchema>>;

export const workerStates = ['working', 'waiting', 'draining'] as const;

export const workerRecordSchema = z.strictObject({
  format: z.number().int(),
  product: short,
  id,
  /** The computer's name and the process's number. */
  name: short,
  since: moment,
  state: z.enum(workerStates),
  offer: offerSchema,
  /** What it computes now. */
  current: z.array(z.strictObject({ run: id, genotype: line, since: moment })).max(300),
  done: count,
  failed: count,
  givenBack: count,
  /** Candidates a minute over the last minutes. */
  rate: z.number().min(0).max(1e9),
  /** Failures by their code. */
  reasons: z.record(z.string().max(100), count),
  /** Runs that it is not given, and why. */
  unfit: z.record(id, line),
  /** The last ones, latest first. */
  errors: z.array(z.strictObject({ at: moment, message: line })).max(10),
});
export type WorkerRecord = Readonly<z.infer<typeof workerRecordSchema>>;

/** How many candidates it scores side by side for a run. */
export function placesOf({ threads }: Offer, engine: Pick<NeededEngine, 'threads'>): number {
  return Math.floor(threads / (engine.threads ?? 1));
}

const instructionsOf = (names: string) => `${names} instructions`;

/** Why a worker is not given a run's jobs, in words that stand on both sides; null where it is. */
export function unfitness(
  run: Pick<FarmRun, 'format' | 'product' | 'engine' | 'any'>,
  worker: Pick<WorkerRecord, 'format' | 'product' | 'offer'>,
): string | null {
  if (run.format !== worker.format || run.product !== worker.product) {
    return `the search is of version ${run.product}, the worker of ${worker.product}`;
  }
  const { engine, any } = run;
  const { offer } = worker;
  if (offer.threads === 0) return 'the worker only measures on phones';
  if (placesOf(offer, engine) === 0) {
    return `the run is scored with ${engine.threads} threads, the worker has ${offer.threads}`;
  }
  if (any) return null;
  const { name, precision } = engine;
  const own = offer.engines.find((one) => one.name === name && one.precision === precision);
  if (own === undefined)
    return `the run is scored by ${name} in ${precision}, which the worker does not have`;
  if (own.version !== engine.version) {
    return `the run is scored by ${name} ${engine.version}, the worker has ${own.version}`;
  }
  if (offer.instructions !== engine.instructions) {
    return `the run is scored with ${instructionsOf(engine.instructions)}, the worker takes ${offer.instructions}: last digits would differ`;
  }
  return null;
}

/** A look at a farm. */
export interface FarmStatus {
  readonly url: string;
  readonly server: string;
  /** By the server's clock. */
  readonly now: number;
  readonly workers: readonly WorkerRecord[];
  readonly runs: readonly (FarmRun & {
    readonly waiting: number;
    readonly active: number;
    /** Places of the workers that fit. */
    readonly places: number;
  })[];
  /** What lies there and is not ours, or is damaged. */
  readonly foreign: readonly string[];
  readonly warning: string | null;
}
