/** Errors that stay until they are dismissed. The same error again is counted, not stacked. */
import { untrack } from 'svelte';
import type { ErrorReport } from '../../preload/contract.ts';
import { reportOf } from '../ground/bridge.ts';

export interface Notice extends ErrorReport {
  readonly id: number;
  readonly times: number;
  /** ISO time of the latest one. */
  readonly at: string;
}

export class NoticeStore {
  #list: readonly Notice[] = $state.raw([]);
  #nextId = 1;

  get list(): readonly Notice[] {
    return this.#list;
  }

  /** Shows whatever was thrown. */
  fail(error: unknown): void {
    this.show(reportOf(error));
  }

  show(report: ErrorReport): void {
    const at = new Date().toISOString();
    const list = untrack(() => this.#list);
    const same = list.find(
      (notice) => notice.code === report.code && notice.message === report.message,
    );
    this.#list = same
      ? list.map((notice) => (notice === same ? { ...same, times: same.times + 1, at } : notice))
      : [...list, { ...report, id: this.#nextId++, times: 1, at }];
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
  }
}
