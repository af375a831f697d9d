/** The page of a search: progress, chart, timeline, bias and table. */
import { integer } from '../ground/words/format.ts';

export const runText = {
  loading: 'Opening the run…',
  back: 'Back to the searches',
  notOpened: 'This run could not be opened.',
  pause: 'Pause',
  pauseHint: 'What is being scored or measured ends first; the engine and phones stay ready.',
  stop: 'Stop',
  stopHint:
    'Ends the search and closes its file. Every finished candidate is kept; it can be resumed later.',
  resume: 'Resume',
  readOnly: 'read-only',
  progress: 'Progress',
  candidates: 'candidates',
  of: 'of',
  rate: 'Rate',
  aMinute: 'a minute',
  timeLeft: 'Time left',
  elapsed: 'Time taken',
  failed: 'Failed',
  generation: 'Generation',
  now: 'Now',
  best: 'Highest score',
  phase: {
    idle: 'Idle',
    preparing: 'Preparing',
    scoring: 'Scoring',
    measuring: 'Measuring',
  },
  onThisComputer: 'on this computer',
  announce: (done: number, planned: number | null, state: string) =>
    `${state}. ${integer(done)}${planned === null ? '' : ` of ${integer(planned)}`} candidates evaluated.`,
  noValue: 'not known yet',
} as const;

export const chartText = {
  title: 'Pareto front',
  count: (front: number, all: number) => `${integer(front)} of ${integer(all)}`,
  label: 'Score against cost of every candidate. The table Candidates below holds the same values.',
  fit: 'Fit',
  fitKeys: 'Fit (F)',
  scoreName: (beta: number, capped: boolean) =>
    `${beta === 0 ? 'ZiCo' : 'ZiCo-BC'}${capped ? ', capped' : ''}`,
  yTitle: (name: string, beta: string) => `Score, ${name} at β ${beta}`,
  xLatency: 'Latency, ms, measured on the computer that searched',
  xLatencyWith: (conditions: string) =>
    `Latency in ms: ${conditions.charAt(0).toLowerCase()}${conditions.slice(1).replace(/\.$/, '')}`,
  xMacs: (unit: string) => `MACs, ${unit}, for one image`,
  ghost: (beta: string) => `front at β ${beta}`,
  knee: 'knee',
  bestUnderCap: 'best under cap',
  empty: 'The first points appear when a candidate has been scored and measured.',
  emptyFinished: 'No candidate was evaluated.',
  cardScore: 'Score',
  cardLatency: 'Latency',
  cardMacs: 'MACs, parameters',
  generationOf: (n: number) => `generation ${n}`,
} as const;

export const timelineText = {
  label: 'Generation',
  play: 'Play the search back (Space)',
  pause: 'Pause (Space)',
  live: 'following live',
  latest: 'all generations',
  playback: 'playback',
  hypervolume: 'hypervolume',
  valueText: (n: number, last: number) => `Generation ${n} of ${last}`,
} as const;

export const biasText = {
  title: 'Bias',
  cap: 'Term cap',
  beta: 'Correction β',
  zero: '0 ZiCo',
  plainColumn: 'ZiCo, β 0',
  nowColumn: (beta: string) => `ZiCo-BC, β ${beta}`,
  channels: 'Mean channels on the front;',
  hollow: 'hollow: β 0',
  meaning: (before: string, after: string) =>
    before === after
      ? `Mean width of the front is ${after}, as with plain ZiCo.`
      : `Mean width of the front goes from ${before} with plain ZiCo to ${after}.`,
  kept: (kept: number, before: number) =>
    `${kept} of the ${before} on the front of plain ZiCo ${kept === 1 ? 'is' : 'are'} still on it.`,
  waiting: 'What β does to the front shows here once there is a front.',
} as const;

export const tableText = {
  label: 'Candidates',
  region: 'Table of candidates',
  filter: 'Which candidates',
  front: 'Front',
  all: 'All',
  failed: 'Failed',
  candidate: 'Candidate',
  genotype: 'Genotype',
  score: (name: string, beta: string) => `${name}, β ${beta}`,
  latency: 'Latency, ms',
  zico: 'ZiCo',
  bias: 'Bias',
  macs: (unit: string) => `MACs${unit && `, ${unit}`}`,
  parameters: (unit: string) => `Params${unit && `, ${unit}`}`,
  generation: 'Gen',
  reason: 'Reason',
  emptyFront: 'The front is empty: nothing has been evaluated yet.',
  emptyAll: 'No candidate yet.',
  emptyFailed: 'Nothing failed.',
} as const;
