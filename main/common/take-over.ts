/** Which runs a new search may begin with the candidates of: those whose scores would come out again. */
import type { SearchSettings } from './settings/index.ts';

/** What decides a score beside network, images and engine. Beta does not: a run keeps ZiCo and bias apart. */
export const decidingScores = [
  'seed',
  'batches',
  'batchSize',
  'weights',
  'termCap',
  'biasSize',
  'biasLayers',
  'proxies',
] as const satisfies readonly (keyof SearchSettings)[];

/** Beside it, what decides a latency. */
export const decidingLatencies = [
  'latency',
  'phone',
  'intervalPercent',
  'repeats',
] as const satisfies readonly (keyof SearchSettings)[];

/** The settings that have to be equal for candidates of one run to be those of another. */
export function decidingSettings({
  latency,
}: Pick<SearchSettings, 'latency'>): readonly (keyof SearchSettings)[] {
  return latency === 'macs' ? decidingScores : [...decidingScores, ...decidingLatencies];
}

/** Those of them that differ. @param settings of the new search */
export function differingSettings(
  stored: SearchSettings,
  settings: SearchSettings,
): readonly (keyof SearchSettings)[] {
  const text = (value: unknown): string => JSON.stringify(value ?? null);
  return decidingSettings(settings).filter((key) => text(stored[key]) !== text(settings[key]));
}
