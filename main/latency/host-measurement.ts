/**
 * What is stored of a latency that this computer measured: every repeat, with what else the computer was doing.
 */
import type { ComputerLoad } from './load.ts';
import type { Drifting, TimedRepeat } from './repeats.ts';

/**
 * Why a repeat does not count: other programs left too little of the computer, the host of the virtual machine
 * gave time to others, the network had to wait for a processor, or the processor was slower than it can be.
 */
export type HostRequeueReason =
  'other-programs' | 'stolen-time' | 'waited-for-processor' | 'slower-processor';

export interface HostRepeat extends TimedRepeat<HostRequeueReason> {
  /** From the pause before the repeat to its last run. */
  readonly load: ComputerLoad;
}

export interface HostMeasurement {
  readonly repeats: readonly HostRepeat[];
  /** Why the figure never became steady; empty where it did. */
  readonly unsteady: readonly (HostRequeueReason | Drifting)[];
}
