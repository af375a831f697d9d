/** What is on every page: the frame, messages, the palette, the dividers. */
import { plural } from '../ground/words/plural.ts';

export const productName = 'ZiCo Workbench';

export const frameText = {
  main: 'Main',
  searches: 'Searches',
  newSearch: 'New search',
  findOrDo: 'Find or do',
  paletteShortcut: 'Ctrl K',
  everyCommand: 'Ctrl K for every command',
  noTask: 'No task running',
  scoringModels: 'Scoring models',
  measuringModels: 'Measuring models',
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

export const undoText = {
  label: 'Undo',
  undo: 'Undo',
  keys: 'Ctrl Z',
  dismiss: 'Dismiss',
  command: (done: string) => `Undo: ${done}`,
} as const;

export const noticesText = {
  label: 'Messages',
  copyDetails: 'Copy details',
  copied: 'Copied',
  dismiss: 'Dismiss',
  report: 'Report…',
  code: 'Code',
  when: 'When',
} as const;

export const copyRefused = {
  code: 'clipboard-refused',
  message: 'The clipboard did not take it.',
  hint: 'Try again, or select the text and copy it.',
} as const;

export const saveText = {
  menu: (name: string) => `Save or copy: ${name}`,
  papers: { column: 'Chart, one column (85 mm)', page: 'Chart, two columns (174 mm)' },
  chart: 'Chart',
  table: 'Table',
  svg: 'SVG…',
  png: 'PNG…',
  csv: 'CSV…',
  copy: 'Copy to the clipboard',
  saved: (file: string) => `Saved as ${file}`,
  copied: 'Copied',
  nothing: {
    code: 'nothing-to-draw',
    message: 'There is nothing to draw yet.',
    hint: 'Try again once the chart shows something.',
  },
  refused: {
    code: 'clipboard-refused',
    message: 'The clipboard did not take the table.',
    hint: 'Save it as CSV instead, or try again.',
  },
} as const;

export const shortcutsText = {
  title: 'Keyboard shortcuts',
  command: 'Keyboard shortcuts',
  close: 'Close',
} as const;

export const reportText = {
  title: 'Report a problem',
  command: 'Report a problem…',
  intro:
    'Nothing is sent. Everything that the report says is below; your home folder is written as ~. Copy or save it, and send it to whomever you like.',
  what: 'What happened',
  hint: 'What you did, what you expected, and what came instead',
  errors: 'Messages in the window',
  log: 'The log',
  withLog: 'With the last lines of the log',
  noLog: 'Nothing has been logged.',
  says: 'The report',
  copy: 'Copy the report',
  save: 'Save the report…',
  showLogs: 'Show the logs',
  notCopied: 'The clipboard did not take it. Save it instead.',
  file: 'zico-workbench-report',
} as const;

export const paletteText = {
  title: 'Commands',
  placeholder: 'Find a command or a search',
  nothing: 'No command has that name.',
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

export const layoutText = {
  lower: 'Height of the table',
  inspector: 'Width of the inspector',
  hint: 'Drag, or move with the arrow keys; double-click to reset.',
  hideBias: 'Hide the bias panel',
  showBias: 'Show the bias panel',
  reset: 'Reset the sizes of all panels',
} as const;

export const warningsText = {
  label: 'Warnings',
  short: (n: number) => `${n} ${n === 1 ? 'warning' : 'warnings'}`,
  examples: (shown: number, all: number) =>
    shown === all ? 'Which' : `The first ${shown} of ${all}`,
} as const;
