/** Where a search of a sweep, or of a queue, stands, by its run file alone: so that whoever was killed can go on. */
import { existsSync, statSync } from 'node:fs';
import type { RunStatus } from '../common/run-states.ts';

/** `begins`: there is nothing but perhaps its name; `goes-on`: it was begun; `finished`: nothing is left to do. */
export type SweepStep = 'begins' | 'goes-on' | 'finished';

/**
 * @param statusOf reads the run's status
 * Throws what that throws: a file that is there and cannot be read is not begun anew.
 */
export async function sweepStepOf(
  run: string,
  statusOf: (run: string) => RunStatus | Promise<RunStatus>,
): Promise<SweepStep> {
  if (!hasRun(run)) return 'begins';
  return (await statusOf(run)) === 'finished' ? 'finished' : 'goes-on';
}

/** An empty file only reserves a name. */
export function hasRun(run: string): boolean {
  return existsSync(run) && statSync(run).size > 0;
}
