/** Leaves what a worker found out where the search fetches it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Farm } from './connect.ts';
import { isPassing } from './failures.ts';
import { lifetimes, resultKey } from './keys.ts';
import type { WorkerTally } from './tally.ts';

export const emptyHandedMs = 2000;

/** While the Redis is full or away the answer waits here. */
export async function storeAnswer(
  { redis }: Farm,
  id: string,
  answer: object,
  tally: WorkerTally,
): Promise<void> {
  const text = JSON.stringify(answer);
  for (;;) {
    try {
      await redis.set(resultKey(id), text, 'EX', lifetimes.result);
      return;
    } catch (error) {
      if (!isPassing(error)) throw error;
      tally.error((error as Error).message);
      await sleep(emptyHandedMs);
    }
  }
}
