/** Whether this computer was fit to be measured on during a repeat. Pure. */
import type { ComputerLoad } from './load.ts';
import type { HostRequeueReason } from './host-measurement.ts';
import { mostSlower } from './pace.ts';

/** Losing a larger share of the time than this moves a median by more than repeats may differ. */
const mostLost = 0.05;

export interface MeasuringComputer {
  readonly cores: number;
  /** With which the network computes. */
  readonly threads: number;
  /** What the same work took at best lately; Infinity where that is not known. */
  readonly bestPaceMs: number;
}

/**
 * How many cores others may keep busy: all that the network leaves, and a tenth of one. Whether they disturb it
 * even so is told by the time that it stood in line, and by repeats that scatter.
 */
export function sparedCores({
  cores,
  threads,
}: Pick<MeasuringComputer, 'cores' | 'threads'>): number {
  return Math.max(cores - threads, 0) + 0.1;
}

/**
 * What was wrong with one repeat by itself; null where nothing was. A figure that the system does not tell is
 * no fault.
 */
export function faultOfLoad(
  load: ComputerLoad,
  computer: MeasuringComputer,
): HostRequeueReason | null {
  if ((load.stolenShare ?? 0) > mostLost) return 'stolen-time';
  if ((load.waitedShare ?? 0) > mostLost) return 'waited-for-processor';
  if (load.otherCores > sparedCores(computer)) return 'other-programs';
  return isSlower(load, computer.bestPaceMs) ? 'slower-processor' : null;
}

const isSlower = ({ paceMs }: ComputerLoad, bestMs: number): boolean =>
  paceMs !== undefined && paceMs > (1 + mostSlower) * bestMs;

/** Repeats of one network have to be of one pace: one that a later one shows to have been slow does not count. */
export function slowerThanOthers(
  { load }: { readonly load: ComputerLoad },
  counting: readonly { readonly load: ComputerLoad }[],
): HostRequeueReason | null {
  const best = Math.min(...counting.map((one) => one.load.paceMs ?? Infinity));
  return isSlower(load, best) ? 'slower-processor' : null;
}
