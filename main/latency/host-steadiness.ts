/** Whether this computer was fit to be measured on during a repeat. Pure. */
import type { ComputerLoad } from './load.ts';
import type { HostRequeueReason } from './host-measurement.ts';

/** Losing a larger share of the time than this moves a median by more than repeats may differ. */
const mostLost = 0.05;

export interface MeasuringComputer {
  readonly cores: number;
  /** With which the network computes. */
  readonly threads: number;
}

/**
 * How many cores others may keep busy: all that the network leaves, and a tenth of one. Whether they disturb it
 * even so is told by the time that it stood in line, and by repeats that scatter.
 */
export function sparedCores({ cores, threads }: MeasuringComputer): number {
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
  return load.otherCores > sparedCores(computer) ? 'other-programs' : null;
}
