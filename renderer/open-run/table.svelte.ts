/** Which candidates are listed below the chart, and in which order. */
import { foundMask } from './find-candidates.ts';
import { filterRows, KeptRows, nextSorting, sortRows } from './table-rows.ts';
import type { Sorting, SortKey, TableFilter } from './table-rows.ts';
import type { ChartChoices } from './chart.svelte.ts';
import type { Filter } from './measures/filter.svelte.ts';
import type { MarkStore } from './marks.svelte.ts';
import type { RunRanking } from './ranking/ranking.svelte.ts';
import type { RunData } from './columns/run-data.svelte.ts';

export class TableStore {
  readonly #data: RunData;
  readonly #ranking: RunRanking;
  readonly #marks: MarkStore;
  readonly #ranges: Filter;
  readonly #chart: ChartChoices;
  #sorting: Sorting | null = $state.raw(null);
  #find = $state('');

  constructor(
    data: RunData,
    ranking: RunRanking,
    marks: MarkStore,
    ranges: Filter,
    chart: ChartChoices,
  ) {
    this.#chart = chart;
    this.#ranges = ranges;
    this.#marks = marks;
    this.#data = data;
    this.#ranking = ranking;
  }

  /** What is looked for among number, name and genotype; empty lists everything. */
  get find(): string {
    return this.#find;
  }

  set find(find: string) {
    this.#find = find;
  }

  readonly #found = $derived.by(() =>
    foundMask(this.#data.columns, this.#find, (id) => this.#marks.name(id)),
  );

  /** Indices of the listed candidates, in no order: those of the tab that pass the filter of the chart. */
  readonly listed: readonly number[] = $derived.by(() => this.#listed(this.filter));

  /** Those of the tab that the filter leaves out. */
  readonly leftOut: readonly number[] = $derived.by(() => {
    const { mask } = this.#ranges;
    return mask ? this.#ofTab(this.filter).filter((index) => mask[index] === 0) : [];
  });

  readonly #all = new KeptRows();
  /** The listed ones in the table's order; a view of memory that the next rows are written to. */
  readonly rows: Uint32Array = $derived.by(() => {
    const { columns } = this.#data;
    const { scores, biases } = this.#ranking;
    const { sorting } = this;
    if (this.filter !== 'all') {
      return Uint32Array.from(sortRows([...this.listed], columns, scores, sorting, biases));
    }
    const basis = sorting.key === 'id' ? [] : this.#ranking.basisOf(sorting.key);
    const all = this.#all.of(columns, scores, sorting, basis, biases);
    const { upTo } = this.#ranking;
    const { mask } = this.#ranges;
    const found = this.#found;
    if (!mask && !found && upTo === Infinity) return all;
    const { generation } = columns;
    return all.filter(
      (index) => generation[index]! <= upTo && mask?.[index] !== 0 && found?.[index] !== 0,
    );
  });

  /** Evaluated candidates of the generations shown, whatever the filter. */
  readonly shownCount = $derived.by((): number => {
    const { columns } = this.#data;
    const { generation, upTo, order } = this.#ranking;
    if (generation === null) return columns.length - columns.failed;
    let n = 0;
    for (const i of order) if (columns.generation[i]! <= upTo) n++;
    return n;
  });

  readonly counts: Readonly<Record<TableFilter, number>> = $derived.by(() => {
    const count = (filter: TableFilter): number => this.#listed(filter).length;
    const { columns } = this.#data;
    const whole = this.#ranking.generation === null && !this.#ranges.active && this.#found === null;
    return {
      front: count('front'),
      all: whole ? columns.length : count('all'),
      starred: whole ? this.#marks.starred.size : count('starred'),
      failed: whole ? columns.failed : count('failed'),
    };
  });

  #listed(filter: TableFilter): number[] {
    const { mask } = this.#ranges;
    const found = this.#found;
    const all = this.#ofTab(filter);
    if (!mask && !found) return all;
    return all.filter((index) => mask?.[index] !== 0 && found?.[index] !== 0);
  }

  #ofTab(filter: TableFilter): number[] {
    const { front, upTo } = this.#ranking;
    return filterRows(this.#data.columns, front, filter, upTo, this.#marks.starred);
  }

  get filter(): TableFilter {
    return this.#chart.tab;
  }

  set filter(filter: TableFilter) {
    this.#chart.tab = filter;
  }

  /** By cost until a person sorts otherwise; what failed has no cost and goes by its number. */
  get sorting(): Sorting {
    const own = this.#sorting;
    if (this.filter === 'failed') {
      return own?.key === 'generation'
        ? own
        : { key: 'id', descending: own?.key === 'id' && own.descending };
    }
    const key = this.#ranking.axis;
    return own ?? { key, descending: false };
  }

  sortBy(key: SortKey): void {
    this.#sorting = nextSorting(this.sorting, key);
  }
}
