/** A latency with all that is known of how it was taken, as the window shows it. */
import type { MeasuredLatency } from '../../preload/contract.ts';
import { boundsOf } from '../latency/bounds.ts';
import { conditionsInWords } from '../latency/conditions.ts';
import type { Latency } from '../latency/latency.ts';
import { phoneLatencyOf } from './phone-latency.ts';

export function measuredLatencyOf(latency: Latency): MeasuredLatency {
  const { latencyMs, p90Ms, minMs, runsMs, conditions } = latency;
  return {
    ...{ latencyMs, p90Ms, minMs, runsMs: [...runsMs] },
    conditions: conditionsInWords(conditions),
    bounds: boundsOf(latency),
    phone: phoneLatencyOf(latency),
    unsteady: [...(conditions.host?.unsteady ?? [])],
  };
}
