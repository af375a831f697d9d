/** What a run's candidates are counted by: generations, or blocks of twenty where its search has none. */
import { blockSize } from './settings/method.ts';
import type { SearchSettings } from './settings/index.ts';

export interface Periods {
  /** Of the number that stands beside it. */
  readonly title: string;
  /** In tables, which have little room. */
  readonly short: string;
  /** One of them, in a list of what points are coloured by. */
  readonly one: 'generation' | 'block';
  /** The period itself: `3`, or `61–80`; the last ends where the search does. */
  readonly of: (period: number) => string;
  /** How far everything up to its end goes: `3`, or `80`. */
  readonly upTo: (period: number) => string;
  /** In a sentence: `generation 3`, or `candidates 61–80`. */
  readonly named: (period: number) => string;
  /** How many there will be, and what the last one ends with; null where nothing says so. */
  readonly planned: number | null;
  readonly last: string | null;
  /** Of a candidate without parents. */
  readonly withoutParents: string;
}

type Deciding = Pick<SearchSettings, 'search' | 'inFlight' | 'generations' | 'candidates'>;

const ofGenerations = {
  title: 'Generation',
  short: 'Gen',
  one: 'generation',
  of: String,
  upTo: String,
  named: (period) => `generation ${period}`,
  withoutParents: 'random, first generation',
} as const satisfies Omit<Periods, 'planned' | 'last'>;

/** @param settings of the run; generations until they are known */
export function periodsOf(settings: Deciding | undefined): Periods {
  if (settings === undefined || settings.inFlight === null) {
    const planned = settings?.generations ?? null;
    return { ...ofGenerations, planned, last: planned === null ? null : String(planned - 1) };
  }
  const { search, candidates } = settings;
  const begin = (period: number): number => period * blockSize + 1;
  const end = (period: number): number => {
    const whole = (period + 1) * blockSize;
    return candidates === null ? whole : Math.max(begin(period), Math.min(whole, candidates));
  };
  const range = (period: number): string =>
    begin(period) === end(period) ? String(end(period)) : `${begin(period)}–${end(period)}`;
  return {
    ...{ title: 'Candidates', short: 'Block', one: 'block', of: range },
    upTo: (period) => String(end(period)),
    named: (period) =>
      `${begin(period) === end(period) ? 'candidate' : 'candidates'} ${range(period)}`,
    planned: candidates === null ? null : Math.ceil(candidates / blockSize),
    last: candidates === null ? null : String(candidates),
    withoutParents: search === 'guided' ? 'chosen by the model, or to begin with' : 'random',
  };
}
