/** How far a score's ranks come out the same when the same networks are scored again. */
import type { Genotype } from '../space/space.ts';
import { predictors, type Predictor, type UntrainedScore } from './benchmark-space.ts';
import { kendallTauB } from './rank-correlation.ts';

/** The predictors that are scores: sizes repeat exactly. */
export type ScoreName = Exclude<Predictor, 'parameters' | 'macs'>;
export const scoreNames = predictors.filter(
  (name): name is ScoreName => name !== 'parameters' && name !== 'macs',
);

/** Kendall tau-b between two scorings; null where undefined. */
export type RepeatedRanks = Readonly<Record<ScoreName, number | null>>;

const valueOf: Readonly<Record<ScoreName, (score: UntrainedScore, beta: number) => number>> = {
  zico: ({ zico }) => zico,
  zicoBc: ({ zico, bias }, beta) => zico - beta * bias,
  zicoCapped: ({ zicoCapped }) => zicoCapped,
  zicoBcCapped: ({ zicoCapped, bias }, beta) => zicoCapped - beta * bias,
};

/** Over the networks that both scorings have. */
export function repeatabilityOf(
  first: ReadonlyMap<Genotype, UntrainedScore>,
  second: ReadonlyMap<Genotype, UntrainedScore>,
  beta: number,
): RepeatedRanks {
  const pairs = [...first].flatMap(([genotype, score]) => {
    const again = second.get(genotype);
    return again ? [[score, again] as const] : [];
  });
  const tau = (name: ScoreName): number | null => {
    const value = (score: UntrainedScore) => valueOf[name](score, beta);
    const found = kendallTauB(
      pairs.map(([score]) => value(score)),
      pairs.map(([, again]) => value(again)),
    );
    return Number.isNaN(found) ? null : found;
  };
  return {
    zico: tau('zico'),
    zicoBc: tau('zicoBc'),
    zicoCapped: tau('zicoCapped'),
    zicoBcCapped: tau('zicoBcCapped'),
  };
}
