/** Runs two by two: their fronts after equally many candidates, and the networks that both of them tried. */
import { paretoFront } from '../../../main/common/pareto-front.ts';
import { areaOf, type FrontSide, type Reference } from './front-comparison.ts';

/** A run as it is ranked now. */
export interface RankedRun extends FrontSide {
  /** Indices by rising cost, of those that have one. */
  readonly order: Uint32Array;
}

export interface FrontDifference {
  /** Candidates of either run that it is about: all of the shorter one. */
  readonly length: number;
  /** By how much the area of the first exceeds that of the second, as a share of it; null where that has none. */
  readonly more: number | null;
}

/** Of two runs of the same space. */
export interface Overlap {
  /** Networks that both tried. */
  readonly tried: number;
  /** Networks on both fronts. */
  readonly onFronts: number;
}

/** Places in a run: candidate i came as the i-th. */
let places = new Int32Array(0);

/** The front of the first `length` candidates, in the order in which they were done. */
export function frontAfter({ order, cost, score }: RankedRun, length: number): Uint32Array {
  if (places.length < cost.length)
    places = Int32Array.from({ length: 2 * cost.length }, (_, i) => i);
  return paretoFront({ order, cost, score, generation: places, upTo: length - 1 });
}

/** One for each pair, by the place of the first and of the second; null for a run and itself. */
export function differencesOf(
  runs: readonly RankedRun[],
  reference: Reference,
): readonly (readonly (FrontDifference | null)[])[] {
  const areas = runs.map(() => new Map<number, number>());
  const areaAfter = (place: number, length: number): number => {
    const known = areas[place]!.get(length);
    if (known !== undefined) return known;
    const run = runs[place]!;
    const area = areaOf({ ...run, front: frontAfter(run, length) }, reference);
    areas[place]!.set(length, area);
    return area;
  };
  return runs.map((one, a) =>
    runs.map((other, b) => {
      if (a === b) return null;
      const length = Math.min(one.cost.length, other.cost.length);
      const [mine, theirs] = [areaAfter(a, length), areaAfter(b, length)];
      return { length, more: theirs > 0 ? mine / theirs - 1 : null };
    }),
  );
}

export interface NetworksOfRun {
  readonly space: string;
  /** Genotypes of all candidates. */
  readonly tried: ReadonlySet<string>;
  readonly onFront: ReadonlySet<string>;
}

/** Null where the spaces differ: equal genotypes then mean different networks. */
export function overlapOf(one: NetworksOfRun, other: NetworksOfRun): Overlap | null {
  if (one.space !== other.space) return null;
  return { tried: common(one.tried, other.tried), onFronts: common(one.onFront, other.onFront) };
}

function common(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one];
  let n = 0;
  for (const genotype of small) if (large.has(genotype)) n++;
  return n;
}
