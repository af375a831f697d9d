/** The chart of a search and its timeline. */
import { integer } from '../../ground/words/format.ts';

export const scatterText = {
  title: 'Pareto front',
  count: (front: number, all: number) => `${integer(front)} of ${integer(all)}`,
  label: 'Score against cost of every candidate. The table Candidates below holds the same values.',
  fit: 'Fit',
  fitKeys: 'Fit (F)',
  yTitle: (name: string, beta: string | null) =>
    beta === null ? `Score, ${name}` : `Score, ${name} at β ${beta}`,
  yEstimate: (name: string) => `Estimated score, ${name}`,
  xLatency: 'Latency, ms, measured on the computer that searched',
  xLatencyWith: (conditions: string) =>
    `Latency in ms: ${conditions.charAt(0).toLowerCase()}${conditions.slice(1).replace(/\.$/, '')}`,
  xMacs: (unit: string) => `MACs, ${unit === '' ? '' : `${unit}, `}for one image`,
  ghost: (beta: string) => `front at β ${beta}`,
  alike: (pairs: number, neighbours: number) =>
    `${integer(pairs)} of ${integer(neighbours)} neighbours differ by less than their errors`,
  alikeFull:
    'Neighbours on the front whose latencies differ by less than their errors: which of the two is faster is not known.',
  knee: 'knee',
  bestUnderCap: 'best under cap',
  empty: 'The first points appear once a candidate has been scored and measured.',
  emptyFinished: 'No candidate has been evaluated.',
  cardScore: 'Score',
  cardLatency: 'Latency',
} as const;

export const timelineText = {
  upTo: 'Up to',
  play: 'Play the search back (Space)',
  pause: 'Pause (Space)',
  live: 'following live',
  latest: 'all candidates',
  playback: 'playback',
  hypervolume: 'hypervolume',
  valueText: (period: string, last: string) => `Up to ${period}, of ${last}`,
} as const;

/** Filters that are typed, and those with a name. */
export const filtersText = {
  title: 'Filters',
  hint: 'Type a range, keep filters under a name',
  measure: 'Of',
  from: 'From',
  to: 'Up to',
  keep: 'Keep what is between',
  noNumber: 'A number, or nothing for an open end.',
  backwards: 'It ends before it begins.',
  saveAs: 'Save as',
  example: 'for the watch',
  inactive: 'Nothing is filtered',
  save: 'Save',
  replace: 'Replace',
  full: (most: number) => `${most} filters are kept already. Delete one of them first.`,
  saved: 'Saved filters',
  apply: (name: string) => `Apply the filter ${name}`,
  remove: (name: string) => `Delete the filter ${name}`,
  applied: (name: string) => `Filtered by ${name}.`,
  missing: (titles: readonly string[]) =>
    `This search has no ${titles.join(' and no ')}: that part of the filter was left out.`,
  useless: (titles: readonly string[]) =>
    `This search has no ${titles.join(' and no ')}: the filter was not applied.`,
  notHere: (title: string) => `${title} (not in this search)`,
  kept: 'Saved filters are there for every search.',
} as const;
