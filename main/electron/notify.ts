/** Notifies a person who is looking at something else that a search has ended. */
import { Notification, type BrowserWindow } from 'electron';
import type { RunProgress } from '../../preload/contract.ts';

/** Title and body in the window's language; null where the person ended the search. */
export function endingWords(
  name: string,
  {
    state,
    evaluated,
    failed,
    error,
  }: Pick<RunProgress, 'state' | 'evaluated' | 'failed' | 'error'>,
): { title: string; body: string } | null {
  const candidates = `${evaluated} ${evaluated === 1 ? 'candidate' : 'candidates'}`;
  const failures = failed > 0 ? `, ${failed} failed` : '';
  if (state === 'finished') {
    return { title: `${name} has finished`, body: `${candidates} evaluated${failures}.` };
  }
  if (state !== 'failed') return null;
  const reason = error ? ` ${error.message}` : '';
  return { title: `${name} ended with an error`, body: `${candidates} are stored.${reason}` };
}

/**
 * @param windows a click on the notification brings the first of them to the front
 * @param wanted asked when a search ends
 */
export function createNotifier(
  windows: () => readonly BrowserWindow[],
  wanted: () => boolean,
): (name: string, progress: RunProgress) => void {
  // The system only lists a notification; without a reference, a click on it would be lost.
  let latest: Notification | null = null;
  return (name, progress) => {
    const words = endingWords(name, progress);
    const [window] = windows();
    if (!words || !window || window.isFocused() || !wanted() || !Notification.isSupported()) return;
    latest = new Notification(words);
    latest.on('click', () => {
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.focus();
    });
    latest.show();
  };
}
