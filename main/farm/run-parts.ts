/** What a search puts into the farm once for a run, where its workers read it. */
import { reportOf, WorkbenchError } from '../errors.ts';
import type { Farm } from './connect.ts';
import { farmFailure, isOfAnotherKind, isPassing } from './failures.ts';
import type { WorkerTally } from './tally.ts';

export interface RunPart<Packed, Part> {
  readonly name: 'images' | 'settings';
  readonly key: string;
  /** Null where nothing is there. */
  readonly read: () => Promise<Packed | null>;
  /** Throws where it is not what the search puts there. */
  readonly unpack: (packed: Packed) => Part;
}

/**
 * Whatever else lies under the key makes room for what the search will put there again. Throws WorkbenchError
 * `farm-work-missing`, by name what the Redis refuses, and as it comes what passes.
 */
export async function readRunPart<Packed, Part>(
  { name, key, read, unpack }: RunPart<Packed, Part>,
  farm: Farm,
  tally: WorkerTally,
): Promise<Part> {
  let packed: Packed | null = null;
  let odd: string | null = null;
  try {
    packed = await read();
  } catch (error) {
    if (isPassing(error)) throw error;
    const failure = farmFailure(error, farm.url);
    if (!isOfAnotherKind(error)) throw failure;
    odd = failure.message;
  }
  if (packed !== null) {
    try {
      return unpack(packed);
    } catch (error) {
      odd = reportOf(error).message;
    }
  }
  if (odd !== null) {
    tally.error(odd);
    await farm.redis.unlink(key);
  }
  throw new WorkbenchError(
    'farm-work-missing',
    `The farm does not have the ${name} of the run.`,
    'The search puts them there again.',
  );
}
