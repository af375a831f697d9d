/**
 * What went wrong on the current page. A notice remains until it is dismissed, until what caused it succeeds,
 * or until another page is opened. Repeated errors are counted, not stacked, and of one cause the latest remains.
 */
import { untrack } from 'svelte';
import type { ErrorReport } from '../../preload/contract.ts';
import { errorReportOf } from '../ground/bridge.ts';

/** What a notice belongs to, where a person may try it again: of each of them one notice is shown. */
export type NoticeCause = 'export' | 'save' | 'start';

export interface Notice extends ErrorReport {
  readonly id: number;
  readonly times: number;
  readonly cause: NoticeCause | null;
  /** The page on which it happened. */
  readonly place: string;
  /** ISO time of the latest one. */
  readonly at: string;
}

export class NoticeStore {
  #list: readonly Notice[] = $state.raw([]);
  readonly #shown = $derived(eachOnce(this.#list));
  #nextId = 1;
  readonly #place: () => string;

  /** @param place the current page, such as its address */
  constructor(place: () => string = () => '') {
    this.#place = place;
  }

  /** What several causes met alike, such as a full disk, is one notice. */
  get list(): readonly Notice[] {
    return this.#shown;
  }

  /** Shows whatever was thrown. */
  fail(error: unknown, cause: NoticeCause | null = null): void {
    this.show(errorReportOf(error), cause);
  }

  /** @param cause takes the place of what was last said of it */
  show(report: ErrorReport, cause: NoticeCause | null = null): void {
    const at = new Date().toISOString();
    if (cause !== null) {
      this.#leaveOut((notice) => notice.cause === cause && !saysTheSame(notice, report));
    }
    const list = untrack(() => this.#list);
    const same = list.find((notice) => saysTheSame(notice, report) && notice.cause === cause);
    this.#list = same
      ? list.map((notice) => (notice === same ? { ...same, times: same.times + 1, at } : notice))
      : [
          ...list,
          { ...report, id: this.#nextId++, times: 1, cause, at, place: untrack(this.#place) },
        ];
  }

  /** The notices no longer apply, because an action of this page has succeeded since. */
  settled(): void {
    this.#leaveOut((notice) => notice.place === this.#place());
  }

  /** Another page is shown, so notices of other pages are removed. */
  moved(): void {
    this.#leaveOut((notice) => notice.place !== this.#place());
  }

  /** What was refused is no longer what would be tried. */
  outdated(cause: NoticeCause): void {
    this.#leaveOut((notice) => notice.cause === cause);
  }

  /** Removes the notice with that code. */
  withdraw(code: string): void {
    this.#leaveOut((notice) => notice.code === code);
  }

  dismiss(id: number): void {
    const dismissed = this.#list.find((notice) => notice.id === id);
    if (dismissed) this.#leaveOut((notice) => saysTheSame(notice, dismissed));
  }

  #leaveOut(gone: (notice: Notice) => boolean): void {
    const list = untrack(() => this.#list);
    const left = list.filter((notice) => !untrack(() => gone(notice)));
    if (left.length < list.length) this.#list = left;
  }
}

const saysTheSame = (one: ErrorReport, other: ErrorReport): boolean =>
  one.code === other.code && one.message === other.message;

function eachOnce(notices: readonly Notice[]): readonly Notice[] {
  const shown: Notice[] = [];
  for (const notice of notices) {
    const place = shown.findIndex((one) => saysTheSame(one, notice));
    const before = shown[place];
    if (!before) {
      shown.push(notice);
      continue;
    }
    // One that was shown again has kept its place in the list.
    const at = before.at > notice.at ? before.at : notice.at;
    shown[place] = { ...before, times: before.times + notice.times, at };
  }
  return shown;
}
