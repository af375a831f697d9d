/**
 * Ranking in the window: ZiCo and bias are stored apart, so another beta or the term cap re-ranks
 * everything already scored. Columns are typed arrays; 50,000 candidates rank within a frame.
 * Scores are maximised, costs (latency or MACs) minimised.
 */
import { biasCorrected } from '../../../main/common/zico-bc.ts';
import { countUpTo } from '../columns/kept-order.ts';

export interface ScoreColumns {
  readonly length: number;
  /** NaN where a candidate failed. */
  readonly zico: Float64Array;
  readonly zicoCapped: Float64Array;
  readonly bias: Float64Array;
}

/** ZiCo-BC of every candidate; `capped` takes ZiCo with its terms capped. */
export function scoreAll(columns: ScoreColumns, beta: number, capped: boolean): Float64Array {
  const scores = new Float64Array(columns.length);
  scoreRows(scores, columns, beta, capped, 0, columns.length);
  return scores;
}

/** Writes the scores of rows `from` up to `to`, which is not one of them. */
export function scoreRows(
  scores: Float64Array,
  columns: ScoreColumns,
  beta: number,
  capped: boolean,
  from: number,
  to: number,
): void {
  const { bias } = columns;
  const zico = capped ? columns.zicoCapped : columns.zico;
  for (let i = from; i < to; i++) scores[i] = biasCorrected(zico[i]!, bias[i]!, beta);
}

/**
 * Scores a few candidates repeatedly, for their fronts at many betas. The returned array is meaningful at these
 * indices only, and is the same one each time.
 */
export class SomeScores {
  #scores = new Float64Array(0);

  of(columns: ScoreColumns, indices: Uint32Array, beta: number, capped: boolean): Float64Array {
    const { length, bias } = columns;
    const zico = capped ? columns.zicoCapped : columns.zico;
    if (this.#scores.length < length) this.#scores = new Float64Array(2 * length);
    for (const i of indices) this.#scores[i] = biasCorrected(zico[i]!, bias[i]!, beta);
    return this.#scores;
  }
}

/** Those of `order` that cost no more than `most`. */
export function cheapest(order: Uint32Array, cost: Float64Array, most: number): Uint32Array {
  return order.subarray(0, countUpTo(order, cost, most));
}

/**
 * Where the front bends most: the member farthest above the chord between its ends, with the cost
 * on a logarithmic axis as it is drawn. Null when there is no inside.
 */
export function kneeOf(front: Uint32Array, cost: Float64Array, score: Float64Array): number | null {
  if (front.length < 3) return null;
  const first = front[0]!;
  const last = front[front.length - 1]!;
  const costSpan = Math.log(cost[last]! / cost[first]!);
  const scoreSpan = score[last]! - score[first]!;
  if (!(costSpan > 0) || !(scoreSpan > 0)) return null;
  let knee: number | null = null;
  let most = 0;
  for (const i of front) {
    const bulge =
      (score[i]! - score[first]!) / scoreSpan - Math.log(cost[i]! / cost[first]!) / costSpan;
    if (bulge > most) {
      most = bulge;
      knee = i;
    }
  }
  return knee;
}

/** The costliest member of a front that costs no more than `most`: the best one under it; null where none does. */
export function lastUnder(front: Uint32Array, cost: Float64Array, most: number): number | null {
  let last: number | null = null;
  for (const i of front) {
    if (cost[i]! > most) break;
    last = i;
  }
  return last;
}
