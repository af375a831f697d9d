/**
 * What went wrong on the page one is on. A notice stays until it is dismissed, until what caused it works after all,
 * or until one goes to another page. The same error again is counted, not stacked.
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

  /** @param place the page one is on, such as its address */
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

  /** What is told here no longer holds: an action of this page has gone well since. */
  settled(): void {
    this.#leaveOut((notice) => notice.place === this.#place());
  }

  /** Another page is shown: what belongs to the others leaves with them. */
  moved(): void {
    this.#leaveOut((notice) => notice.place !== this.#place());
  }

  /** Takes away what that code tells. */
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
