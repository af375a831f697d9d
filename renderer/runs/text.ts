/** The list of searches, the actions for a run in it, its state and settings in words, and the first use. */
import { integer } from '../ground/words/format.ts';
import { plural } from '../ground/words/plural.ts';

export const searchesText = {
  filter: 'Find a search',
  openFile: 'Open file…',
  table: 'Searches',
  name: 'Name',
  file: 'File',
  seconds: 'Time, s',
  state: 'State',
  evaluated: 'Evaluated',
  failed: 'Failed',
  settings: 'Settings',
  created: 'Created',
  time: 'Time',
  actions: 'Actions',
  open: (name: string) => `Open ${name}`,
  resume: 'Resume',
  resumeName: (name: string) => `Resume ${name}`,
  busy: 'Another search is running. Two would distort each other’s latencies.',
  nothingFound: (term: string) => `No search matches “${term}”.`,
  loading: 'Reading the list of searches…',
  count: (n: number) => plural(n, 'search', 'searches'),
  folder: (folder: string) => `Kept in ${folder}`,
} as const;

export const runsText = {
  notARun: (name: string) => ({
    code: 'not-a-run-file',
    message: `${name} is not a run file.`,
    hint: 'Drop a .zico file to open it. ONNX models are dropped on the page “Score a model”, descriptions of search spaces on “Spaces”.',
  }),
  trend: (name: string) => `How the front of ${name} grew: its hypervolume by generation`,
  trendTitle: 'Front',
  menu: (name: string) => `More for ${name}`,
  duplicate: 'Duplicate with changes…',
  compareFronts: 'Compare its front…',
  tags: 'Tags…',
  saveReport: 'Save a report…',
  saveWithoutNotes: 'Save a copy without notes…',
  tagsTitle: 'Tags',
  trash: 'Move to trash…',
  tagsLabel: (name: string) => `Tags of ${name}`,
  tagsHint: 'Words to find it by, separated by commas.',
  tagsSave: 'Keep',
  tagsCancel: 'Cancel',
  tagsTooMany: 'At most 20 tags of up to 40 characters.',
  findTag: (tag: string) => `Find searches tagged ${tag}`,
  copyName: (name: string) => `${name} again`,
} as const;

export const stateText = {
  searching: 'Searching',
  paused: 'Paused',
  stopping: 'Stopping',
  stopped: 'Stopped',
  finished: 'Finished',
  failed: 'Failed',
  unreadable: 'Cannot be read',
} as const;

export const welcomeText = {
  subtitle: 'Nothing has been searched on this computer yet',
  title: 'See a search in a minute or two',
  intro:
    'The demo looks through small image networks on this computer: real gradients, no training, nothing to download.',
  start: 'Start the demo',
  own: 'Set up your own',
  sketch:
    'A sketch of what you will see: points appear, and the front grows towards fast networks with high scores',
  sketchNote: 'A sketch, not data.',
  faster: 'faster',
  slower: 'slower',
  better: 'better score',
  score: (n: number | null, batches: number, size: number) =>
    `Scores ${n === null ? 'networks' : `up to ${integer(n)} networks`} with ${batches} batches of ${size} images`,
  measure: 'Measures each one on this computer',
  count: 'Counts the MACs of each one',
  keep: 'Keeps those that nothing else beats',
  choose: 'You choose one and export it as ONNX',
  dataNote: (data: string) => `The demo uses ${data}.`,
  openNote: 'Have a run file?',
  openFile: 'Open it…',
  demoName: 'Demo',
} as const;
