/**
 * How deep and wide networks are, and which beta the paper's rule asks for: raise it until most networks of the
 * front have left maximum depth (ZiCo-BC, arXiv 2309.14666).
 */

/** From this share of the space's range on, a network counts as having maximum depth. */
export const maximumDepth = 0.95;
/** 0, 0.25, ... 4: the paper goes up to 2. */
export const usualBetas: readonly number[] = Array.from({ length: 17 }, (_, i) => i / 4);

/** A network's place in the ranges of its space, 0 to 1; null if the space fixes or lacks the measure. */
export interface PlacedNetwork {
  readonly relativeDepth: number | null;
  readonly relativeWidth: number | null;
}

/** Averages over some networks; null if the space fixes or lacks the measure, or if there are no networks. */
export interface MeanShape {
  readonly networks: number;
  /** Mean place in the space's range, 0 to 1. */
  readonly depth: number | null;
  readonly width: number | null;
  /** Share of networks at maximum depth. */
  readonly atMaximumDepth: number | null;
}

export function shapeOf(networks: readonly PlacedNetwork[]): MeanShape {
  return {
    networks: networks.length,
    depth: mean(networks.map(({ relativeDepth }) => relativeDepth)),
    width: mean(networks.map(({ relativeWidth }) => relativeWidth)),
    atMaximumDepth: mean(
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

/** The shape of the front under one beta. */
export interface CurvePoint extends MeanShape {
  readonly beta: number;
}

export type BetaAdvice =
  /** The depth is fixed or unknown, or nothing has been scored yet. */
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
  const plain = curve[0];
  const last = curve.at(-1);
  if (!plain || !last || plain.atMaximumDepth === null) return { kind: 'no-rule' };
  if (plain.atMaximumDepth < 0.5) return { kind: 'not-needed', beta: 0, plain };
  const there = curve.find(({ atMaximumDepth }) => (atMaximumDepth ?? 0) < 0.5);
  if (there) return { kind: 'enough', beta: there.beta, plain, there };
  return { kind: 'none-is-enough', plain, last };
}
