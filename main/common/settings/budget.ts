/** How long a search runs, and its seed. At least one limit is set. */
import { duration, integer, plural } from '../figures.ts';
import { seedRange, wholeNumberFault } from '../ranges.ts';
import { numberSetting } from './describe.ts';
import { generational, generationalDefaults, usualCandidates } from './method.ts';

const firstLimit = 'The first limit reached ends the search';
const countFault = 'A whole number, 1 or more, or empty for no limit.';
const noLimit = 'no limit';

export const budgetSettings = {
  population: numberSetting({
    range: { from: 4, to: 10_000, whole: true },
    optional: false,
    initial: 20,
    option: { flags: '--population <n>', help: 'nsga2: networks in a generation' },
    field: {
      group: 'budget',
      shownFor: generational,
      label: 'Population',
      hint: 'Networks in a generation',
      about:
        'In each generation the search keeps this many networks and proposes as many new ones. A larger population looks in more places; a smaller one gets more generations out of the same time.',
      fault: 'A whole number from 4 to 10,000.',
    },
  }),
  generations: numberSetting({
    range: { from: 1, whole: true },
    optional: true,
    initial: null,
    unshown: null,
    option: {
      flags: '--generations <n>',
      help: 'nsga2: stop after this many generations',
      leftOut: `${generationalDefaults.generations} with nsga2, unless --candidates or --time is given`,
    },
    field: {
      group: 'budget',
      shownFor: generational,
      label: 'Generations',
      hint: 'Each keeps the best and varies them',
      about:
        'In each generation the best networks are recombined and varied. Population times generations is the number of candidates, and so the time.',
      fault: countFault,
      empty: noLimit,
    },
    words: (generations, { population }: { readonly population: number }) =>
      generations === null
        ? null
        : `${integer(population)} × ${plural(generations, 'generation', 'generations')}`,
  }),
  candidates: numberSetting({
    range: { from: 1, whole: true },
    optional: true,
    initial: usualCandidates,
    option: {
      flags: '--candidates <n>',
      help: 'stop after this many candidates',
      leftOut: `${usualCandidates} unless --search nsga2 or --time is given`,
    },
    field: {
      group: 'budget',
      rare: generational,
      label: 'Candidates, at most',
      hint: firstLimit,
      about:
        'The most networks that are scored, in all generations together. The search takes longer the more there are.',
      fault: countFault,
      empty: noLimit,
    },
    words: (candidates) =>
      candidates === null ? null : `at most ${plural(candidates, 'candidate', 'candidates')}`,
  }),
  seconds: numberSetting({
    range: { above: 0, whole: false },
    optional: true,
    initial: null,
    option: {
      flags: '--time <duration>',
      help: 'stop after this time, such as 90s, 15m, 1h30m',
      reads: 'duration',
    },
    field: {
      group: 'budget',
      place: 2,
      rare: true,
      label: 'Time in minutes, at most',
      hint: firstLimit,
      about: 'The search ends after this time, whatever it has found. All of it is kept.',
      fault: 'Minutes above 0, or empty for no limit.',
      empty: noLimit,
      unit: 60,
      from: 1 / 60,
      to: 525_600,
    },
    words: (seconds) => (seconds === null ? null : `at most ${duration(seconds)}`),
  }),
  seed: numberSetting({
    range: { ...seedRange, whole: true },
    optional: false,
    initial: 0,
    option: { flags: '--seed <n>', help: 'seed of all random choices' },
    field: {
      group: 'search',
      label: 'Seed',
      hint: 'The same seed gives the same search',
      about:
        'All randomness comes from this number: which networks come first, which images are used, which initial weights. The same seed with the same settings finds the same networks again.',
      fault: wholeNumberFault(seedRange),
    },
    words: (seed) => `seed ${seed}`,
  }),
};
