/** The form of a new search, and what one costs. */
import { plural } from '../../ground/words/plural.ts';
import { fixed, integer } from '../../ground/words/format.ts';
import { computersText } from './computers-text.ts';
import { scoringText } from '../../score/scoring-text.ts';

export const formText = {
  label: 'Settings of the search',
  defaultName: (space: string) => `${space} search`,
  more: 'More settings',
  less: 'Fewer settings',
  engine: scoringText.engine,
  precision: scoringText.precision,
  workers: scoringText.processes,
  computers: computersText.computers,
  engines: computersText.engines,
  name: 'Name',
  nameHint: 'Becomes the name of the run file',
  scoringSize: 'Scoring size',
  scoringSizeHint: (own: string) =>
    `Height × width of the images; leave it empty for the space’s own, ${own}`,
  ownSpaces: 'Your own',
  builtInSpaces: 'Built in',
  spaceHint: (genes: string, networks: number) =>
    `${genes}; ${plural(networks, 'network', 'networks')}`,
  genes: (n: number, choices: string) => `${plural(n, 'gene', 'genes')} of ${choices}`,
  genesMixed: (n: number) => plural(n, 'gene', 'genes'),
  embedded: 'Embedded',
  folder: 'Folder…',
  chosenFolder: 'Folder',
  dataProblems: 'What is wrong with the images',
  dropFolder: 'A folder of your own images can be dropped here as well.',
  folderHint: 'Choose a folder of images for the space’s task',
  use: (value: string) => `Use ${value}`,
  useFor: (value: string, field: string) => `Use ${value} for ${field}`,
  start: 'Start search',
  startKeys: 'Ctrl ↵',
  faulty: (fields: string[]) =>
    fields.length === 1
      ? `One field needs fixing: ${fields[0]}`
      : `${fields.length} fields need fixing: ${fields.join(', ')}`,
  tooFewImages: (there: number, needed: number) =>
    `There ${there === 1 ? 'is' : 'are'} only ${plural(there, 'image', 'images')}, and a score takes ${integer(needed)}: choose fewer batches, a smaller batch size or more images.`,
  beyondEstimates: (message: string, why: readonly string[], hint: string) =>
    `${message} (${why.join(', ')}) ${hint}`,
  busy: (name: string) =>
    `${name} is running. Stop it, or add this one to the queue: two searches at a time would distort each other’s latencies.`,
  badNumber: 'A number about phones needs fixing.',
  errors: {
    nameMissing: 'Enter a name.',
    nameLong: (most: number) => `Use ${most} characters or fewer.`,
    nameCharacters: 'It becomes a file name: leave out < > : " / \\ | ? and *.',
    noBudgetOfOne: 'Something has to end the search: set candidates or a time.',
    noBudget: 'Something has to end the search: set generations, candidates or a time.',
    scoringSize: 'Height × width such as 128 × 256, or one number for a square.',
  },
} as const;

export const beginText = {
  label: 'Begin with',
  about:
    'A search can begin with the candidates of another run. Offered are runs of the same space, images, way of scoring and engine: none of their networks is scored again.',
  nothing: 'nothing',
  run: (name: string, candidates: number) =>
    `${name}, ${plural(candidates, 'candidate', 'candidates')}`,
  hint: 'A run of the same space, images and scoring: its scores are taken over, not computed again',
  taken: (candidates: number) =>
    `${plural(candidates, 'candidate', 'candidates')} at most are taken over, and count among those of this search`,
} as const;

export const costText = {
  title: 'What it costs',
  candidates: (n: number) => `for at most ${plural(n, 'candidate', 'candidates')}`,
  candidatesOnly: (n: number) => (n === 1 ? 'candidate, at most' : 'candidates, at most'),
  openEnd: 'As many candidates as the time allows',
  about: (duration: string) => `about ${duration}`,
  basis: (seconds: string, n: number, name: string) =>
    `${seconds} per candidate, judging by ${name}: ${plural(n, 'candidate', 'candidates')} with the same batches and the same source of latency on this computer.`,
  trial: (seconds: string, networks: number) =>
    `${seconds} per candidate, an estimate: ${plural(networks, 'network', 'networks')} of this space, small to large, scored on this computer for it.`,
  trying: 'A few networks are scored to estimate the time…',
  noBasis:
    'No time estimate yet: nothing has been searched on this computer with these batches and this source of latency.',
  share: 'Of the space',
  /** 0.00 % would read as if nothing were tried. */
  shareOf: (share: number) => (share < 0.0001 ? 'less than 0.01 %' : `${fixed(share * 100, 2)} %`),
  images: 'Images for a score',
  generations: 'Generations',
  atMost: 'Ends after at most',
  perCandidate: 'Per candidate',
  stop: 'Stop whenever you like: every finished candidate is kept, and the search can be resumed.',
} as const;
