/** How far a search has got, on the window's button in the taskbar or dock. */
import type { BrowserWindow, ProgressBarOptions } from 'electron';
import type { RunProgress } from '../../preload/contract.ts';

export interface TaskbarProgress {
  /** 0 to 1; -1 shows nothing, above 1 is unknown. */
  readonly share: number;
  readonly mode: NonNullable<ProgressBarOptions['mode']>;
}

type Shown = Pick<RunProgress, 'state' | 'evaluated' | 'failed' | 'planned'>;

const nothing: TaskbarProgress = { share: -1, mode: 'none' };
/** What Electron takes for work of unknown length. */
const unknown = 2;

/** @param progress of the search at work; null where there is none */
export function taskbarProgressOf(progress: Shown | null): TaskbarProgress {
  if (progress === null) return nothing;
  const { state, evaluated, failed, planned } = progress;
  if (state !== 'searching' && state !== 'paused' && state !== 'stopping') return nothing;
  const share = planned ? Math.min(1, (evaluated + failed) / planned) : unknown;
  if (state === 'paused') return { share: Math.min(1, share), mode: 'paused' };
  return { share, mode: share > 1 ? 'indeterminate' : 'normal' };
}

/** Sets it on every window, only where it changes. */
export function createTaskbar(
  windows: () => readonly BrowserWindow[],
): (progress: Shown | null) => void {
  let shown = JSON.stringify(nothing);
  return (progress) => {
    const next = taskbarProgressOf(progress);
    const rounded = { ...next, share: Math.round(next.share * 100) / 100 };
    if (JSON.stringify(rounded) === shown) return;
    shown = JSON.stringify(rounded);
    for (const window of windows()) {
      if (!window.isDestroyed()) window.setProgressBar(rounded.share, { mode: rounded.mode });
    }
  };
}
