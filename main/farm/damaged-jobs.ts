/**
 * Jobs that the queue itself cannot read: it takes them, fails, and takes them again whenever their lease is over.
 * A search asks again for what was its own.
 */
import type { Worker } from 'bullmq';
import type { Farm } from './connect.ts';
import { isOfAnotherKind } from './failures.ts';

/** What the queue parses of a job. */
const parsed = ['data', 'opts', 'progress', 'parent'] as const;
const mostLooked = 1000;

/** True for what the queue throws over such a job. */
export function isOfDamagedJob(error: unknown): boolean {
  return error instanceof SyntaxError || isOfAnotherKind(error);
}

/** Throws away those that somebody has taken; how many they were. */
export async function discardDamaged(
  { redis }: Pick<Farm, 'redis'>,
  queue: Pick<Worker, 'toKey'>,
): Promise<number> {
  let discarded = 0;
  for (const id of await redis.lrange(queue.toKey('active'), 0, mostLooked - 1)) {
    const key = queue.toKey(id);
    if (await isReadable(redis, key)) continue;
    await redis.lrem(queue.toKey('active'), 0, id);
    await redis.unlink(key, `${key}:lock`);
    discarded++;
  }
  return discarded;
}

async function isReadable(redis: Farm['redis'], key: string): Promise<boolean> {
  try {
    // One that is gone has been finished meanwhile.
    for (const text of await redis.hmget(key, ...parsed)) if (text) JSON.parse(text);
    return true;
  } catch (error) {
    if (isOfDamagedJob(error)) return false;
    throw error;
  }
}
