/** States of a run in its file and in the window, and states of a candidate. */

/** The status in a run file: also `running` if the search was killed. */
export const runStatuses = ['running', 'stopped', 'finished'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** The state in the window: the first three only while it runs the search itself, the others as in the file. */
export const runStates = [
  'searching',
  'paused',
  'stopping',
  'stopped',
  'finished',
  'failed',
] as const;
export type RunState = (typeof runStates)[number];

/** What is currently being done for a run; `confirming` follows a guided search whose budget is spent. */
export const runPhases = ['idle', 'preparing', 'scoring', 'measuring', 'confirming'] as const;
export type RunPhase = (typeof runPhases)[number];

export const candidateStatuses = ['evaluated', 'failed'] as const;
