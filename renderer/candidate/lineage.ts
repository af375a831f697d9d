/** A candidate's parents, its children, and what dominates it. */
import type { CandidateColumns } from '../open-run/columns/columns.ts';

export interface Lineage {
  readonly parents: readonly number[];
  /** Ids of all candidates that it is a parent of, in id order. */
  readonly children: readonly number[];
}

export function lineageOf(columns: CandidateColumns, id: number): Lineage {
  const parents = [...new Set(columns.row(id)?.parents ?? [])];
  return { parents, children: columns.childrenOf(id) };
}

/**
 * Members of the front that cost no more and score higher, cheapest first.
 * @param index of the candidate; one on the front, or without score or cost, is dominated by nobody
 */
export function dominatorsOf(
  index: number,
  front: Uint32Array,
  cost: Float64Array,
  score: Float64Array,
): number[] {
  if (!Number.isFinite(score[index]) || !Number.isFinite(cost[index])) return [];
  return [...front].filter(
    (member) =>
      member !== index &&
      cost[member]! <= cost[index]! &&
      score[member]! >= score[index]! &&
      (cost[member]! < cost[index]! || score[member]! > score[index]!),
  );
}
