/** What was wrong with one repeat on a phone. Pure. */
import { driftLimit } from '../../latency/repeats.ts';
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
