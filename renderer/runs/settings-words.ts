/** Settings of a search in words, for lists and title bars. */
import { needsZico, proxiesComputed } from '../../main/common/objectives.ts';
import { proxies, proxyKeys, type ProxyKey } from '../../main/common/proxies.ts';
import { isTimed } from '../../main/common/latency-sources.ts';
import { settingsInWords, type SearchSettings } from '../../main/common/settings/index.ts';

/** True where the run has durations, measured or estimated, and not MACs in their place. */
export function hasLatency(settings: Pick<SearchSettings, 'latency'> | undefined): boolean {
  return settings !== undefined && isTimed(settings.latency);
}

type Ranked = Pick<SearchSettings, 'score' | 'proxies'>;

/** The proxies that every candidate of a run has, by key. */
export function proxiesOf(settings: Ranked | undefined): readonly ProxyKey[] {
  return settings === undefined ? [] : proxiesComputed(settings).map((name) => proxies[name].key);
}

/** Whether candidates have a figure that only some runs compute. */
export function isComputed(key: string, settings: Ranked | undefined): boolean {
  if (key === 'zico' || key === 'bias') return needsZico(settings?.score ?? 'zico-bc');
  const proxy = proxyKeys.find((one) => one === key);
  return proxy === undefined || proxiesOf(settings).includes(proxy);
}

export function settingsLine(settings: SearchSettings): string {
  return settingsInWords(settings).join(', ');
}
