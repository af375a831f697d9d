/** Removes queues of searches that ended without notice and were never resumed. */
import { Queue } from 'bullmq';
import type { Farm } from './connect.ts';
import { measuringRunsKey, queuePrefix, runsKey, scoringQueue } from './keys.ts';
import { withdrawRun } from './records.ts';

/** @param nowMs by the server's clock */
export async function sweep(farm: Farm, nowMs: number, ageSeconds: number): Promise<void> {
  const latest = Math.round(nowMs / 1000) - ageSeconds;
  for (const run of await farm.redis.zrangebyscore(runsKey, 0, latest, 'LIMIT', 0, 20)) {
    if (!/^[a-z0-9-]{1,80}$/.test(run)) continue;
    await emptyQueue(farm, scoringQueue(run));
    await withdrawRun(farm.redis, run);
  }
  // What they left in the queues of phones is thrown away by the phones.
  await farm.redis.zremrangebyscore(measuringRunsKey, 0, latest);
}

/** Discards the jobs that wait in a queue, and the queue. */
export async function emptyQueue(farm: Farm, name: string): Promise<void> {
  const queue = new Queue(name, { connection: farm.redis, prefix: queuePrefix });
  queue.on('error', () => undefined);
  await queue.obliterate({ force: true });
  await queue.close();
}
