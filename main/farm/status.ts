/** The state of a farm: who is there, what is waiting, what went wrong. */
import { Queue } from 'bullmq';
import { placesOf, unfitness, type FarmStatus } from '../common/farm.ts';
import { clockWarning, type Farm } from './connect.ts';
import { drainKey, lifetimes, queuePrefix, scoringQueue } from './keys.ts';
import { measuringQueue } from './measuring-jobs.ts';
import { readMeasuringRuns, readRuns, readWorkers } from './records.ts';

export async function readStatus(farm: Farm): Promise<FarmStatus> {
  const { redis } = farm;
  const [runs, measuring, workers] = await Promise.all([
    readRuns(redis),
    readMeasuringRuns(redis),
    readWorkers(redis),
  ]);
  const counted = await Promise.all(
    runs.records.map(async (run) => {
      const counts = await countsOf(farm, scoringQueue(run.run));
      const fitting = workers.records.filter(
        (worker) => unfitness(run, worker) === null && worker.unfit[run.run] === undefined,
      );
      const places = fitting.reduce((sum, { offer }) => sum + placesOf(offer, run.engine), 0);
      return { ...run, ...counts, places };
    }),
  );
  const phones = workers.records.flatMap((worker) => worker.phones);
  const models = new Set([
    ...phones.flatMap(({ model }) => model ?? []),
    ...measuring.records.map(({ model }) => model),
  ]);
  const phoneQueues = await Promise.all(
    [...models].sort().map(async (model) => {
      return { model, ...(await countsOf(farm, measuringQueue(model))) };
    }),
  );
  const info = await redis.info('server');
  const fact = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? null;
  const valkey = fact('valkey_version');
  return {
    url: farm.url,
    server: valkey === null ? `Redis ${fact('redis_version') ?? ''}` : `Valkey ${valkey}`,
    now: Date.now() + farm.clockOffsetMs,
    workers: workers.records,
    runs: counted,
    measuring: measuring.records,
    phoneQueues,
    foreign: [...runs.foreign, ...measuring.foreign, ...workers.foreign].slice(0, 20),
    warning: clockWarning(farm),
  };
}

async function countsOf(
  { redis }: Farm,
  name: string,
): Promise<{ readonly waiting: number; readonly active: number }> {
  const queue = new Queue(name, { connection: redis, prefix: queuePrefix });
  queue.on('error', () => undefined);
  const { wait: waiting = 0, active = 0 } = await queue.getJobCounts('wait', 'active');
  await queue.close();
  return { waiting, active };
}

/** Asks a worker to take no more jobs, or lets it take jobs again. */
export async function setDraining(farm: Farm, worker: string, drain: boolean): Promise<void> {
  if (drain) await farm.redis.set(drainKey(worker), '1', 'EX', lifetimes.drain);
  else await farm.redis.del(drainKey(worker));
}
