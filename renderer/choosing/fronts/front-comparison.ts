/** The fronts of some runs compared: areas from a common reference, and which members beat which. */
import { objectiveLabel } from '../../../main/common/objectives.ts';
import { hypervolume, logPoint, logReference } from '../../../main/common/hypervolume.ts';
import type { RunView } from '../../../preload/contract.ts';
import { frontsText, runLetters } from './text.ts';

export interface FrontSide {
  /** Cost and score of every candidate; NaN where it has none. */
  readonly cost: Float64Array;
  readonly score: Float64Array;
  readonly front: Uint32Array;
}

export interface FrontMember {
  /** Place of its run among those that are compared. */
  readonly side: number;
  readonly index: number;
  readonly cost: number;
  readonly score: number;
  /** A member of another front costs no more and scores at least as high, and is better in one of the two. */
  readonly beaten: boolean;
}

/** What areas are measured from: the highest cost and the lowest score of all runs. */
export interface Reference {
  readonly cost: number;
  readonly score: number;
}

export interface FrontComparison {
  /** Area dominated, cost on a natural logarithmic axis, by the front of each. */
  readonly hypervolumes: readonly number[];
  /** That of all fronts together. */
  readonly together: number;
  /** Members of each front that another one beats. */
  readonly beaten: readonly number[];
  /** Of all fronts, cheapest first. */
  readonly members: readonly FrontMember[];
}

export function referenceOf(sides: readonly FrontSide[]): Reference {
  let [worst, least] = [0, Infinity];
  for (const { cost, score } of sides) {
    for (let i = 0; i < cost.length; i++) {
      if (!Number.isFinite(cost[i])) continue;
      if (cost[i]! > worst) worst = cost[i]!;
      if (score[i]! < least) least = score[i]!;
    }
  }
  return { cost: worst, score: least };
}

/** The area that a front dominates from a reference. */
export function areaOf(
  { front, cost, score }: FrontSide,
  { cost: worst, score: least }: Reference,
): number {
  return hypervolume(
    Array.from(front, (i) => logPoint(cost[i]!, score[i]!, worst)),
    logReference(least),
  );
}

/** Null where one of them has no front. */
export function compareFronts(
  sides: readonly FrontSide[],
  reference: Reference = referenceOf(sides),
): FrontComparison | null {
  if (sides.length === 0 || sides.some(({ front }) => front.length === 0)) return null;
  const unmarked = sides.flatMap(({ front, cost, score }, side) =>
    [...front].map((index) => ({ side, index, cost: cost[index]!, score: score[index]! })),
  );
  const members = marked(unmarked.sort((x, y) => x.cost - y.cost || y.score - x.score));
  const points = members.map(({ cost, score }) => logPoint(cost, score, reference.cost));
  return {
    hypervolumes: sides.map((side) => areaOf(side, reference)),
    together: hypervolume(points, logReference(reference.score)),
    beaten: sides.map((_, place) =>
      members.reduce((n, { side, beaten }) => n + Number(side === place && beaten), 0),
    ),
    members,
  };
}

/** No member is beaten by its own front, so that whoever is beaten by any is beaten by another's. */
function marked(sorted: readonly Omit<FrontMember, 'beaten'>[]): FrontMember[] {
  let [cheaper, equal, at] = [-Infinity, -Infinity, NaN];
  return sorted.map((member) => {
    const { cost, score } = member;
    if (cost !== at) [cheaper, equal, at] = [Math.max(cheaper, equal), -Infinity, cost];
    const beaten = cheaper >= score || equal > score;
    equal = Math.max(equal, score);
    return { ...member, beaten };
  });
}

/** Why scores or costs of these runs cannot be compared; empty where they can. */
export function contradictions(views: readonly RunView[]): string[] {
  const words = frontsText.differs;
  const settings = views.map(({ summary }) => summary.settings);
  const differing = (
    values: readonly unknown[],
    sentence: (groups: readonly string[]) => string,
    write?: (value: unknown) => string,
  ): string[] => {
    const groups = groupsOf(values, write);
    return groups.length > 1 ? [sentence(groups)] : [];
  };
  return [
    ...differing(
      settings.map(({ space }) => space),
      words.space,
      String,
    ),
    ...differing(
      views.map(({ dataDescription }) => dataDescription),
      words.data,
    ),
    ...differing(
      settings.map(({ batches, batchSize }) => `${batches} ${batchSize}`),
      words.batches,
    ),
    ...differing(
      settings.map(({ weights }) => weights),
      words.weights,
    ),
    ...differing(
      settings.map(({ score }) => score),
      words.score,
      (score) => objectiveLabel(String(score)),
    ),
    ...differing(
      settings.map(({ latency }) => latency),
      words.latency,
    ),
  ];
}

/** Which runs have the same: "A, C", or "A, C: nats-sss" where that is written. */
function groupsOf(values: readonly unknown[], write?: (value: unknown) => string): string[] {
  return [...new Set(values)].map((value) => {
    const letters = [...runLetters].filter((_, place) => values[place] === value).join(', ');
    return write ? `${letters}: ${write(value)}` : letters;
  });
}
