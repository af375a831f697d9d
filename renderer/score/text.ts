/** English text of the page “Score a model”. */
import { plural } from '../ground/words/plural.ts';

export const scoreText = {
  embeddedShort: 'Embedded',
  title: 'Score a model',
  open: 'Open models…',
  cancel: 'Cancel',
  dropTitle: 'Drop ONNX models here',
  dropHint:
    'One file or many. Each is differentiated and scored on real images; none is trained, changed or sent anywhere.',
  dropNow: 'Drop to score them',
  models: 'Models',
  count: (n: number) => plural(n, 'model', 'models'),
  progress: (done: number, all: number) => `${done} of ${plural(all, 'model', 'models')} scored`,
  settings: 'How they are scored',
  task: 'Task',
  tasks: {
    classification: 'Classification',
    segmentation: 'Segmentation',
    detection: 'Detection',
  },
  images: 'Images',
  imageSources: {
    pictures: 'Pictures',
    noise: 'Noise, with random targets',
    arrays: 'Arrays (.npy)',
  },
  data: 'Pictures',
  arrays: 'Arrays',
  arrayOf: { inputs: 'Images…', targets: 'Targets…' },
  noArray: { inputs: 'no images yet', targets: 'no targets yet' },
  size: 'Image size',
  sizeFault: 'A size such as 224 or 512x1024 (height x width).',
  constants: 'Other inputs',
  constantsHolder: 'scale_factor=1',
  constantsFault: 'Names with numbers, such as scale_factor=1 im_shape=320,320.',
  noiseLayers: 'Layers of noise',
  noiseChoices: { counted: 'Count, as in PyTorch', ignored: 'Are left out' },
  output: 'Scored output',
  outputFirst: 'The first that fits',
  outputOther: 'Another value',
  outputOtherHolder: 'names of values, with spaces between them',
  latency: 'ms',
  measure: (name: string) => `Measure ${name} on this computer`,
  measureAll: 'Measure all',
  measuring: 'measuring…',
  measuredAs: (latency: { p90: string; runs: number; input: string; precision: string }) =>
    `Median of ${latency.runs} runs of one image of ${latency.input}, ${latency.precision}; 90th percentile ${latency.p90} ms`,
  latencyOf: (ms: string, precision: string) =>
    `${ms} ms for one image on this computer, ${precision}.`,
  asStored: (why: string) => `Run as its file has it: ${why}`,
  saveTable: 'Save as CSV…',
  embedded: 'Those that ship with the Workbench',
  choose: 'Choose a folder…',
  weights: 'Weights',
  weightsFile: 'Those of the file',
  fresh: (scheme: string) => `Fresh: ${scheme}`,
  seed: 'Seed',
  batchSize: 'Images in a batch',
  automatic: 'automatic',
  again: 'A change scores every model again.',
  againTakes: (duration: string) => `A change scores every model again, in about ${duration}.`,
  beta: 'Correction β',
  cap: 'Term cap',
  rank: 'Rank',
  model: 'Model',
  bias: 'Bias',
  zico: 'ZiCo',
  macs: 'MACs',
  actions: 'Actions',
  state: {
    waiting: 'Waiting',
    scoring: 'Scoring',
    scored: 'Scored',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  retry: (name: string) => `Score ${name} again`,
  remove: (name: string) => `Remove ${name} from the list`,
  compare: (name: string) => `Compare ${name}`,
  compareHead: 'Compare',
  layers: 'Layers',
  layersOf: (name: string) => `Layers of ${name}`,
  layersCount: (n: number) => `${n} with weights`,
  comparing: 'side by side, bars on one scale',
  nothing: 'Select a scored model to see what each layer adds; tick two to see them side by side.',
  scoredOn: (batches: number, size: number, seconds: string) =>
    `${batches} batches of ${size}, ${seconds}`,
  announce: (scored: number, failed: number, waiting: number) =>
    `${scored} scored, ${failed} failed, ${waiting} to go.`,
} as const;

/** Headings of columns; the unit is empty where each value has its own. */
export const sizeColumns = {
  both: 'MACs, parameters',
  macs: (unit: string) => `MACs${unit && `, ${unit}`}`,
  parameters: (unit: string) => `Params${unit && `, ${unit}`}`,
} as const;

/** The layers of a network and their share of the score. */
export const layersText = {
  layer: 'Layer',
  output: 'Output',
  logTerm: 'Log term',
  biasTerm: 'Bias term',
} as const;
