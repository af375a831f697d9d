/** How well the scores of a run order the networks that were trained: among equal metric and images alone. */
import {
  labelOfPart,
  objectiveLabel,
  objectiveParts,
  partsOfObjective,
  valueOfPart,
} from '../common/objectives.ts';
import { kendallTauB, spearmanRho } from '../common/rank-correlation.ts';
import { comparedBy, leastToCompare } from '../common/trained.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { Candidate, EvaluatedCandidate } from '../run/candidate.ts';
import { figuresByCandidate, rankingOf, scoredParts } from '../run/ranking.ts';
import type { TrainedModel } from '../run/trained-model.ts';

/** How one score orders a group. */
export interface ScoreAgainstTruth {
  /** `score` is the one that ranks the run; others are named as on the command line. */
  readonly score: string;
  readonly label: string;
  /** Networks of the group for which it has a value. */
  readonly networks: number;
  /** Kendall's tau-b and Spearman's rho; null where they are undefined, since one side is constant. */
  readonly kendall: number | null;
  readonly spearman: number | null;
}

/** Networks that were trained on the same images and judged by the same metric. */
export interface TrainedGroup {
  readonly metric: string;
  readonly data: string;
  /** Their candidates' numbers, the most accurate first. */
  readonly candidates: readonly number[];
  /** Empty below three networks, whose order says nothing. */
  readonly scores: readonly ScoreAgainstTruth[];
}

/**
 * Pure. Groups stand in the order of their first candidate.
 * @param candidates at least those that were trained; all where the run ranks by a sum of ranks
 */
export function againstTruth(
  candidates: readonly Candidate[],
  trained: readonly TrainedModel[],
  settings: SearchSettings,
): TrainedGroup[] {
  const scored = candidates.filter((one) => one.status === 'evaluated');
  const byId = new Map(scored.map((one) => [one.id, one]));
  const groups = new Map<string, TrainedModel[]>();
  for (const model of trained) {
    if (!byId.has(model.candidate)) continue;
    const key = comparedBy(model);
    groups.set(key, [...(groups.get(key) ?? []), model]);
  }
  const scores = scoresOf(scored, settings);
  return [...groups.values()].map((models) => {
    const [{ metric, data }] = models as [TrainedModel];
    const best = models.toSorted((a, b) => b.accuracy - a.accuracy || a.candidate - b.candidate);
    return {
      ...{ metric, data, candidates: best.map(({ candidate }) => candidate) },
      scores:
        models.length < leastToCompare
          ? []
          : scores.flatMap((score) => correlated(score, models, byId)),
    };
  });
}

interface Score {
  readonly score: string;
  readonly label: string;
  readonly valueOf: (candidate: EvaluatedCandidate) => number | null;
}

function scoresOf(scored: readonly EvaluatedCandidate[], settings: SearchSettings): Score[] {
  const ranking = rankingOf(settings);
  const figures = figuresByCandidate(scored, ranking);
  const [own, ...others] = partsOfObjective(settings.score);
  const alone = others.length === 0 ? own : null;
  return [
    {
      ...{ score: 'score', label: objectiveLabel(settings.score) },
      valueOf: (candidate) => figures.get(candidate) ?? null,
    },
    ...objectiveParts
      .filter((part) => part !== alone)
      .map((part) => ({
        ...{ score: part, label: labelOfPart(part) },
        valueOf: ({ score }: EvaluatedCandidate) => valueOfPart(part, scoredParts(score), ranking),
      })),
    // What any score has to be better than.
    { score: 'macs', label: 'MACs', valueOf: ({ macs }) => macs },
    { score: 'parameters', label: 'Parameters', valueOf: ({ parameters }) => parameters },
  ];
}

function correlated(
  { score, label, valueOf }: Score,
  models: readonly TrainedModel[],
  byId: ReadonlyMap<number, EvaluatedCandidate>,
): ScoreAgainstTruth[] {
  const pairs = models.flatMap(({ candidate, accuracy }) => {
    const value = valueOf(byId.get(candidate)!);
    return value === null || !Number.isFinite(value) ? [] : [{ value, accuracy }];
  });
  if (pairs.length < leastToCompare) return [];
  const [values, accuracies] = [
    pairs.map(({ value }) => value),
    pairs.map(({ accuracy }) => accuracy),
  ];
  const defined = (correlation: number) => (Number.isNaN(correlation) ? null : correlation);
  return [
    {
      ...{ score, label, networks: pairs.length },
      kendall: defined(kendallTauB(values, accuracies)),
      spearman: defined(spearmanRho(values, accuracies)),
    },
  ];
}
