/** Choosing among the candidates of a run: the comparison, the cap, bands; axes, colours, the filter, views. */
import { plural } from '../ground/words/plural.ts';
import { integer } from '../ground/words/format.ts';

export const choosingText = {
  emptyStarred: 'Nothing is starred yet. Press S to star the selected candidate.',
  compare: (n: number) => `Compare ${n}`,
  compareKeys: 'Compare (C)',
  comparing: 'Compare',
  back: 'Back to the search',
  onlyDifferences: 'Only differences',
  against: 'Against',
  copyTable: 'Copy as table',
  copied: 'Copied',
  remove: (name: string) => `Remove ${name} from the comparison`,
  genes: 'Genes',
  genesNote: (reference: string) => `marked where they differ from ${reference}`,
  size: 'Size',
  score: 'Score',
  latency: 'Latency',
  layersTitle: 'Layers',
  rows: {
    parameters: 'Parameters',
    macs: 'MACs',
    generation: 'Generation',
    zico: 'ZiCo',
    zicoCapped: 'ZiCo, capped',
    bias: 'Bias',
    median: 'Median, ms',
    interval: '95 % interval, ms',
    least: 'Minimum, ms',
    p90: 'p90, ms',
    runs: 'Runs',
    note: 'Note',
    layers: 'Layers with weights',
    logTerms: 'Sum of log terms',
    largest: 'Largest log term',
  },
  noLatency: 'not measured',
  noInterval: 'not recorded',
  loading: 'Loading…',
  fastest: 'Fastest of these',
  best: 'Highest score of these',
  knee: 'Knee of the front',
  onFront: 'On the front',
  dominated: 'Dominated',
  besides: 'Scored besides the search',
  /** In place of the number that only candidates have. */
  network: (letter: string) => `Network ${letter}`,
  palette: {
    star: (name: string) => `Star ${name}, or remove its star`,
    pin: (name: string) => `Pin ${name} for comparing, or unpin it`,
    compare: 'Compare the pinned candidates',
    underCap: 'Select the best under the cap',
    bands: 'Best in each band of cost',
    course: 'Show how the search went over time',
    parallel: 'Show parallel coordinates',
    table: 'Show the table of candidates',
    model: 'Show what the model expects',
    trained: 'Show what was trained',
  },
  cap: {
    labelOf: (cost: string) => `${cost} cap`,
    none: 'none',
    bestShort: 'Best:',
    nothing: 'No candidate is below it.',
    select: (name: string) => `Select ${name}`,
    clear: 'Remove the cap',
    invalid: 'A number above 0.',
    drag: 'Cap, drag to move',
  },
  bands: {
    title: 'Best of each band',
    note: (cost: string) => `${cost}, bands equally wide on a logarithmic axis`,
    count: 'Bands',
    each: 'Of each',
    band: 'Band',
    members: 'In it',
    candidate: 'Candidate',
    range: (from: string, to: string, unit: string) => `${from} to ${to}${unit && ` ${unit}`}`,
    empty: 'no candidate',
    nothing: 'No candidate has a cost and a score yet.',
  },
} as const;

export const frontAgainText = {
  title: 'The front, measured again',
  measure: 'Measure the front again',
  about: 'every network, one after the other, as the search did. Nothing is stored.',
  busy: 'Something else is being computed.',
  running: (done: number, all: number) => `Measuring the front again, ${done} of ${all} done…`,
  cancel: 'Cancel',
  summary: (agreeing: number, judged: number) =>
    judged === 0
      ? 'How far the stored latencies may be off is not known.'
      : `${agreeing} of ${judged} differ by less than their errors.`,
  swapped: (swapped: number, neighbours: number) =>
    neighbours < 1
      ? ''
      : swapped === 0
        ? 'The order of the front is the same.'
        : `${swapped} of ${neighbours} neighbours are the other way round.`,
  notSteady: (n: number) => `${n} never became steady.`,
  otherConditions: (n: number) =>
    `${n} were measured under other conditions than in the search: those cannot be compared.`,
  notStored: 'Nothing of this is stored.',
  candidate: 'Candidate',
  storedMs: 'Search, ms',
  againMs: 'Now, ms',
  change: 'Change',
  interval: '95 % interval, ms',
  low: 'Interval from, ms',
  high: 'Interval to, ms',
  steady: 'Steady',
  conditions: 'Conditions',
  yes: 'yes',
  unsteady: 'unsteady',
} as const;

export const chartText = {
  axes: (y: string, x: string) => `${y} / ${/^[A-Z][a-z]+$/.test(x) ? x.toLowerCase() : x}`,
  axesHint: 'Axes of the chart',
  rankedBy: 'Ranked by',
  ways: { scores: 'scores', estimates: 'estimates' },
  estimating: 'Estimates follow; until then by scores.',
  vertical: 'Vertical',
  horizontal: 'Horizontal',
  logVertical: 'Vertical axis logarithmic',
  logHorizontal: 'Horizontal axis logarithmic',
  log: 'log',
  swap: 'Swap the axes',
  standard: 'Score against cost',
  noLine: 'The line needs the score against a cost. The members of the front are still marked.',

  colour: 'Colour',
  colours: { status: 'status' },
  status: {
    front: 'on the front',
    starred: 'starred',
    pinned: 'pinned',
    dominated: 'dominated',
  },
  expected: 'expected by the model, not scored',
  linesLegend: 'What the lines stand for',
  legend: (what: string) => `Colours: ${what}`,

  figure: (y: string, x: string) => `${y}. ${x}`,
  save: {
    front: 'Pareto front',
    allCandidates: 'All candidates',
    csv: 'CSV…',
    json: 'JSON…',
    listed: (n: number) => (n === 1 ? 'The listed candidate' : `The ${integer(n)} listed`),
    copy: 'Copy to the clipboard',
    exportListed: (n: number) => `Export ${n === 1 ? 'the network' : `${integer(n)} networks`}…`,
    tooMany: (most: number) =>
      `At most ${integer(most)} networks are exported at once. List fewer, such as the front.`,
  },

  palette: {
    swap: 'Swap the axes of the chart',
    standard: 'Score against cost on the chart',
    colour: (by: string) => `Colour the points by ${by}`,
    list: (tab: string) => `List below the chart: ${tab}`,
  },

  help: 'Left and right move along the front, plus and minus zoom, F fits the view, Shift-drag selects a rectangle.',
  filter: {
    label: 'Filter',
    none: 'Shift-drag on the chart to keep what is inside.',
    nothing: 'No candidate meets the filter.',
    hindered: (measure: string, left: string) =>
      `No candidate meets all of the filter. Without the range of ${measure} ${left} would.`,
    chip: (title: string, range: string) => `${title} ${range}`,
    remove: (title: string) => `Remove the filter of ${title}`,
    clear: 'Clear',
    clearAll: 'Remove every filter',
    passing: (n: number, all: number) => `${integer(n)} of ${integer(all)}`,
    command: 'Remove every filter of the chart',
  },

  views: {
    label: 'View',
    table: 'Table',
    parallel: 'Parallel coordinates',
    bands: 'Bands',
    course: 'Over time',
    model: 'Model',
    trained: 'Trained',
  },
  parallel: {
    label: (n: number) =>
      `${plural(n, 'candidate', 'candidates')} as lines over genes and measures. The view Table holds the same values.`,
    axis: (title: string) => `Range of ${title}`,
    arrange: (title: string) => `${title}: press to invert the axis, drag or arrow keys to move it`,
    reset: 'Axes as they were',
    allValues: (title: string) => `all values of ${title}`,
    help: 'Drag on an axis to keep a range, double-click to remove it. On a focused axis the arrow keys move the range, with Shift its upper end, and Delete removes it. On an axis’s title Enter inverts it, and left and right move it.',
    nothing: 'No candidate to draw.',
    painting: 'drawing',
    figure: (axes: readonly string[]) => `Candidates as lines over ${axes.join(', ')}`,
  },
} as const;
