/** English text of the searches on the page “Benchmarks”. */
import { benchmarkSpaceLabels } from '../../../main/common/benchmarks.ts';
import { duration, integer } from '../../ground/words/format.ts';

const count = (n: number, one: string): string => `${integer(n)} ${n === 1 ? one : `${one}s`}`;
const candidates = (n: number): string => count(n, 'candidate');

export const searchBenchmarksText = {
  tabs: 'What is judged',
  scores: 'Scores',
  searches: 'Searches',
  subtitle: 'Fronts of searches by real scores, judged by the accuracies of trained networks',

  form: 'New searches',
  space: 'Networks of',
  aboutSpace:
    'Tables with the accuracy of every network of a space after training: widths of a network of five stages, or cells of six operations.',
  spaces: benchmarkSpaceLabels,
  methods: 'Searches',
  method: { guided: 'Guided', nsga2: 'NSGA-II', random: 'At random' },
  noMethod: 'Choose at least one.',
  count: 'Candidates',
  aboutCount: 'How many networks each search scores.',
  seeds: 'Seeds',
  aboutSeeds:
    'How often each search is run, each time with another seed. Figures are medians over them, and the range from the least to the most.',
  seed: 'First seed',
  aboutSeed:
    'For images and initial weights, and for the first search; later searches take the seeds after it.',
  run: 'Run searches',
  cost: (scorings: number, seconds: number | null) =>
    `At most ${integer(scorings)} scorings${seconds === null ? '' : `, about ${duration(seconds)}`}. Scores are kept: what was scored before takes no time.`,

  running: 'Searches are running',
  starting: 'Drawing images and reading the table…',
  now: 'Now',
  search: (method: string, n: number, of: number) => `${method}, ${integer(n)} of ${integer(of)}`,
  progress: (done: number, all: number) => `${integer(done)} of ${candidates(all)}`,
  kept: 'Scores reused',
  timeLeft: 'Time left',
  noTime: 'not known yet',
  stop: 'Stop',
  announce: (done: number, all: number) => `${integer(done)} of ${candidates(all)} done.`,

  intro:
    'Searches go through networks that have all been trained, by scores alone. Then the accuracies say what their fronts are worth: how many points are lost by taking the front’s best network within a budget instead of the best there is, on average over ten budgets of MACs.',
  none: 'No searches have been judged yet.',
  results: 'Results',
  result: (space: string, n: number, seeds: number) =>
    `${space}, ${candidates(n)}, ${count(seeds, 'seed')}`,
  took: (seconds: number) => `in ${duration(seconds)}`,
  unreadable: 'A file that cannot be read',
  open: (name: string) => `Open ${name}`,
  delete: (name: string) => `Delete ${name}`,
  reallyDelete: (name: string) => `Really delete ${name}`,
  deleteNow: 'Delete',
  keep: 'Keep',

  measure: 'What is shown',
  measures: { regret: 'Regret', hypervolume: 'Hypervolume' },
  after: 'After how many candidates',
  title: {
    regret: 'Accuracy lost, in percentage points',
    hypervolume: 'Share of the true front’s hypervolume',
  },
  about: {
    regret: (budgets: string) =>
      `Mean over budgets of ${budgets} million MACs. Median of the seeds, from the least to the most in brackets and as a bar.`,
    hypervolume: () =>
      'Of fronts thinned to at most 20 networks each. Median of the seeds, from the least to the most in brackets and as a bar.',
  },
  front: 'Front of',
  networks: 'Networks',
  fronts: {
    offered: 'estimates, the whole space',
    scored: 'estimates, scored networks',
    raw: 'scores',
  },
  baselines: 'All networks, without a score',
  baseline: {
    parameters: 'By parameters',
    macs: 'By MACs',
    widths: 'By the sum of ln(channels)',
    accuracy: 'By the accuracy itself',
  },
  scoresBy: (computed: number, reused: number, by: string) =>
    `${integer(computed)} scores computed, ${integer(reused)} reused. Scored by ${by}.`,
} as const;
