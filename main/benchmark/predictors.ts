/**
 * What predicts a network's accuracy without training it. Pure and free of imports: the window computes
 * with it as well, at every move of its beta slider.
 */

/** What is known about a network without training it. */
export interface UntrainedScore {
  readonly zico: number;
  readonly zicoCapped: number;
  readonly bias: number;
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

/** The part of it that is a score. */
export type PlainScore = Pick<UntrainedScore, 'zico' | 'zicoCapped' | 'bias'>;

const scores: Readonly<Record<ScoreName, (score: PlainScore, beta: number) => number>> = {
  zico: ({ zico }) => zico,
  zicoBc: ({ zico, bias }, beta) => zico - beta * bias,
  zicoCapped: ({ zicoCapped }) => zicoCapped,
  zicoBcCapped: ({ zicoCapped, bias }, beta) => zicoCapped - beta * bias,
};

/** @param beta weight of the bias in ZiCo-BC */
export function scoreNamed(name: ScoreName, score: PlainScore, beta: number): number {
  return scores[name](score, beta);
}

/** @param beta weight of the bias in ZiCo-BC */
export function predicted(name: Predictor, score: UntrainedScore, beta: number): number {
  return name === 'parameters' || name === 'macs' ? score[name] : scores[name](score, beta);
}
