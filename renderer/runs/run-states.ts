/** What a state of a run means for the page. */
import type { RunState } from '../../preload/contract.ts';

/** This app has the search open: it is at work, paused, or about to end. */
export const isOpen = (state: RunState): boolean =>
  state === 'searching' || state === 'paused' || state === 'stopping';

/** The person can continue it. */
export const canGoOn = (state: RunState): boolean => state === 'paused' || state === 'stopped';
