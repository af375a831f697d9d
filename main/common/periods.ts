/** What a run's candidates are counted by: generations, or blocks of twenty where its search has none. */
import { blockSize } from './settings/method.ts';
import type { SearchSettings } from './settings/index.ts';

export interface Periods {
  /** Of the number that stands beside it. */
  readonly title: string;
  /** In tables, which have little room. */
  readonly short: string;
  /** The period itself: `3`, or `61–80`. */
  readonly of: (period: number) => string;
  /** In a sentence: `generation 3`, or `candidates 61–80`. */
  readonly named: (period: number) => string;
  /** How many there will be, and what the last one ends with; null where nothing says so. */
  readonly planned: number | null;
  readonly last: string | null;
  /** Of a candidate without parents. */
  readonly withoutParents: string;
}

type Deciding = Pick<SearchSettings, 'search' | 'inFlight' | 'generations' | 'candidates'>;

const ofGenerations: Omit<Periods, 'planned' | 'last'> = {
  title: 'Generation',
  short: 'Gen',
  of: String,
  named: (period) => `generation ${period}`,
  withoutParents: 'random, first generation',
};

const range = (period: number): string => `${period * blockSize + 1}–${(period + 1) * blockSize}`;

/** @param settings of the run; generations until they are known */
export function periodsOf(settings: Deciding | undefined): Periods {
  if (settings === undefined || settings.inFlight === null) {
    const planned = settings?.generations ?? null;
    return { ...ofGenerations, planned, last: planned === null ? null : String(planned - 1) };
  }
  const { search, candidates } = settings;
  return {
    ...{ title: 'Candidates', short: 'Block', of: range },
    named: (period) => `candidates ${range(period)}`,
    planned: candidates === null ? null : Math.ceil(candidates / blockSize),
    last: candidates === null ? null : String(candidates),
    withoutParents: search === 'guided' ? 'chosen by the model, or to begin with' : 'random',
  };
}
