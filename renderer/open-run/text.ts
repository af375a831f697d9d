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
  note: 'Note',
  notePlaceholder: 'What you want to remember about this network',
  noteSaved: 'Kept in the run file.',
} as const;

/** A histogram of runs. */
export const latencyRunsText = {
  runs: (n: number) => `Histogram of ${n} runs`,
  slower: (n: number) => `, ${n} slower`,
} as const;
