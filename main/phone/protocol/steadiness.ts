/** What was wrong with one repeat on a phone. Pure. */
import { driftLimit, type Contradicts } from '../../latency/repeats.ts';
import type { CoreCluster } from '../../common/phones.ts';
import type { GateSettings, Repeat } from '../../latency/phone-measurement.ts';
import type { RequeueReason } from '../../common/phone-conditions.ts';

/** What was wrong with one repeat by itself; null where nothing was. */
export function faultOf(
  repeat: Omit<Repeat, 'discarded'>,
  cores: CoreCluster,
  { maxThermalStatus }: Pick<GateSettings, 'maxThermalStatus'>,
): RequeueReason | null {
  const { before, after } = repeat;
  const hot = [before, after].some(({ thermalStatus }) => (thermalStatus ?? 0) > maxThermalStatus);
  if (hot) return 'thermal-status';
  const fell = (from: readonly (number | null)[], to: readonly (number | null)[]): boolean =>
    cores.cores.some((core) => (to[core] ?? Infinity) < (1 - driftLimit) * (from[core] ?? 0));
  // A core's limit reveals throttling even if the core is idle again when it is read.
  const limits = fell(before.coreLimitKHz, after.coreLimitKHz);
  return limits || fell(repeat.coreKHzBefore, repeat.coreKHzAfter) ? 'frequency-fell' : null;
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
