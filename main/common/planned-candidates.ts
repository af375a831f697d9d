/** How many candidates a search can have at most, by its budgets. */
import type { SearchSettings } from './settings/index.ts';

/** How many candidates the budgets and the space allow at most; null where only time limits the search. */
export function plannedCandidates(settings: SearchSettings, networks: number): number | null {
  const { population, generations, candidates } = settings;
  const planned = Math.min(
    generations === null ? Infinity : generations * population,
    candidates ?? Infinity,
  );
  return planned === Infinity ? null : Math.min(planned, networks);
}
