/** English text of the page “Benchmarks”. */
import { predictorLabels } from '../../main/common/predictors.ts';
import { integer } from '../ground/words/format.ts';

const networks = (n: number): string => `${integer(n)} ${n === 1 ? 'network' : 'networks'}`;

export const benchmarksText = {
  title: 'Benchmarks',
  subtitle: 'Scores compared with known accuracies: NATS-Bench size space, 90 epochs',
  running: 'Running a benchmark',
  run: 'Run benchmark',
  stop: 'Stop',
  form: 'A new benchmark',
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
  accuracyOf: (column: string) => `Test accuracy on ${column}, %`,
  score: (name: string, beta: string) => (name === 'ZiCo-BC' ? `${name} at β ${beta}` : name),
  column: 'Accuracy on',
  columns: {
    cifar10_test_acc: 'CIFAR-10',
    cifar100_test_acc: 'CIFAR-100',
    imagenet16_120_test_acc: 'ImageNet16-120',
  } as Readonly<Record<string, string>>,
  waiting: 'Points appear as networks are scored.',

  table: 'Networks, best score first',
  network: 'Network',
  rank: 'Rank',
  zico: 'ZiCo',
  bias: 'Bias',
  parameters: 'Params',
  macs: 'MACs',

  correlation: 'Rank correlation',
  correlationOver: (n: number) => `over ${networks(n)}`,
  tauRho: 'Kendall τ-b / Spearman ρ between score and accuracy',
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
    'A benchmark draws networks at random, scores them without training and compares the scores with the accuracies that NATS-Bench measured by training each of them.',
  states: {
    running: 'Running',
    stopping: 'Stopping',
    finished: 'Finished',
    stopped: 'Stopped',
    failed: 'Failed',
  },
  result: (count: number, seed: number) => `${networks(count)}, seed ${seed}`,
  unreadable: 'A file that cannot be read',
  open: (name: string) => `Open ${name}`,
  delete: (name: string) => `Delete ${name}`,
  reallyDelete: (name: string) => `Really delete ${name}`,
  deleteNow: 'Delete',
  keep: 'Keep',
  figures: (seconds: string) => `in ${seconds}`,
  announce: (done: number, all: number) => `${done} of ${all} networks scored.`,
} as const;
