/** Settings of a search in words, for lists and title bars. */
import type { SearchSettings } from '../../preload/contract.ts';
import { settingsText } from './text.ts';
import { count, duration, fixed } from '../ground/words/format.ts';

/** True where the run has durations, measured or estimated, and not MACs in their place. */
export function hasLatency(settings: Pick<SearchSettings, 'latency'> | undefined): boolean {
  return settings !== undefined && settings.latency !== 'macs';
}

export function settingsInWords(settings: SearchSettings): string {
  return [
    settings.space,
    settingsText.latency[settings.latency],
    ...methodInWords(settings),
    budgetInWords(settings),
    `β ${fixed(settings.beta, 2)}`,
    settings.termCap === null ? null : settingsText.cap(settings.termCap),
    settingsText.batches(settings.batches, settings.batchSize),
    settings.maxParameters === null
      ? null
      : settingsText.maxParameters(count(settings.maxParameters)),
    settings.maxMacs === null ? null : settingsText.maxMacs(count(settings.maxMacs)),
    settings.maxLatencyMs === null ? null : settingsText.maxLatency(settings.maxLatencyMs),
    settingsText.seed(settings.seed),
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** Nothing for whole generations of NSGA-II, which say so by their number. */
function methodInWords({ search, inFlight }: SearchSettings): string[] {
  if (inFlight === null) return [];
  return [settingsText.search[search], settingsText.inFlight(inFlight)];
}

export function budgetInWords(settings: SearchSettings): string {
  const limits = [
    settings.generations === null
      ? null
      : settingsText.generations(settings.population, settings.generations),
    settings.candidates === null ? null : settingsText.candidates(settings.candidates),
    settings.seconds === null ? null : settingsText.time(duration(settings.seconds)),
  ];
  return limits.filter((limit) => limit !== null).join(', ');
}
