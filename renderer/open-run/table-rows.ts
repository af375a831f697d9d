/** Which candidates the table lists, and in which order. */
import { proxyKeys } from '../../main/common/proxies.ts';
import type { CandidateColumns } from './columns/columns.ts';
import { KeptColumn } from './columns/kept-column.ts';
import { KeptOrder } from './columns/kept-order.ts';

export const tableFilters = ['front', 'all', 'starred', 'failed'] as const;
export type TableFilter = (typeof tableFilters)[number];

export const sortKeys = [
  'id',
  'score',
  'latency',
  'zico',
  'bias',
  ...proxyKeys,
  'macs',
  'parameters',
  'generation',
] as const;
export type SortKey = (typeof sortKeys)[number];

export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** Another column starts with what one looks for there: the highest score, the lowest of the rest. */
export function nextSorting(current: Sorting, key: SortKey): Sorting {
  if (current.key === key) return { key, descending: !current.descending };
  const best: readonly SortKey[] = ['score', 'zico', ...proxyKeys];
  return { key, descending: best.includes(key) };
}

export function filterRows(
  columns: CandidateColumns,
  front: Uint32Array,
  filter: TableFilter,
  upTo: number,
  /** Ids of candidates. */
  starred: ReadonlySet<number> = new Set(),
): number[] {
  if (filter === 'front') return [...front];
  const indices: number[] = [];
  for (let i = 0; i < columns.length; i++) {
    if (columns.generation[i]! > upTo) continue;
    if (
      filter === 'all' ||
      (filter === 'starred' ? starred.has(columns.ids[i]!) : columns.isFailed(i))
    )
      indices.push(i);
  }
  return indices;
}

/**
 * All candidates in the order of a column, kept while more arrive; what has no value comes last, whichever way it is
 * sorted.
 */
export class KeptRows {
  readonly #keys = new KeptColumn();
  readonly #order = new KeptOrder();

  /** @param basis what the values of the column follow from beside the candidate */
  of(
    columns: CandidateColumns,
    score: Float64Array,
    sorting: Sorting,
    basis: readonly unknown[],
    bias: Float64Array = columns.bias,
  ): Uint32Array {
    const { key, descending } = sorting;
    const { length, ids } = columns;
    const all = [key, descending, ...basis];
    const value = valueOf(columns, score, key, bias);
    const keys = this.#keys.of(all, length, (into, from, to) => {
      for (let i = from; i < to; i++) {
        const one = value(i);
        into[i] = Number.isNaN(one) ? Number.MAX_VALUE : descending ? -one : one;
      }
    });
    return this.#order.of(all, keys, length, ids);
  }
}

/** Sorts in place; what has no value (a failed candidate's score) always comes last. */
export function sortRows(
  indices: number[],
  columns: CandidateColumns,
  score: Float64Array,
  sorting: Sorting,
  bias: Float64Array = columns.bias,
): number[] {
  const value = valueOf(columns, score, sorting.key, bias);
  const direction = sorting.descending ? -1 : 1;
  return indices.sort((a, b) => {
    const left = value(a);
    const right = value(b);
    const leftMissing = Number.isNaN(left);
    const rightMissing = Number.isNaN(right);
    if (leftMissing || rightMissing) {
      if (leftMissing && rightMissing) return columns.ids[a]! - columns.ids[b]!;
      return leftMissing ? 1 : -1;
    }
    return (left - right) * direction || columns.ids[a]! - columns.ids[b]!;
  });
}

function valueOf(
  columns: CandidateColumns,
  score: Float64Array,
  key: SortKey,
  bias: Float64Array,
): (index: number) => number {
  switch (key) {
    case 'id':
      return (i) => columns.ids[i]!;
    case 'score':
      return (i) => score[i]!;
    case 'latency':
      return (i) => columns.latencyMs[i]!;
    case 'zico':
      return (i) => columns.zico[i]!;
    case 'bias':
      return (i) => bias[i]!;
    case 'macs':
      return (i) => columns.sizeOf(i).macs;
    case 'parameters':
      return (i) => columns.sizeOf(i).parameters;
    case 'generation':
      return (i) => columns.generation[i]!;
    default: {
      const values = columns.proxies.get(key);
      return (i) => values?.[i] ?? NaN;
    }
  }
}
