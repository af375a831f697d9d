/** The fronts of two runs compared: areas from a common reference, and which members beat which. */
import { objectiveLabel } from '../../../main/common/objectives.ts';
import { dominates } from '../../../main/common/dominance.ts';
import { hypervolume, logPoint, logReference } from '../../../main/common/hypervolume.ts';
import { paretoFront } from '../../../main/common/pareto-front.ts';
import type { RunView } from '../../../preload/contract.ts';
import { frontsText } from './text.ts';
import { orderByCost } from '../../open-run/columns/kept-order.ts';

export interface FrontSide {
  /** Cost and score of every candidate; NaN where it has none. */
  readonly cost: Float64Array;
  readonly score: Float64Array;
  readonly front: Uint32Array;
}

export interface FrontMember {
  readonly side: 0 | 1;
  readonly index: number;
  readonly cost: number;
  readonly score: number;
  /** A member of the other front costs no more and scores at least as high. */
  readonly beaten: boolean;
}

export interface FrontComparison {
  /** Area dominated, cost on a natural logarithmic axis, from the worst cost and score of both runs. */
  readonly hypervolumes: readonly [number, number];
  /** That of both fronts together. */
  readonly together: number;
  /** Members of each front that the other one beats. */
  readonly beaten: readonly [number, number];
  /** Of both fronts, cheapest first. */
  readonly members: readonly FrontMember[];
}

/** Null where one of the two has no front. */
export function compareFronts(a: FrontSide, b: FrontSide): FrontComparison | null {
  if (a.front.length === 0 || b.front.length === 0) return null;
  const sides = [a, b] as const;
  const all = sides.flatMap((side) =>
    [...orderByCost(side.cost, side.cost.length)].map((i) => ({ side, i })),
  );
  const reference = {
    cost: all.reduce((most, { side, i }) => Math.max(most, side.cost[i]!), 0),
    score: all.reduce(
      (least, { side, i }) => (side.score[i]! < least ? side.score[i]! : least),
      Infinity,
    ),
  };
  const area = ({ front, cost, score }: FrontSide): number =>
    hypervolume(
      Array.from(front, (i) => logPoint(cost[i]!, score[i]!, reference.cost)),
      logReference(reference.score),
    );
  const members = sides.flatMap((side, place) => {
    const other = sides[1 - place]!;
    return [...side.front].map((index): FrontMember => ({
      ...{ side: place as 0 | 1, index, cost: side.cost[index]!, score: side.score[index]! },
      beaten: beats(other, side.cost[index]!, side.score[index]!),
    }));
  });
  const beatenOf = (place: 0 | 1): number =>
    members.filter(({ side, beaten }) => side === place && beaten).length;
  return {
    hypervolumes: [area(a), area(b)],
    together: area(joined(a, b)),
    beaten: [beatenOf(0), beatenOf(1)],
    members: members.sort((x, y) => x.cost - y.cost || y.score - x.score),
  };
}

function beats({ front, cost, score }: FrontSide, costs: number, scores: number): boolean {
  return front.some((i) => dominates([cost[i]!, -score[i]!], [costs, -scores]));
}

function joined(a: FrontSide, b: FrontSide): FrontSide {
  const cost = Float64Array.from([...a.cost, ...b.cost]);
  const score = Float64Array.from([...a.score, ...b.score]);
  const order = orderByCost(cost, cost.length);
  return { cost, score, front: paretoFront({ order, cost, score }) };
}

/** Why scores or costs of the two cannot be compared; empty where they can. */
export function contradictions(a: RunView, b: RunView): string[] {
  const words = frontsText.differs;
  const [one, other] = [a.summary.settings, b.summary.settings];
  const digest = (view: RunView): string => view.dataDescription;
  return [
    one.space === other.space ? null : words.space(one.space, other.space),
    digest(a) === digest(b) ? null : words.data,
    one.batches === other.batches && one.batchSize === other.batchSize ? null : words.batches,
    one.weights === other.weights ? null : words.weights,
    one.score === other.score
      ? null
      : words.score(objectiveLabel(one.score), objectiveLabel(other.score)),
    one.latency === other.latency ? null : words.latency,
  ].filter((reason) => reason !== null);
}
