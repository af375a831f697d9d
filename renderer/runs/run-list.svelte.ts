/** How the list of runs is looked at, and which of them are chosen; order and groups are remembered. */
import type { RunSummary } from '../../preload/contract.ts';
import {
  foundRuns,
  listRows,
  runGroupings,
  runSortKeys,
  type ListRow,
  type RunGrouping,
  type RunOrder,
  type RunSortKey,
} from './run-order.ts';

const storageKey = 'zico.list-of-runs';
const usualOrder: RunOrder = { key: 'created', descending: true };
/** What one looks for first when sorting by it: names from A, everything else from the largest. */
const risesFirst: ReadonlySet<RunSortKey> = new Set(['name', 'state']);

export class RunListView {
  readonly #runs: () => readonly RunSummary[];
  readonly #storage: Storage;
  term = $state('');
  #order: RunOrder = $state.raw(usualOrder);
  #grouping: RunGrouping = $state('none');
  #chosen: ReadonlySet<string> = $state.raw(new Set());
  /** From where a range is chosen. */
  #anchor: string | null = null;

  constructor(runs: () => readonly RunSummary[], storage: Storage) {
    this.#runs = runs;
    this.#storage = storage;
    const { order, grouping } = read(storage);
    this.#order = order;
    this.#grouping = grouping;
  }

  get order(): RunOrder {
    return this.#order;
  }

  get grouping(): RunGrouping {
    return this.#grouping;
  }

  set grouping(grouping: RunGrouping) {
    this.#grouping = grouping;
    this.#keep();
  }

  readonly found: readonly RunSummary[] = $derived.by(() => foundRuns(this.#runs(), this.term));

  readonly rows: readonly ListRow[] = $derived.by(() =>
    listRows(this.found, this.#order, this.#grouping),
  );

  sortBy(key: RunSortKey): void {
    const same = this.#order.key === key;
    this.#order = { key, descending: same ? !this.#order.descending : !risesFirst.has(key) };
    this.#keep();
  }

  /** The chosen ones among those that are found: nothing is done to a run that one does not see. */
  readonly chosen: readonly RunSummary[] = $derived.by(() =>
    this.found.filter(({ run }) => this.#chosen.has(run)),
  );

  isChosen(run: string): boolean {
    return this.#chosen.has(run);
  }

  get allChosen(): boolean {
    return this.found.length > 0 && this.chosen.length === this.found.length;
  }

  /** @param range with all between it and the one chosen before */
  choose(run: string, chosen: boolean, range = false): void {
    const next = new Set(this.#chosen);
    for (const one of range ? this.#upTo(run) : [run]) {
      if (chosen) next.add(one);
      else next.delete(one);
    }
    this.#chosen = next;
    this.#anchor = run;
  }

  chooseAll(chosen: boolean): void {
    this.#chosen = new Set(chosen ? this.found.map(({ run }) => run) : []);
    this.#anchor = null;
  }

  /** A run has another identifier now. */
  renamed(from: string, to: string): void {
    if (!this.#chosen.has(from)) return;
    this.#chosen = new Set([...this.#chosen].map((run) => (run === from ? to : run)));
  }

  #upTo(run: string): string[] {
    const runs = this.rows.flatMap((row) => (row.kind === 'run' ? [row.run.run] : []));
    const [from, to] = [this.#anchor === null ? -1 : runs.indexOf(this.#anchor), runs.indexOf(run)];
    if (from < 0 || to < 0) return [run];
    return runs.slice(Math.min(from, to), Math.max(from, to) + 1);
  }

  #keep(): void {
    const kept = { order: this.#order, grouping: this.#grouping };
    this.#storage.setItem(storageKey, JSON.stringify(kept));
  }
}

function read(storage: Storage): { order: RunOrder; grouping: RunGrouping } {
  const usual = { order: usualOrder, grouping: 'none' as const };
  try {
    const stored = JSON.parse(storage.getItem(storageKey) ?? '{}') as {
      order?: { key?: unknown; descending?: unknown };
      grouping?: unknown;
    };
    const key = runSortKeys.find((one) => one === stored.order?.key);
    return {
      order: key ? { key, descending: stored.order?.descending === true } : usual.order,
      grouping: runGroupings.find((one) => one === stored.grouping) ?? usual.grouping,
    };
  } catch {
    return usual;
  }
}
