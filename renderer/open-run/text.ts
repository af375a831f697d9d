import { plural } from '../ground/words/plural.ts';

/** What a person notes about candidates: stars, pins, notes; and their latency runs. */
export const notesText = {
  star: (name: string) => `Star ${name} (S)`,
  unstar: (name: string) => `Remove the star of ${name} (S)`,
  starred: 'Starred',
  pin: (name: string) => `Pin ${name} for comparing (P)`,
  unpin: (name: string) => `Unpin ${name} (P)`,
  full: 'Four are pinned already. Unpin one first.',
  pinsTaken: {
    code: 'pins-taken',
    message: 'Four candidates are pinned already.',
    hint: 'Unpin one of them first: select it and press P.',
  },
  name: 'Name',
  namePlaceholder: 'What you call this network',
  named: (name: string, given: string) => `${name}, ${given}`,
  readOnly: 'The run’s file is read-only: what was noted in it is shown, and cannot be changed.',
  note: 'Note',
  notePlaceholder: 'What you want to remember about this network',
  noteSaved: 'Kept in the run file.',
} as const;

/** What was noted a moment ago and can be taken back. */
export const notedText = {
  star: (name: string, starred: boolean) =>
    starred ? `${name} was starred.` : `${name} lost its star.`,
  pin: (name: string, pinned: boolean) =>
    pinned ? `${name} was pinned.` : `${name} was unpinned.`,
} as const;

/** ZiCo of candidates whose run ranks by other scores. */
export const zicoText = {
  give: (of: number, missing: number) => {
    if (of === 1) return 'Compute ZiCo';
    return `Compute ZiCo of ${missing} ${missing === 1 ? 'candidate' : 'candidates'}`;
  },
  about:
    'This run ranks by other scores. Computes ZiCo the way the search would have, and stores it with the candidate; the search’s ranking stays as it is.',
  giving: (done: number, all: number) =>
    all === 1 ? 'Computing ZiCo…' : `Computing ZiCo, ${done} of ${all} done…`,
  cancel: 'Cancel',
  busy: 'Something else is being computed.',
} as const;

/** Several networks exported at once. */
export const severalText = {
  label: 'Export of several networks',
  writing: (name: string, at: number, of: number, file: string) =>
    `Exporting ${name}, ${at} of ${of}: ${file}`,
  cancel: 'Cancel',
  written: (n: number, folder: string) =>
    `${plural(n, 'network', 'networks')} exported, each into a folder of its own in ${folder}.`,
  cancelled: 'Then it was cancelled.',
  reveal: 'Show in folder',
  failed: (name: string, message: string) => `${name} was not exported: ${message}`,
  more: (n: number) => `${n} more were not exported either.`,
  none: 'The export holds nothing. Choose its contents in the inspector first.',
} as const;

/** A histogram of runs. */
export const latencyRunsText = {
  runs: (n: number) => `Histogram of ${plural(n, 'run', 'runs')}`,
  slower: (n: number) => `, ${n} slower`,
} as const;
