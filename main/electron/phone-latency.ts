/** What a phone measured, as the window shows it. */
import type { PhoneLatency } from '../../preload/contract.ts';
import type { Latency } from '../latency/latency.ts';

/** Null where no phone measured, or a light read left the measurement out. */
export function phoneLatencyOf({ conditions, measurement }: Latency): PhoneLatency | null {
  const { phone } = conditions;
  if (!phone || !measurement) return null;
  const { serial, model, chip, android, worker = null } = phone;
  const { unsteady, drift, settings } = measurement;
  const { name, engine, version, precision, provider } = measurement.runner;
  const { cores, maxKHz } = measurement.cores;
  return {
    ...{ serial, model, chip, android, worker, unsteady, drift },
    runner: { name, engine, version, precision, provider },
    placement: measurement.placement ?? null,
    ...{ threads: settings.threads, warmUp: settings.warmUp, cores: { cores, maxKHz } },
    repeats: measurement.repeats.map(
      ({ latenciesMs, before, after, coreKHzBefore, coreKHzAfter, discarded }) => {
        return { latenciesMs, before, after, coreKHzBefore, coreKHzAfter, discarded };
      },
    ),
  };
}
