/** States of a run, in its file and in the window, and of a candidate. */

/** What a run file says: `running` also where a search was killed. */
export const runStatuses = ['running', 'stopped', 'finished'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** What the window says: the first three only while it runs the search, the rest as the file has it. */
export const runStates = [
  'searching',
  'paused',
  'stopping',
  'stopped',
  'finished',
  'failed',
] as const;
export type RunState = (typeof runStates)[number];

/** What is being done for a run now. */
export const runPhases = ['idle', 'preparing', 'scoring', 'measuring'] as const;
export type RunPhase = (typeof runPhases)[number];

export const candidateStatuses = ['evaluated', 'failed'] as const;
