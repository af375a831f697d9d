/** What was wrong with one repeat on a phone. Pure. */
import { LeastOfLate } from '../../latency/least-of-late.ts';
import { driftLimit, type Contradicts } from '../../latency/repeats.ts';
import type { CoreCluster } from '../../common/phones.ts';
import type { GateSettings, Repeat } from '../../latency/phone-measurement.ts';
import type { PhoneConditions, RequeueReason } from '../../common/phone-conditions.ts';

/**
 * What was wrong with one repeat by itself; null where nothing was.
 * @param highestLimitKHz of the cores in use, of late; 0 where it is not known
 */
export function faultOf(
  repeat: Omit<Repeat, 'discarded'>,
  cores: CoreCluster,
  { maxThermalStatus }: Pick<GateSettings, 'maxThermalStatus'>,
  highestLimitKHz = 0,
): RequeueReason | null {
  const { before, after } = repeat;
  const hot = [before, after].some(({ thermalStatus }) => (thermalStatus ?? 0) > maxThermalStatus);
  if (hot) return 'thermal-status';
  const fell = (from: readonly (number | null)[], to: readonly (number | null)[]): boolean =>
    cores.cores.some((core) => (to[core] ?? Infinity) < (1 - driftLimit) * (from[core] ?? 0));
  // A core's limit reveals throttling even if the core is idle again when it is read.
  const limits = fell(before.coreLimitKHz, after.coreLimitKHz);
  const limit = limitOf(after, cores);
  // A phone that throttles is often in one state for all repeats of a network, which then agree with each other.
  const limited = limit !== null && limit < (1 - driftLimit) * highestLimitKHz;
  const clocks = fell(repeat.coreKHzBefore, repeat.coreKHzAfter);
  return limits || limited || clocks ? 'frequency-fell' : null;
}

/** What the clock of the cores in use was limited to at its highest of late: heat lowers it, and so does power saving. */
export class HighestLimit {
  readonly #cores: CoreCluster;
  readonly #cycles = new LeastOfLate();

  constructor(cores: CoreCluster) {
    this.#cores = cores;
  }

  /** In kHz; 0 where nothing is known. */
  at(nowMs: number): number {
    return 1 / this.#cycles.at(nowMs);
  }

  note(nowMs: number, conditions: Pick<PhoneConditions, 'coreLimitKHz'>): void {
    const limit = limitOf(conditions, this.#cores);
    if (limit !== null) this.#cycles.note(nowMs, 1 / limit);
  }
}

function limitOf(
  { coreLimitKHz }: Pick<PhoneConditions, 'coreLimitKHz'>,
  { cores }: CoreCluster,
): number | null {
  const known = cores.flatMap((core) => coreLimitKHz[core] ?? []).filter((kHz) => kHz > 0);
  return known.length === 0 ? null : Math.max(...known);
}

/**
 * Repeats of one model have to be of one clock: one that ran slower than another, as the runner itself saw it after
 * its runs, says what a throttled phone does.
 */
export function slowerClock({ cores }: CoreCluster): Contradicts<RequeueReason, Repeat> {
  const clockOf = ({ coreKHzAfter }: Repeat): number | null => {
    const known = cores.flatMap((core) => coreKHzAfter[core] ?? []);
    // A core beside the one that ran may idle at a low clock.
    return known.length === 0 ? null : Math.max(...known);
  };
  return (one, counting) => {
    const own = clockOf(one);
    const highest = Math.max(...counting.map((other) => clockOf(other) ?? 0));
    return own !== null && own < (1 - driftLimit) * highest ? 'frequency-fell' : null;
  };
}
