/** The one filter of a run: ranges brushed on the chart and on parallel coordinates, which all have to hold. */
import { countMeeting, maskOf, type Condition, type FilterRange } from './filter.ts';
import type { Measure, MeasureKey } from './measures.ts';
import type { MeasureStore } from './measures.svelte.ts';
import type { RunRanking } from '../ranking/ranking.svelte.ts';
import type { RunData } from '../columns/run-data.svelte.ts';

export interface FilterPart {
  readonly measure: Measure;
  readonly range: FilterRange;
  /** How many meet this part alone, of the generations shown. */
  readonly count: number;
}

export class Filter {
  #ranges: ReadonlyMap<MeasureKey, FilterRange> = $state.raw(new Map());
  readonly #data: RunData;
  readonly #ranking: RunRanking;
  readonly #measures: MeasureStore;

  constructor(data: RunData, ranking: RunRanking, measures: MeasureStore) {
    this.#data = data;
    this.#ranking = ranking;
    this.#measures = measures;
  }

  readonly #conditions = $derived.by(() =>
    [...this.#ranges].flatMap(([key, range]): (Condition & { measure: Measure })[] => {
      const measure = this.#measures.get(key);
      return measure ? [{ measure, values: measure.values, range }] : [];
    }),
  );

  /** 0 for each candidate that is left out; null where nothing is filtered. */
  readonly mask: Uint8Array | null = $derived.by(() =>
    this.#conditions.length === 0 ? null : maskOf(this.#conditions, this.#data.columns.length),
  );

  readonly parts: readonly FilterPart[] = $derived.by(() => {
    const { generation, length } = this.#data.columns;
    const { upTo } = this.#ranking;
    return this.#conditions.map((condition) => ({
      measure: condition.measure,
      range: condition.range,
      count: countMeeting(condition, generation, upTo, length),
    }));
  });

  /** How many pass, of the generations shown; null where nothing is filtered. */
  readonly passing: number | null = $derived.by(() => {
    if (!this.mask) return null;
    const range = { from: 1, to: 1 };
    const { generation, length } = this.#data.columns;
    return countMeeting({ values: this.mask, range }, generation, this.#ranking.upTo, length);
  });

  /** Where nothing passes: the part without which the most would; null where no single one hinders. */
  readonly hindering: { readonly part: FilterPart; readonly left: number } | null = $derived.by(
    () => {
      if (this.passing !== 0) return null;
      const { generation, length } = this.#data.columns;
      const { upTo } = this.#ranking;
      const all = this.#conditions;
      const lefts = this.parts.map((part, i) => {
        const values = maskOf(
          all.filter((_, other) => other !== i),
          length,
        );
        const left = countMeeting({ values, range: { from: 1, to: 1 } }, generation, upTo, length);
        return { part, left };
      });
      const most = lefts.reduce<(typeof lefts)[number] | null>(
        (best, one) => (one.left > (best?.left ?? 0) ? one : best),
        null,
      );
      return this.parts.length > 1 ? most : null;
    },
  );

  /** What is kept of each measure, of those that the run does not have as well. */
  get ranges(): ReadonlyMap<MeasureKey, FilterRange> {
    return this.#ranges;
  }

  /** Another filter in the place of this one. */
  replace(ranges: ReadonlyMap<MeasureKey, FilterRange>): void {
    this.#ranges = new Map(ranges);
  }

  get active(): boolean {
    return this.#ranges.size > 0;
  }

  range(key: MeasureKey): FilterRange | null {
    return this.#ranges.get(key) ?? null;
  }

  /** Keeps what is in the ranges; null removes a measure from the filter. */
  set(changes: Readonly<Partial<Record<MeasureKey, FilterRange | null>>>): void {
    const ranges = new Map(this.#ranges);
    for (const [key, range] of Object.entries(changes) as [MeasureKey, FilterRange | null][]) {
      if (range) ranges.set(key, range);
      else ranges.delete(key);
    }
    this.#ranges = ranges;
  }

  clear(): void {
    this.#ranges = new Map();
  }
}
