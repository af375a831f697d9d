/** Filters with a name, which hold for any run: ranges in the measures' own values, either end open. */
import type { FilterRange } from './filter.ts';
import type { MeasureKey } from './measures.ts';

export interface SavedFilter {
  readonly name: string;
  readonly ranges: ReadonlyMap<MeasureKey, FilterRange>;
}

const key = 'zico.filters';
export const longestFilterName = 60;
/** More than a list that one reads. */
export const mostFilters = 50;

export class SavedFilters {
  #list: readonly SavedFilter[] = $state.raw([]);
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#list = parse(storage.getItem(key));
  }

  /** By name. */
  get list(): readonly SavedFilter[] {
    return this.#list;
  }

  get full(): boolean {
    return this.#list.length >= mostFilters;
  }

  has(name: string): boolean {
    return this.#list.some((one) => one.name === name.trim());
  }

  /** In the place of one of the same name. */
  save(name: string, ranges: ReadonlyMap<MeasureKey, FilterRange>): void {
    const named = name.trim().slice(0, longestFilterName);
    if (named === '' || ranges.size === 0 || (this.full && !this.has(named))) return;
    const others = this.#list.filter((one) => one.name !== named);
    this.#keep([...others, { name: named, ranges: new Map(ranges) }]);
  }

  remove(name: string): void {
    this.#keep(this.#list.filter((one) => one.name !== name));
  }

  #keep(list: readonly SavedFilter[]): void {
    this.#list = list.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
    const stored = this.#list.map(({ name, ranges }) => ({
      name,
      // JSON has no infinity: an open end is null.
      ranges: [...ranges].map(([measure, { from, to }]) => [measure, orNull(from), orNull(to)]),
    }));
    this.#storage.setItem(key, JSON.stringify(stored));
  }
}

const orNull = (end: number): number | null => (Number.isFinite(end) ? end : null);

/** As far as it is what was stored. */
function parse(stored: string | null): SavedFilter[] {
  let found: unknown;
  try {
    found = JSON.parse(stored ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(found)) return [];
  const filters = found.flatMap((one: unknown): SavedFilter[] => {
    const { name, ranges } = (one ?? {}) as { name?: unknown; ranges?: unknown };
    if (typeof name !== 'string' || name === '' || !Array.isArray(ranges)) return [];
    const read = new Map(ranges.flatMap(rangeIn));
    return read.size === 0 ? [] : [{ name: name.slice(0, longestFilterName), ranges: read }];
  });
  return [...new Map(filters.map((one) => [one.name, one])).values()].slice(0, mostFilters);
}

function rangeIn(entry: unknown): [MeasureKey, FilterRange][] {
  if (!Array.isArray(entry)) return [];
  const [measure, low, high] = entry as unknown[];
  const isEnd = (end: unknown): end is number | null =>
    end === null || (typeof end === 'number' && Number.isFinite(end));
  if (typeof measure !== 'string' || !isEnd(low) || !isEnd(high)) return [];
  const range = { from: low ?? -Infinity, to: high ?? Infinity };
  if (range.from > range.to || (low === null && high === null)) return [];
  return [[measure as MeasureKey, range]];
}
