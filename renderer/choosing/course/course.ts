/** How a search went, period by period: how many candidates there were, what its front covered, its best score. */

export interface CoursePoint {
  /** Candidates that had been tried. */
  readonly at: number;
  /** NaN where there is no value. */
  readonly value: number;
}

interface Tried {
  readonly length: number;
  readonly generation: Int32Array;
  readonly lastGeneration: number;
}

/** Candidates that had been tried after each period. */
export function triedAfter({ length, generation, lastGeneration }: Tried): number[] {
  const tried = new Array<number>(length === 0 ? 0 : lastGeneration + 1).fill(0);
  for (let i = 0; i < length; i++) tried[generation[i]!]!++;
  let all = 0;
  return tried.map((n) => (all += n));
}

/** The highest score after each period; NaN before the first one. */
export function bestAfter(
  { length, generation, lastGeneration }: Tried,
  scores: Float64Array,
): number[] {
  const best = new Array<number>(length === 0 ? 0 : lastGeneration + 1).fill(-Infinity);
  for (let i = 0; i < length; i++) {
    const period = generation[i]!;
    if (scores[i]! > best[period]!) best[period] = scores[i]!;
  }
  let highest = -Infinity;
  return best.map((one) => {
    highest = Math.max(highest, one);
    return highest === -Infinity ? NaN : highest;
  });
}

export function pointsOf(tried: readonly number[], values: readonly number[]): CoursePoint[] {
  return values.map((value, i) => ({ at: tried[i] ?? NaN, value }));
}
