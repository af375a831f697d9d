/** How well the ranks of networks repeat when they are scored again. */
import type { Genotype } from '../space/space.ts';
import { scoreNamed, type ScoreName, type UntrainedScore } from '../common/predictors.ts';
import { kendallTauB } from '../common/rank-correlation.ts';

/** Kendall tau-b between two scorings; null where undefined. */
export type RepeatedRanks = Readonly<Record<ScoreName, number | null>>;

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
    const value = (score: UntrainedScore) => scoreNamed(name, score, beta);
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
