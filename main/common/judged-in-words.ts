/** Whether a score is worth its price: said wherever scores are judged. */
import type { JudgedPredictors } from './benchmarks.ts';
import { predictorLabels, type Predictor } from './predictors.ts';

/** What costs nothing and comes closest. */
const free = ['parameters', 'lnChannels', 'liveLayers'] as const;

/**
 * A sentence about a column, without its end: whether the score orders networks of equal MACs better than what can be
 * counted.
 * @param name of the score
 */
export function atEqualCost(
  judged: JudgedPredictors,
  score: Predictor,
  name: string,
  column: string,
): string {
  const valueOf = (of: Predictor): number | null => judged[of]?.[column]?.equalMacs.value ?? null;
  const own = valueOf(score);
  if (own === null) return 'nothing can be said at equal cost.';
  const better = free.filter((of) => (valueOf(of) ?? -Infinity) >= own);
  return better.length === 0
    ? `at equal MACs ${name} is above what can be counted.`
    : `at equal MACs ${name} is not above ${better.map((of) => predictorLabels[of]).join(' and ')}, which cost nothing.`;
}
