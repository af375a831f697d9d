/** What a state of a run means for the page. */
import type { ErrorReport, RunState } from '../../preload/contract.ts';
import { stateText } from './text.ts';

/** This app has the search open: it is at work, paused, or about to end. */
export const isOpen = (state: RunState): boolean =>
  state === 'searching' || state === 'paused' || state === 'stopping';

/** The person can continue it. */
export const canGoOn = (state: RunState): boolean => state === 'paused' || state === 'stopped';

/** Another program writes the run: nothing is wrong with its file. */
export const isElsewhere = (error: ErrorReport | null): boolean => error?.code === 'run-in-use';

/** What a run's state is called, also where its file cannot be read; by this it is found and sorted, too. */
export function stateLabel(state: RunState, error: ErrorReport | null): string {
  if (isElsewhere(error)) return stateText.elsewhere;
  return error ? stateText.unreadable : stateText[state];
}
