/** What a benchmark knows of a network: its score, its sizes, and what proxies say of it. */
import { proxies, type ProxyKey, type ProxyName } from '../common/proxies.ts';
import type { NetworkFacts } from '../common/predictors.ts';
import type { LayerStatistics, ProxyResult } from '../engine/engine.ts';

/** @param readings of the proxies that were asked for */
export function networkFacts(
  layers: readonly LayerStatistics[],
  readings: ProxyResult['readings'],
): NetworkFacts {
  const live = layers.filter(({ gradientNorms }) => gradientNorms.some((norm) => norm > 0));
  const values = Object.entries(readings).map(([name, { value }]): [ProxyKey, number | null] => [
    proxies[name as ProxyName].key,
    value,
  ]);
  return {
    layers: layers.length,
    liveLayers: live.length,
    lnChannels: layers.reduce((sum, { channels }) => sum + Math.log(channels), 0),
    proxies: Object.fromEntries(values),
  };
}
