/** The largest number of candidates that a search can have. */
import type { SearchSettings } from './settings/index.ts';

/** The most candidates that the budgets and the space allow; null if only time limits the search. */
export function plannedCandidates(settings: SearchSettings, networks: number): number | null {
  const { population, generations, candidates } = settings;
  const planned = Math.min(
    generations === null ? Infinity : generations * population,
    candidates ?? Infinity,
  );
  return planned === Infinity ? null : Math.min(planned, networks);
}
