/** The list of searches, and the first use. */
import { plural } from '../ground/words/plural.ts';
import { integer } from '../ground/words/format.ts';

export const runsText = {
  filter: 'Find a search',
  openFile: 'Open file…',
  table: 'Searches',
  name: 'Name',
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

export const welcomeText = {
  subtitle: 'Nothing has been searched on this computer yet',
  title: 'See a search in a few minutes',
  intro:
    'The demo looks through small image networks on this computer: real gradients, real latencies, no training, nothing to download.',
  start: 'Start the demo',
  own: 'Set up your own',
  sketch:
    'A sketch of what you will watch: points appear, and the front grows towards fast networks with a high score',
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
