/**
 * What a run ranks by, as the parts of ZiCo-BC: then whatever follows the front of a score at some beta follows
 * that of any score. Of ZiCo-BC itself these are the columns; of another score it stands in the place of ZiCo, with
 * no bias beside it.
 */
import {
  combined,
  partsOfObjective,
  valueOfPart,
  type ObjectivePart,
} from '../../../main/common/objectives.ts';
import type { BiasWay } from '../../../main/common/zico-bc.ts';
import type { CandidateColumns } from '../columns/columns.ts';
import type { ScoreColumns } from './pareto.ts';

export type RankedColumns = ScoreColumns & { readonly generation: Int32Array };

/** Whether the bias correction is all there is beside ZiCo, so that another beta is another ranking of the run. */
export const ranksByBeta = (score: string): boolean => score === 'zico-bc' || score === 'zico';

/** @param way of counting the bias, where that is not the run's own */
export function rankedColumns(
  score: string,
  columns: CandidateColumns,
  beta: number,
  capped: boolean,
  way: BiasWay | null = null,
): RankedColumns {
  if (ranksByBeta(score)) {
    const bias = way === null ? undefined : columns.biases.get(way);
    if (bias === undefined) return columns;
    const { length, generation, zico, zicoCapped } = columns;
    return { length, generation, zico, zicoCapped, bias };
  }
  const { length, generation } = columns;
  const values = partsOfObjective(score).map((part) => partOf(part, columns, beta, capped));
  const figures = Float64Array.from(combined(values), (one) => (one === -Infinity ? NaN : one));
  return {
    ...{ length, generation, zico: figures, zicoCapped: figures },
    bias: new Float64Array(length),
  };
}

function partOf(
  part: ObjectivePart,
  { length, zico, zicoCapped, bias, proxies }: CandidateColumns,
  beta: number,
  capped: boolean,
): (number | null)[] {
  const known = (values: Float64Array, i: number): number | null =>
    Number.isNaN(values[i]!) ? null : values[i]!;
  return Array.from({ length }, (_, i) => {
    const said = [...proxies].map(([key, values]) => [key, known(values, i)] as const);
    const parts = { zico: known(zico, i), zicoCapped: known(zicoCapped, i), bias: known(bias, i) };
    const scored = { ...parts, proxies: Object.fromEntries(said) };
    return valueOfPart(part, scored, { beta, termCap: capped ? 1 : null });
  });
}
