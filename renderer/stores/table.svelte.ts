/** Filter and order of the candidate table. */
import { filterRows, nextSorting, sortRows } from '../lib/table-rows.ts';
import type { Sorting, SortKey, TableFilter } from '../lib/table-rows.ts';
import type { MarkStore } from './marks.svelte.ts';
import type { Ranking } from './ranking.svelte.ts';
import type { RunData } from './run-data.svelte.ts';

export class TableStore {
  readonly #data: RunData;
  readonly #ranking: Ranking;
  readonly #marks: MarkStore;
  #filter: TableFilter = $state('front');
  #sorting: Sorting | null = $state.raw(null);

  constructor(data: RunData, ranking: Ranking, marks: MarkStore) {
    this.#marks = marks;
    this.#data = data;
    this.#ranking = ranking;
  }

  /** Indices of the listed candidates, in order. */
  readonly rows: readonly number[] = $derived.by(() => {
    const { columns } = this.#data;
    const { front, scores, upTo } = this.#ranking;
    const { starred } = this.#marks;
    const listed = filterRows(columns, front, this.#filter, upTo, starred);
    return sortRows(listed, columns, scores, this.sorting);
  });

  get filter(): TableFilter {
    return this.#filter;
  }

  set filter(filter: TableFilter) {
    this.#filter = filter;
  }

  /** By cost until a person sorts otherwise; what failed has no cost and goes by its number. */
  get sorting(): Sorting {
    const own = this.#sorting;
    if (this.#filter === 'failed') {
      return own?.key === 'generation'
        ? own
        : { key: 'id', descending: own?.key === 'id' && own.descending };
    }
    const key = this.#ranking.axis === 'latency' ? 'latency' : 'macs';
    return own ?? { key, descending: false };
  }

  sortBy(key: SortKey): void {
    this.#sorting = nextSorting(this.sorting, key);
  }
}
