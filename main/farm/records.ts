/** Records of searches that announce themselves and of workers that give signs of life. All expire by themselves. */
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import {
  farmRunSchema,
  measuringRunSchema,
  workerRecordSchema,
  type FarmRun,
  type MeasuringRun,
  type WorkerRecord,
} from '../common/farm.ts';
import {
  lifetimes,
  limits,
  measuringRunKey,
  measuringRunsKey,
  mostRecords,
  runKey,
  runsKey,
  workerKey,
  workersKey,
} from './keys.ts';

/** The records that are ours, and the keys of those that are not. */
export interface Records<T> {
  readonly records: readonly T[];
  readonly foreign: readonly string[];
}

export async function announceRun(redis: Redis, run: FarmRun, nowMs: number): Promise<void> {
  await announce(redis, run, runKey(run.run), runsKey, nowMs);
}

export async function announceMeasuring(
  redis: Redis,
  run: MeasuringRun,
  nowMs: number,
): Promise<void> {
  await announce(redis, run, measuringRunKey(run.run), measuringRunsKey, nowMs);
}

async function announce(
  redis: Redis,
  run: FarmRun | MeasuringRun,
  key: string,
  set: string,
  nowMs: number,
): Promise<void> {
  await redis
    .pipeline()
    .set(key, JSON.stringify(run), 'EX', lifetimes.record)
    .zadd(set, Math.round(nowMs / 1000), run.run)
    .exec()
    .then(assertDone);
}

export async function withdrawRun(redis: Redis, run: string): Promise<void> {
  await redis.pipeline().del(runKey(run)).zrem(runsKey, run).exec();
}

export async function withdrawMeasuring(redis: Redis, run: string): Promise<void> {
  await redis.pipeline().del(measuringRunKey(run)).zrem(measuringRunsKey, run).exec();
}

export async function announceWorker(redis: Redis, worker: WorkerRecord): Promise<void> {
  await redis
    .pipeline()
    .set(workerKey(worker.id), JSON.stringify(worker), 'EX', lifetimes.record)
    .sadd(workersKey, worker.id)
    .exec()
    .then(assertDone);
}

export async function withdrawWorker(redis: Redis, worker: string): Promise<void> {
  await redis.pipeline().del(workerKey(worker)).srem(workersKey, worker).exec();
}

export async function readRuns(redis: Redis): Promise<Records<FarmRun>> {
  return oldestFirst(await read(redis, await latest(redis, runsKey), runKey, farmRunSchema));
}

export async function readMeasuringRuns(redis: Redis): Promise<Records<MeasuringRun>> {
  const names = await latest(redis, measuringRunsKey);
  return oldestFirst(await read(redis, names, measuringRunKey, measuringRunSchema));
}

/** Null where nobody searches by this name. */
export async function readMeasuringRun(redis: Redis, run: string): Promise<MeasuringRun | null> {
  const { records } = await read(redis, [run], measuringRunKey, measuringRunSchema);
  return records[0] ?? null;
}

const latest = (redis: Redis, set: string) => redis.zrevrange(set, 0, mostRecords - 1);

function oldestFirst<T extends { readonly since: number; readonly run: string }>({
  records,
  foreign,
}: Records<T>): Records<T> {
  const sorted = [...records].sort((a, b) => a.since - b.since || (a.run < b.run ? -1 : 1));
  return { records: sorted, foreign };
}

export async function readWorkers(redis: Redis): Promise<Records<WorkerRecord>> {
  const names = (await redis.smembers(workersKey)).slice(0, mostRecords).sort();
  const { records, foreign, gone } = await read(redis, names, workerKey, workerRecordSchema);
  if (gone.length > 0) await redis.srem(workersKey, ...gone);
  return {
    records: records.sort((a, b) => a.name.localeCompare(b.name) || a.since - b.since),
    foreign,
  };
}

async function read<T extends { readonly run?: string; readonly id?: string }>(
  redis: Redis,
  names: readonly string[],
  keyOf: (name: string) => string,
  schema: z.ZodType<T>,
) {
  const ours = names.filter((name) => /^[a-z0-9-]{1,80}$/.test(name));
  const pipeline = redis.pipeline();
  // Reads no more than the largest of our records, whatever is there.
  for (const name of ours) pipeline.getrange(keyOf(name), 0, limits.record);
  const answers = (await pipeline.exec()) ?? [];
  const records: T[] = [];
  const foreign = names.filter((name) => !ours.includes(name)).map((name) => shortened(name));
  const gone: string[] = [];
  for (const [i, name] of ours.entries()) {
    const [error, text] = (answers[i] ?? [null, '']) as [Error | null, string];
    if (error === null && text === '') {
      gone.push(name);
      continue;
    }
    const record = error === null && text.length <= limits.record ? parsed(schema, text) : null;
    if (record !== null && (record.run ?? record.id) === name) records.push(record);
    else foreign.push(keyOf(name));
  }
  return { records, foreign, gone };
}

function parsed<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const shortened = (name: string): string => JSON.stringify(name.slice(0, 60));

/** Throws if a command of a pipeline failed: the pipeline itself resolves all the same. */
export function assertDone(answers: readonly [Error | null, unknown][] | null): void {
  const error = answers?.find(([one]) => one !== null)?.[0];
  if (error) throw error;
}
