/** Words of the chart and of what belongs to it: axes, colours, the filter, parallel coordinates. */
import { integer } from '../../ground/words/format.ts';

export const chartText = {
  measures: {
    score: 'Score',
    latency: 'Latency',
    macs: 'MACs',
    parameters: 'Parameters',
    zico: 'ZiCo',
    bias: 'Bias',
    generation: 'Generation',
  },
  /** Where a whole word finds no room. */
  shortMeasures: { parameters: 'Params', generation: 'Gen' } as Partial<Record<string, string>>,
  genes: 'Genes',
  measuresGroup: 'Measures',
  withUnit: (title: string, unit: string) => (unit === '' ? title : `${title}, ${unit}`),

  axes: (y: string, x: string) => `${y} / ${/^[A-Z][a-z]+$/.test(x) ? x.toLowerCase() : x}`,
  axesHint: 'Axes of the chart',
  vertical: 'Vertical',
  horizontal: 'Horizontal',
  logVertical: 'Vertical axis logarithmic',
  logHorizontal: 'Horizontal axis logarithmic',
  log: 'log',
  swap: 'Swap the axes',
  standard: 'Score against cost',
  noLine:
    'The line needs the score against a cost. The members of the front are marked all the same.',

  colour: 'Colour',
  colours: { generation: 'generation', status: 'status' },
  status: {
    front: 'on the front',
    starred: 'starred',
    pinned: 'pinned',
    dominated: 'dominated',
  },
  legend: (what: string) => `Colours: ${what}`,

  palette: {
    swap: 'Swap the axes of the chart',
    standard: 'Score against cost on the chart',
    colour: (by: string) => `Colour the points by ${by}`,
    list: (tab: string) => `List below the chart: ${tab}`,
  },

  help: 'Left and right walk the front, plus and minus zoom, F fits, Shift and drag selects a rectangle.',
  filter: {
    label: 'Filter',
    none: 'Shift-drag on the chart keeps what lies inside.',
    between: (from: string, to: string, unit: string) =>
      `${from === to ? from : `${from} to ${to}`}${unit && ` ${unit}`}`,
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
  },
  parallel: {
    label: (n: number) =>
      `${integer(n)} candidates as lines over ${'genes and measures'}. The view Table holds the same values.`,
    axis: (title: string) => `Range of ${title}`,
    allValues: (title: string) => `all values of ${title}`,
    help: 'Drag on an axis to keep a range, double-click to remove it. On a focused axis the arrow keys move the range, with Shift its upper end, and Delete removes it.',
    nothing: 'No candidate to draw.',
    painting: 'drawing',
  },
} as const;
