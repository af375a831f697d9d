/** Notifies a person who is looking at something else that a search, or the queue of them, has ended. */
import { Notification, type BrowserWindow } from 'electron';
import type { RunProgress } from '../../preload/contract.ts';
import type { StoredSearch } from './queue/queue-file.ts';

export interface Words {
  readonly title: string;
  readonly body: string;
}

/** Nobody has turned to something else during a search that was shorter. */
const shortestSeconds = 30;

/** Title and body in the window's language; null where the person ended the search, and for a short one that went well. */
export function endingWords(
  name: string,
  {
    state,
    evaluated,
    failed,
    error,
    elapsedSeconds,
  }: Pick<RunProgress, 'state' | 'evaluated' | 'failed' | 'error' | 'elapsedSeconds'>,
): Words | null {
  if (state === 'finished' && elapsedSeconds < shortestSeconds) return null;
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
 * The same for searches of the queue that ended one after the other; null where a person ended them all.
 * @param searchedSeconds of all of them
 */
export function queueWords(ended: readonly StoredSearch[], searchedSeconds: number): Words | null {
  const count = (state: StoredSearch['state']) => ended.filter((one) => one.state === state).length;
  const [finished, stopped, failed] = [count('finished'), count('stopped'), count('failed')];
  if (stopped === ended.length) return null;
  if (failed === 0 && searchedSeconds < shortestSeconds) return null;
  const [only, another] = ended;
  const title = another === undefined ? `${only!.wanted.name}` : `${ended.length} searches`;
  const first = ended.find(({ error }) => error !== null);
  const body = [
    `${finished} finished`,
    ...(stopped > 0 ? [`${stopped} stopped`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(', ');
  const reason = failed > 0 && first ? ` ${first.wanted.name}: ${first.error!.message}` : '';
  return { title: `The queue has ended: ${title}`, body: `${body}.${reason}` };
}

/**
 * @param windows a click on the notification brings the first of them to the front
 * @param wanted asked each time
 */
export function createNotifier(
  windows: () => readonly BrowserWindow[],
  wanted: () => boolean,
): (words: Words | null) => void {
  // The system only lists a notification; without a reference, a click on it would be lost.
  let latest: Notification | null = null;
  return (words) => {
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
