/** What predicts a network's accuracy without training it. */
import { rankingScore, type PlainScore } from './zico-bc.ts';

/** What is known about a network without training it. */
export interface UntrainedScore extends PlainScore {
  readonly parameters: number;
  readonly macs: number;
}

export const predictors = [
  'zico',
  'zicoBc',
  'zicoCapped',
  'zicoBcCapped',
  'parameters',
  'macs',
] as const;
export type Predictor = (typeof predictors)[number];

/** The predictors that are scores: sizes repeat exactly. */
export type ScoreName = Exclude<Predictor, 'parameters' | 'macs'>;
export const scoreNames = predictors.filter(
  (name): name is ScoreName => name !== 'parameters' && name !== 'macs',
);

const scores: Readonly<Record<ScoreName, (score: PlainScore, beta: number) => number>> = {
  zico: ({ zico }) => zico,
  zicoBc: (score, beta) => rankingScore(score, beta, false),
  zicoCapped: ({ zicoCapped }) => zicoCapped,
  zicoBcCapped: (score, beta) => rankingScore(score, beta, true),
};

/** @param beta weight of the bias in ZiCo-BC */
export function scoreNamed(name: ScoreName, score: PlainScore, beta: number): number {
  return scores[name](score, beta);
}

/** @param beta weight of the bias in ZiCo-BC */
export function predicted(name: Predictor, score: UntrainedScore, beta: number): number {
  return name === 'parameters' || name === 'macs' ? score[name] : scores[name](score, beta);
}
