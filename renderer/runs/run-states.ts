/** What a state of a run means for the page. */
import type { RunState } from '../../preload/contract.ts';

/** This app has the search open: it works, waits for a person, or is about to end. */
export const isOpen = (state: RunState): boolean =>
  state === 'searching' || state === 'paused' || state === 'stopping';

/** A person may let it go on. */
export const canGoOn = (state: RunState): boolean => state === 'paused' || state === 'stopped';
