/** Words of the form about many searches at once. */
import { presetChoices, type Preset } from '../../../main/common/settings/score.ts';
import { duration, integer } from '../../ground/words/format.ts';
import { plural } from '../../ground/words/plural.ts';

const own = (space: string): string => space.replace(/^own\//, '');

export const sweepText = {
  group: 'Sweep',
  open: 'Vary settings over several searches…',
  close: 'One search only',
  intro:
    'A search for every combination of what is listed here, in place of the values above. Fields left empty stay as above.',
  numbers: {
    seed: 'Seeds',
    beta: 'Strengths of bias correction (β)',
    maxMacs: 'Limits of MACs',
    maxParameters: 'Limits of parameters',
    maxLatencyMs: 'Limits of latency in ms',
  },
  hints: {
    seed: 'Such as 1, 2, 3 or 1-5: how much is chance',
    beta: 'Such as 0, 1, 2',
    maxMacs: 'Such as 20M, 80M',
    maxParameters: 'Such as 500k, 1.5M',
    maxLatencyMs: 'Such as 5, 10',
  },
  choices: { space: 'Spaces', preset: 'Presets', phone: 'Phones' },
  spacesHint: 'Each is searched with the images that ship for its task.',
  noPhones: 'No phone is ready.',
  twice: 'One of them is there twice.',
  faulty: (value: string, message: string) => `${value}: ${message}`,
  tooMany: (count: number, most: number) =>
    `That is ${plural(count, 'search', 'searches')}; at most ${integer(most)} are run.`,
  count: (n: number) => plural(n, 'search', 'searches'),
  chosen: (key: string, value: string): string => {
    if (key === 'space') return own(value);
    if (key === 'preset') return presetChoices[value as Preset].label.toLowerCase();
    if (key === 'phone') return value;
    if (key === 'maxMacs') return `${value} MACs`;
    if (key === 'maxParameters') return `${value} parameters`;
    if (key === 'maxLatencyMs') return `${value} ms`;
    return key === 'beta' ? `β ${value}` : `${key} ${value}`;
  },
} as const;

export const queueingText = {
  add: 'Add to queue',
  addSweep: (n: number) => `Add ${plural(n, 'search', 'searches')} to queue`,
  candidates: (n: number) => `for at most ${plural(n, 'candidate', 'candidates')} in all`,
  atLeast: (seconds: number) => `at least ${duration(seconds)}`,
  unknown: (n: number) =>
    `For ${plural(n, 'search', 'searches')} it is not known yet how long a candidate takes here.`,
  note: 'The queue runs its searches one after the other, whenever nothing else computes.',
} as const;
