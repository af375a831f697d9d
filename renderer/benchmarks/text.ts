/** English text of the page “Benchmarks”. */
import { accuracyColumns } from '../ground/words/accuracy-columns.ts';
import { predictorLabels } from '../../main/common/predictors.ts';
import { benchmarkSpaceLabels, type BenchmarkSettings } from '../../main/common/benchmarks.ts';
import { integer } from '../ground/words/format.ts';

const networks = (n: number): string => `${integer(n)} ${n === 1 ? 'network' : 'networks'}`;

export const benchmarksText = {
  title: 'Benchmarks',
  subtitle: 'Scores compared with known accuracies of trained networks',
  running: 'Running a benchmark',
  run: 'Run benchmark',
  stop: 'Stop',
  form: 'A new benchmark',
  space: 'Space',
  spaces: benchmarkSpaceLabels,
  spaceAbout:
    'NATS-Bench’s networks differ in widths alone; test accuracies after 90 epochs. Those of NAS-Bench-201 differ in what connects the nodes of a cell; validation accuracies after 200 epochs. A score can be good in one and bad in the other.',
  draws: 'Draws',
  drawsOf: (n: number) => (n === 1 ? 'one' : `${n}, means and intervals over them`),
  drawsAbout:
    'How often every network is scored, with other images and other initial weights. Figures are means over the draws, and their intervals say how much these move them.',
  count: 'Networks',
  seed: 'Seed',
  weights: 'Initial weights',
  repeatability: 'Score twice more',
  repeatabilityHint:
    'The same networks with other initial weights and with other batches: how well do the ranks repeat?',
  data: (batches: number, images: number) =>
    `${batches} batches of ${images} CIFAR-10 images that ship with the Workbench`,
  cost: (scorings: number, duration: string) =>
    `${integer(scorings)} scorings, about ${duration}, judging by what was measured here.`,
  costUnknown: (scorings: number) =>
    `${integer(scorings)} scorings; how long they take will be known once some are done.`,
  blocked: {
    search:
      'A search is running. Running a benchmark at the same time would distort its latencies.',
    models: 'Models are being scored. Wait until they are done, or cancel them.',
  },
  passes: {
    scores: 'Scoring',
    otherWeights: 'Again, with other initial weights',
    otherBatches: 'Again, with other batches',
    moreDraws: 'Another draw of images and weights',
  },
  starting: 'Drawing images and measuring how to share the cores…',
  progress: (done: number, all: number) => `${integer(done)} of ${networks(all)}`,
  phase: 'Now',
  timeLeft: 'Time left',
  noTime: 'not known yet',
  failed: 'Left out',
  sharing: (workers: number, threads: number) =>
    `${workers} ${workers === 1 ? 'process' : 'processes'} of ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
  scoredBy: 'Scored by',

  chart: 'Score against accuracy',
  chartLabel: 'Score against accuracy, one point per network',
  chartHelp: 'Arrow keys go to the next network by score. The table below shows the same figures.',
  accuracy: 'Accuracy',
  accuracyOf: (column: string) => `Accuracy on ${column}, %`,
  score: (name: string, beta: string) => (name === 'ZiCo-BC' ? `${name} at β ${beta}` : name),
  column: 'Accuracy on',
  columns: accuracyColumns,
  waiting: 'Points appear as networks are scored.',

  table: 'Networks, best score first',
  network: 'Network',
  rank: 'Rank',
  zico: 'ZiCo',
  bias: 'Bias',
  parameters: 'Params',
  macs: 'MACs',

  judged: 'How good each score is',
  judgedOver: (n: number, draws: number) =>
    `over ${networks(n)}${draws === 1 ? '' : `, ${draws} draws`}`,
  judging: 'intervals follow…',
  measure: 'Measure',
  measures: {
    kendallTau: {
      short: 'τ-b',
      title: 'Kendall τ-b',
      about: 'Kendall’s rank correlation between score and accuracy. 95 % intervals.',
    },
    spearmanRho: {
      short: 'ρ',
      title: 'Spearman ρ',
      about: 'Spearman’s rank correlation between score and accuracy. 95 % intervals.',
    },
    ndcg10: {
      short: 'nDCG@10',
      title: 'nDCG of the first ten',
      about: 'How good the ten networks with the highest scores are; 1 are the ten most accurate.',
    },
    equalMacs: {
      short: 'Equal MACs',
      title: 'Concordance at equal MACs',
      about:
        'Of pairs within 10 % of each other’s MACs, those that a score orders rightly less those it does not; 0 is chance.',
    },
    regret: {
      short: 'Regret',
      title: 'Regret within ten budgets of MACs',
      about:
        'Accuracy points lost by taking what scores highest within each of ten budgets, among the networks scored; less is better.',
    },
    regretOf40: {
      short: 'Model of 40',
      title: 'Regret of a model of 40 networks',
      about:
        'Points lost within the budgets by a model of a guided search that knows 40 scores and chooses among all networks of the space. Median and range of eight models.',
    },
    regretOf100: {
      short: 'Model of 100',
      title: 'Regret of a model of 100 networks',
      about:
        'Points lost within the budgets by a model of a guided search that knows 100 scores and chooses among all networks of the space. Median and range of eight models.',
    },
  },
  interval: (from: string, to: string) => `${from} to ${to}`,
  counted: 'Counted, at no cost',
  scores: 'Scores',
  models: {
    few: (least: number) => `A model needs at least ${least} scored networks.`,
    notYet: 'Models have not been fitted for these scores. That takes a few minutes, and is kept.',
    fit: 'Fit models',
    progress: (done: number, all: number) => `${done} of ${all} scores`,
    cancel: 'Cancel',
  },
  correlationOver: (n: number) => `over ${networks(n)}`,
  ours: 'Predictor',
  beta: 'Correction β',
  cap: 'Term cap',
  predictors: (beta: string, cap: string) => ({
    zico: 'ZiCo',
    zicoBc: `ZiCo-BC, β ${beta}`,
    zicoCapped: `ZiCo, capped at ${cap}`,
    zicoBcCapped: `ZiCo-BC, β ${beta}, capped`,
    ...predictorLabels,
  }),
  paper: { zico: 'ZiCo in the paper', zicoBc: 'ZiCo-BC in the paper, β 1' },
  paperHint: 'Table 2 of the paper (arXiv 2309.14666)',
  undefinedHint: 'Needs at least two different networks.',

  repeat: 'Repeatability',
  repeatHint: 'Kendall τ-b between two scorings of the same networks',
  otherWeights: 'Other weights',
  otherBatches: 'Other batches',
  repeatOver: (n: number) => `over ${networks(n)}`,
  notRepeated: 'This benchmark scored its networks once.',

  results: 'Results',
  none: 'No benchmark has been run yet. One of 100 networks takes a few minutes.',
  intro:
    'A benchmark draws networks at random, scores them without training and compares the scores with the accuracies that others measured by training each of them.',
  states: {
    running: 'Running',
    stopping: 'Stopping',
    finished: 'Finished',
    stopped: 'Stopped',
    failed: 'Failed',
  },
  result: ({ space, count, seed, draws }: BenchmarkSettings): string =>
    [
      networks(count),
      ...(space === 'nats-sss' ? [] : [benchmarkSpaceLabels[space]]),
      `seed ${seed}`,
      ...(draws === 1 ? [] : [`${draws} draws`]),
    ].join(', '),
  unreadable: 'A file that cannot be read',
  open: (name: string) => `Open ${name}`,
  delete: (name: string) => `Delete ${name}`,
  reallyDelete: (name: string) => `Really delete ${name}`,
  deleteNow: 'Delete',
  keep: 'Keep',
  figures: (seconds: string) => `in ${seconds}`,
  announce: (done: number, all: number) => `${done} of ${all} networks scored.`,
} as const;
