/** How a machine's processors are divided among scoring processes. */
import { WorkbenchError } from '../errors.ts';
import type { Known } from '../common/known.ts';

export interface ScoringLayout {
  /** Scoring processes, each with a candidate of its own. */
  readonly workers: number;
  /** Threads of each. */
  readonly threads: number;
}

export interface LayoutWishes {
  /** Threads of all scoring processes together; absent or null: decided by the machine's size. */
  readonly threads?: number | null | undefined;
  /** Absent: as with `auto`. */
  readonly workers?: number | 'auto' | undefined;
}

/** Networks beyond this size gain nothing from more threads, and the window needs some as well. */
const mostThreads = 8;
/** More processes than this wait for memory, not for processors. */
const mostWorkers = 32;
/** A process with less memory can score hardly anything. */
const leastBytes = 512 * 2 ** 20;

/** Threads of an engine for which no number was given. */
export function defaultThreads(processors: number): number {
  return Math.min(processors, mostThreads);
}

/**
 * The layouts worth considering, that of a single process first; where there are two, measuring decides.
 * @param processors of this computer
 * @param memoryBytes of all scoring processes together
 * @throws WorkbenchError `too-many-workers` for more processes than threads
 */
export function layoutsFor(
  { threads, workers = 'auto' }: LayoutWishes,
  processors: number,
  memoryBytes: number,
): readonly [ScoringLayout, ...ScoringLayout[]] {
  const one: ScoringLayout = { workers: 1, threads: threads ?? defaultThreads(processors) };
  if (workers !== 'auto') {
    const together = threads ?? Math.max(one.threads, workers);
    if (workers > together) {
      throw new WorkbenchError(
        'too-many-workers',
        `${workers} scoring processes cannot share ${together} threads: each needs one.`,
        `Ask for at most ${together} processes, or for more threads.`,
      );
    }
    return [{ workers, threads: Math.floor(together / workers) }];
  }
  const room = Math.max(1, Math.floor(memoryBytes / leastBytes));
  const several = Math.min(threads ?? processors, mostWorkers, room);
  return several > 1 ? [one, { workers: several, threads: 1 }] : [one];
}

/**
 * The layouts of an engine whose scores depend on the threads of a process: single threads first, because
 * with them the scores of every computer are the same.
 * @param settled threads of a process that earlier sessions of the run had; null where they are free
 */
export function layoutsOfFixedThreads(
  wishes: LayoutWishes,
  settled: number | null,
  processors: number,
  memoryBytes: number,
): readonly [ScoringLayout, ...ScoringLayout[]] {
  const layouts = layoutsFor(wishes, processors, memoryBytes);
  const [last, ...others] = [...layouts].reverse() as Known<ScoringLayout>;
  if (settled === null) return [last, ...others];
  // As many processes as machine and request allow, with the threads that the scores require.
  const wanted = typeof wishes.workers === 'number' ? wishes.workers : Infinity;
  const together = last.workers * last.threads;
  const room = Math.max(1, Math.floor(together / settled));
  return [{ workers: Math.min(wanted, room), threads: settled }];
}
