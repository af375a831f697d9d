/** What the computers of a farm report about themselves, as stored in Redis and shown in the window. */
import { z } from 'zod';
import { plural } from './figures.ts';
import { phoneConditionsSchema } from './phone-conditions.ts';
import { mostRecent } from './phone-activity.ts';
import { engineNameSchema, instructionSets, precisionSchema } from './engines.ts';

const line = z.string().max(500);
const short = z.string().max(200);
const id = z.string().regex(/^[a-z0-9-]{1,80}$/);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** Milliseconds since 1970 by the clock of the Redis server. */
const moment = z.number().min(0).max(1e14);

/** The engine that a run needs: scores are comparable only if all of it agrees. */
export const neededEngineSchema = z.strictObject({
  name: engineNameSchema,
  /** The version, without the suffix that a task adds to it. */
  version: short,
  precision: precisionSchema,
  /** Threads of a scoring process if they decide bits, else null. */
  threads: z.number().int().min(1).max(1024).nullable(),
  instructions: z.enum(instructionSets),
});
export type NeededEngine = Readonly<z.infer<typeof neededEngineSchema>>;

/** A search with work to hand out, as it announces itself. */
export const farmRunSchema = z.strictObject({
  format: z.number().int(),
  product: short,
  run: id,
  space: short,
  /** Host name of the searching computer. */
  host: short,
  since: moment,
  engine: neededEngineSchema,
  /** True if workers with another engine may score too; each score names its engine. */
  any: z.boolean(),
  /** Digest and size of the data that a worker needs. */
  work: id,
  workBytes: count,
});
export type FarmRun = Readonly<z.infer<typeof farmRunSchema>>;

/** What measured a run's networks so far: latencies of another runner cannot be compared. */
export const farmRunnerSchema = z.strictObject({
  ...{ name: short, engine: short, version: short, precision: short },
});
export type FarmRunner = Readonly<z.infer<typeof farmRunnerSchema>>;

/** A search that has networks to measure, as it announces itself. */
export const measuringRunSchema = z.strictObject({
  format: z.number().int(),
  product: short,
  run: id,
  space: short,
  /** Of the computer that searches. */
  host: short,
  since: moment,
  /** Such as SM-G973F: latencies of other phones cannot be compared. */
  model: short.min(1),
  /** Digest of what a worker has to know. */
  brief: id,
});
export type MeasuringRun = Readonly<z.infer<typeof measuringRunSchema>>;

/** `taken`: another program on the worker's computer measures on it. */
export const farmPhoneStates = [
  ...(['idle', 'starting', 'measuring', 'waiting', 'away', 'taken'] as const),
] as const;

export const farmPhoneSchema = z.strictObject({
  /** As adb of the worker's computer names it. */
  serial: short,
  model: short.nullable(),
  chip: short.nullable(),
  android: short.nullable(),
  /** What the worker's computer can run networks with, by name. */
  runners: z.array(short).max(20),
  state: z.enum(farmPhoneStates),
  /** What it waits for, and what a person there can do; null while it works. */
  message: line.nullable(),
  hint: line.nullable(),
  /** Of the state. */
  since: moment,
  /** The run that it measures for; null where none. */
  run: id.nullable(),
  ...{ measured: count, failed: count, givenBack: count },
  /** Medians of the last networks, the newest last. */
  recentMs: z.array(z.number().min(0).max(1e9)).max(mostRecent),
  /** As read last. */
  conditions: phoneConditionsSchema.nullable(),
});
export type FarmPhone = Readonly<z.infer<typeof farmPhoneSchema>>;

/** Phones of one worker at most. */
export const mostPhones = 16;

export const offerSchema = z.strictObject({
  engines: z
    .array(z.strictObject({ name: engineNameSchema, precision: precisionSchema, version: short }))
    .max(50),
  instructions: z.enum(instructionSets),
  /** Threads for scoring, for all candidates together. */
  threads: z.number().int().min(0).max(4096),
  memoryBytes: z.number().min(0).max(1e15),
});
export type Offer = Readonly<z.infer<typeof offerSchema>>;

export const workerStates = ['working', 'waiting', 'draining'] as const;

export const workerRecordSchema = z.strictObject({
  format: z.number().int(),
  product: short,
  id,
  /** Host name and process id. */
  name: short,
  since: moment,
  state: z.enum(workerStates),
  offer: offerSchema,
  phones: z.array(farmPhoneSchema).max(mostPhones),
  /** The candidates that it is computing. */
  current: z.array(z.strictObject({ run: id, genotype: line, since: moment })).max(300),
  done: count,
  failed: count,
  givenBack: count,
  /** Candidates per minute over the last few minutes. */
  rate: z.number().min(0).max(1e9),
  /** Number of failures by error code. */
  reasons: z.record(z.string().max(100), count),
  /** Runs whose jobs it does not get, and why. */
  unfit: z.record(id, line),
  /** The most recent errors, latest first. */
  errors: z.array(z.strictObject({ at: moment, message: line })).max(10),
});
export type WorkerRecord = Readonly<z.infer<typeof workerRecordSchema>>;

/** How many candidates a worker scores at the same time for a run. */
export function placesOf({ threads }: Offer, engine: Pick<NeededEngine, 'threads'>): number {
  return Math.floor(threads / (engine.threads ?? 1));
}

const instructionsOf = (names: string) => `${names} instructions`;

/** Why a worker does not get a run's jobs, as a phrase that both sides show; null if it does. */
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
    return `the run is scored with ${plural(engine.threads ?? 1, 'thread', 'threads')}, but the worker has ${offer.threads}`;
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

const queued = { waiting: count, active: count } as const;

/** The state of a farm at one moment. */
export const farmStatusSchema = z.strictObject({
  url: z.string(),
  server: z.string(),
  /** When it was read, by the server's clock. */
  now: moment,
  workers: z.array(workerRecordSchema).readonly(),
  runs: z
    .array(
      farmRunSchema.extend({
        ...queued,
        /** Number of candidates that suitable workers can score at the same time. */
        places: count,
      }),
    )
    .readonly(),
  /** Searches that measure on phones of the farm. */
  measuring: z.array(measuringRunSchema).readonly(),
  /** The queue of each model of phone that is there or asked for. */
  phoneQueues: z.array(z.strictObject({ model: z.string(), ...queued })).readonly(),
  /** Records that are damaged or were written by other programs. */
  foreign: z.array(z.string()).readonly(),
  warning: z.string().nullable(),
});
export type FarmStatus = Readonly<z.infer<typeof farmStatusSchema>>;

/** What a person should hear while a search uses a farm. */
export const farmNewsSchema = z.strictObject({
  workers: count,
  places: count,
  /** Workers that are not given jobs of the run, and why. */
  unfit: z.array(z.strictObject({ worker: short, why: z.string() }).readonly()).readonly(),
  /** What keeps it from going on; null while all is well. */
  trouble: z.string().nullable(),
});
export type FarmNews = Readonly<z.infer<typeof farmNewsSchema>>;
