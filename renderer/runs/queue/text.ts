/** Searches that wait for their turn, and sweeps of them. */
import { accuracyColumns } from '../../ground/words/accuracy-columns.ts';
import type { QueuedState } from '../../../preload/contract.ts';
import { duration, integer } from '../../ground/words/format.ts';
import { plural } from '../../ground/words/plural.ts';

const stateWords: Readonly<Record<QueuedState, string>> = {
  waiting: 'Waiting',
  beginning: 'Beginning',
  searching: 'Searching',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
};

export const queueText = {
  title: 'Queue',
  open: (left: number) => (left === 0 ? 'Queue' : `Queue (${integer(left)})`),
  table: 'Searches in the queue',
  empty: 'Nothing waits.',
  emptyHint:
    'Set up a search and choose “Add to queue”, or list values under “Sweep” for many at once.',
  newSearch: 'New search',
  left: (n: number) => `${plural(n, 'search', 'searches')} left`,
  about: (seconds: number, unknown: number) =>
    unknown > 0 ? `at least ${duration(seconds)}` : `about ${duration(seconds)}`,
  pause: 'Pause',
  pauseHint: 'The search at work goes on to its end; no other begins',
  goOn: 'Go on',
  paused: 'Paused: no search begins.',
  offered: (n: number) =>
    `The queue has ${plural(n, 'search', 'searches')} left from the last time.`,
  offeredHint: 'What was begun goes on where it got to.',
  look: 'Show the queue',
  dismiss: 'Not now',
  removeEnded: 'Remove ended',
  removeFailed: 'Remove all failed',
  order: 'Order',
  name: 'Name',
  state: 'State',
  actions: 'Actions',
  states: stateWords,
  up: (name: string) => `Move ${name} up`,
  down: (name: string) => `Move ${name} down`,
  remove: (name: string) => `Take ${name} out of the queue`,
  openRun: (name: string) => `Open ${name}`,
  retry: 'Try again',
  retryName: (name: string) => `Try ${name} again`,
  sweep: (title: string) => `Sweep ${title}`,
  compare: 'Side by side',
} as const;

export const sweepPageText = {
  title: (name: string) => `Sweep ${name}`,
  loading: 'Reading the runs…',
  progress: (ended: number, all: number) => `${integer(ended)} of ${integer(all)} ended`,
  runs: 'Runs side by side',
  groups: 'Searches that differ in their seeds alone: median (least to most)',
  run: 'Run',
  runsOfGroup: 'Runs',
  group: 'What sets them apart',
  allAlike: 'the seed alone',
  evaluated: 'Evaluated',
  failed: 'Failed',
  front: 'Front',
  bestScore: 'Best score',
  hypervolume: 'Hypervolume',
  regret: 'Regret',
  time: 'Time',
  none: '–',
  hypervolumeNote:
    'Hypervolume: the area that a front of scores dominates, as a share of the largest of its group; costs by their logarithm.',
  regretNote: (column: string) =>
    `Regret: what the front gives away of the accuracy on ${accuracyColumns[column] ?? column}, in percentage points, the mean over ten budgets of MACs; scored networks by their scores, against the best there are.`,
  notJudged: (reason: string) => `Regret could not be worked out: ${reason}`,
  noTruth: 'Accuracies of these networks are not known, so nothing is said about regret.',
  spread: (median: string, least: string, most: string) => `${median} (${least} to ${most})`,
  noGroup: 'Medians over seeds need at least two runs that have a front.',
} as const;
