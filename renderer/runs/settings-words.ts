/** Settings of a search in words, for lists and title bars. */
import { proxiesInText } from '../../main/common/proxies.ts';
import { isTimed } from '../../main/common/latency-sources.ts';
import { settingsInWords, type SearchSettings } from '../../main/common/settings/index.ts';

/** True where the run has durations, measured or estimated, and not MACs in their place. */
export function hasLatency(settings: Pick<SearchSettings, 'latency'> | undefined): boolean {
  return settings !== undefined && isTimed(settings.latency);
}

/** True where NEAR was asked about every candidate. */
export function asksNear(settings: Pick<SearchSettings, 'proxies'> | undefined): boolean {
  return proxiesInText(settings?.proxies ?? 'none')?.includes('near') === true;
}

export function settingsLine(settings: SearchSettings): string {
  return settingsInWords(settings).join(', ');
}
