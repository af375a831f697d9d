/** What the page of a farm says, from a look at it. Pure. */
import type { FarmPhone, FarmStatus, FarmView, WorkerRecord } from '../../preload/contract.ts';
import { duration } from '../ground/words/format.ts';
import type { Mood } from '../ground/words/mood.ts';
import { farmText as words } from './text.ts';

/** A phone of the farm with the worker that has it. */
export interface PhoneOfFarm {
  readonly worker: string;
  readonly phone: FarmPhone;
}

export function phonesOfFarm(status: FarmStatus | null): readonly PhoneOfFarm[] {
  return (status?.workers ?? []).flatMap(({ name, phones }) =>
    phones.map((phone) => ({ worker: name, phone })),
  );
}

export function modelsOf(status: FarmStatus | null): readonly string[] {
  return [...new Set(phonesOfFarm(status).flatMap(({ phone }) => phone.model ?? []))].sort();
}

export function workerMood({ state }: WorkerRecord): Mood {
  return state === 'working' ? 'ok' : state === 'draining' ? 'hot' : 't2';
}

export function phoneMood({ state }: FarmPhone): Mood {
  if (state === 'measuring' || state === 'starting') return 'ok';
  return state === 'idle' ? 't2' : state === 'away' ? 'failed' : 'hot';
}

/** How long ago, or for how long, by the server's clock. */
export function spanSince(moment: number, now: number): string {
  return duration(Math.max(0, now - moment) / 1000);
}

/** Its searches' spaces by the names that jobs carry. */
export function spaceNameOf(status: FarmStatus, run: string): string {
  const found = [...status.runs, ...status.measuring].find((one) => one.run === run);
  return found === undefined ? run : `${found.space} from ${found.host}`;
}

/** One line about the connection. */
export function farmSummary(view: FarmView | null): string {
  if (view === null || view.url === null || view.state === 'off') return words.off;
  if (view.state === 'failed') return words.failed;
  const { status } = view;
  if (status === null) return words.connecting;
  if (status.workers.length === 0) return words.noWorker;
  const threads = status.workers.reduce((sum, { offer }) => sum + offer.threads, 0);
  const rate = status.workers.reduce((sum, worker) => sum + worker.rate, 0);
  return words.subtitle(status.workers.length, threads, String(Math.round(rate * 10) / 10));
}
