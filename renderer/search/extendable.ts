/** Whether a finished search can go on with more candidates than it was to have. */
import type { RunSession } from '../open-run/session.svelte.ts';

/** True where its number of candidates ended it: neither time, nor itself, nor the space. */
export function isExtendable({ data }: RunSession): boolean {
  const { view, progress } = data;
  if (view === null || progress === null || progress.state !== 'finished') return false;
  const { seconds, settledPercent } = view.summary.settings;
  if (seconds !== null || settledPercent !== null) return false;
  return progress.planned !== null && progress.planned < view.space.networks;
}
