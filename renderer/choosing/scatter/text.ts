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
  xMacs: (unit: string) => `MACs, ${unit}, for one image`,
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
