/**
 * What went wrong on the current page. A notice remains until it is dismissed, until what caused it succeeds,
 * or until another page is opened. Repeated errors are counted, not stacked.
 */
import { untrack } from 'svelte';
import type { ErrorReport } from '../../preload/contract.ts';
import { errorReportOf } from '../ground/bridge.ts';

export interface Notice extends ErrorReport {
  readonly id: number;
  readonly times: number;
  /** The page on which it happened. */
  readonly place: string;
  /** ISO time of the latest one. */
  readonly at: string;
}

export class NoticeStore {
  #list: readonly Notice[] = $state.raw([]);
  #nextId = 1;
  readonly #place: () => string;

  /** @param place the current page, such as its address */
  constructor(place: () => string = () => '') {
    this.#place = place;
  }

  get list(): readonly Notice[] {
    return this.#list;
  }

  /** Shows whatever was thrown. */
  fail(error: unknown): void {
    this.show(errorReportOf(error));
  }

  show(report: ErrorReport): void {
    const at = new Date().toISOString();
    const list = untrack(() => this.#list);
    const same = list.find(
      (notice) => notice.code === report.code && notice.message === report.message,
    );
    this.#list = same
      ? list.map((notice) => (notice === same ? { ...same, times: same.times + 1, at } : notice))
      : [...list, { ...report, id: this.#nextId++, times: 1, at, place: untrack(this.#place) }];
  }

  /** The notices no longer apply, because an action of this page has succeeded since. */
  settled(): void {
    this.#leaveOut((notice) => notice.place === this.#place());
  }

  /** Another page is shown, so notices of other pages are removed. */
  moved(): void {
    this.#leaveOut((notice) => notice.place !== this.#place());
  }

  /** Removes the notice with that code. */
  withdraw(code: string): void {
    this.#leaveOut((notice) => notice.code === code);
  }

  dismiss(id: number): void {
    this.#leaveOut((notice) => notice.id === id);
  }

  #leaveOut(gone: (notice: Notice) => boolean): void {
    const list = untrack(() => this.#list);
    const left = list.filter((notice) => !untrack(() => gone(notice)));
    if (left.length < list.length) this.#list = left;
  }
}
