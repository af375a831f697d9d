/** What stands on every page: the frame, states, settings in words, messages and the palette. */
import { plural } from '../ground/words/plural.ts';
import { integer } from '../ground/words/format.ts';

export const frameText = {
  main: 'Main',
  searches: 'Searches',
  newSearch: 'New search',
  findOrDo: 'Find or do',
  paletteShortcut: 'Ctrl K',
  everyCommand: 'Ctrl K for every command',
  noTask: 'No task running',
  scoringModels: 'Scoring models',
  stoppingTask: 'Stopping',
  openTask: (name: string) => `Open the running search ${name}`,
  engine: (name: string, version: string, threads: number) =>
    `${name} ${version}, ${plural(threads, 'thread', 'threads')}`,
  theme: 'Theme:',
  themeLight: 'Light',
  themeDark: 'Dark',
  switchTheme: (to: string) => `Switch to the ${to} theme`,
  status: 'Status',
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

export const settingsText = {
  latency: {
    host: 'latency of this computer',
    phone: 'latency of a phone',
    'predicted-s10-gpu': 'estimated latency of a Galaxy S10',
    macs: 'MACs for latency',
  },
  cap: (cap: number) => `term cap ${cap}`,
  batches: (n: number, size: number) => `${n} batches of ${size}`,
  maxParameters: (limit: string) => `at most ${limit} parameters`,
  maxMacs: (limit: string) => `at most ${limit} MACs`,
  maxLatency: (milliseconds: number) => `at most ${milliseconds} ms`,
  seed: (seed: number) => `seed ${seed}`,
  generations: (population: number, n: number) =>
    `${integer(population)} × ${plural(n, 'generation', 'generations')}`,
  candidates: (n: number) => `at most ${plural(n, 'candidate', 'candidates')}`,
  time: (duration: string) => `at most ${duration}`,
} as const;

export const noticesText = {
  label: 'Messages',
  copyDetails: 'Copy details',
  copied: 'Copied',
  dismiss: 'Dismiss',
  code: 'Code',
  when: 'When',
} as const;

export const paletteText = {
  title: 'Commands',
  placeholder: 'Find a command or a search',
  nothing: 'Nothing is called that.',
  groupPage: (title: string) => `On the page “${title}”`,
  groupGo: 'Go to',
  groupSearch: 'This search',
  groupView: 'View',
  groupRuns: 'Searches',
  openFile: 'Open a run file…',
  startDemo: 'Start the demo search',
  startSearch: 'Start search',
  openRun: (name: string) => `Open ${name}`,
  themeSystem: 'Theme: follow the system',
  themeLight: 'Theme: light',
  themeDark: 'Theme: dark',
  pause: 'Pause the search',
  stop: 'Stop the search',
  resume: 'Resume the search',
  fit: 'Fit the chart',
  play: 'Play the search back',
  live: 'Follow the latest generation',
  knee: 'Select the knee of the front',
  next: 'Next candidate of the table',
  previous: 'Previous candidate of the table',
  exportSelected: (name: string) => `Export ${name}…`,
  copyGenotype: (name: string) => `Copy the genotype of ${name}`,
  toggleCap: 'Switch the term cap',
} as const;
