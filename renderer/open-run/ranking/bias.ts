/**
 * How deep and wide networks are, and which beta the paper's rule asks for: raise it until most networks
 * of the front have left maximum depth (ZiCo-BC, arXiv 2309.14666). The same as `zico analyse` says; a test
 * holds the two together.
 */
import type { CandidateRow } from '../../../preload/contract.ts';

/** From here on of the space's range a network counts as one of maximum depth. */
export const maximumDepth = 0.95;
/** 0, 0.25, ... 4. */
export const betas: readonly number[] = Array.from({ length: 17 }, (_, i) => i / 4);

export type Placed = Pick<CandidateRow, 'relativeDepth' | 'relativeWidth'>;

/** Averages over some networks; null where the space fixes or lacks the measure, or nothing is there. */
export interface Shape {
  readonly networks: number;
  readonly depth: number | null;
  readonly width: number | null;
  /** Share of the networks that are at maximum depth. */
  readonly deep: number | null;
}

export function shapeOf(networks: readonly Placed[]): Shape {
  return {
    networks: networks.length,
    depth: mean(networks.map(({ relativeDepth }) => relativeDepth)),
    width: mean(networks.map(({ relativeWidth }) => relativeWidth)),
    deep: mean(
      networks.map(({ relativeDepth }) =>
        relativeDepth === null ? null : Number(relativeDepth >= maximumDepth),
      ),
    ),
  };
}

function mean(values: readonly (number | null)[]): number | null {
  let sum = 0;
  let known = 0;
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    known++;
  }
  return known === 0 ? null : sum / known;
}

export interface CurvePoint extends Shape {
  readonly beta: number;
}

export type BetaAdvice =
  /** Depth is fixed or unknown, or nothing was scored yet. */
  | { readonly kind: 'no-rule' }
  | { readonly kind: 'not-needed'; readonly beta: 0; readonly plain: CurvePoint }
  | {
      readonly kind: 'enough';
      readonly beta: number;
      readonly plain: CurvePoint;
      readonly there: CurvePoint;
    }
  | { readonly kind: 'none-is-enough'; readonly plain: CurvePoint; readonly last: CurvePoint };

/** @param curve fronts for rising beta, from 0 */
export function adviseBeta(curve: readonly CurvePoint[]): BetaAdvice {
  const [plain] = curve;
  if (!plain || plain.deep === null) return { kind: 'no-rule' };
  if (plain.deep < 0.5) return { kind: 'not-needed', beta: 0, plain };
  const there = curve.find(({ deep }) => (deep ?? 0) < 0.5);
  if (there) return { kind: 'enough', beta: there.beta, plain, there };
  return { kind: 'none-is-enough', plain, last: curve[curve.length - 1] };
}
