/**
 * ZiCo-BC (Bhardwaj et al., ICCV 2023 workshops, arXiv 2309.14666): ZiCo with part of its bias towards deep and
 * wide networks removed. ZiCo and bias are kept apart everywhere, so that another beta re-ranks without scoring.
 */

/**
 * The images over whose feature maps the bias is counted: those of the deployment, or those scored. The
 * paper scores what it deploys; where the two differ, its betas apply to the deployment's.
 */
export const biasSizes = ['deployment', 'scoring'] as const;
export type BiasSize = (typeof biasSizes)[number];

/** Layers that get a gradient in any batch, or all of them, as the paper counts: there every layer gets one. */
export const biasLayerSets = ['live', 'all'] as const;
export type BiasLayerSet = (typeof biasLayerSets)[number];

/** Which bias is used for ranking. */
export interface BiasChoice {
  readonly biasSize: BiasSize;
  readonly biasLayers: BiasLayerSet;
}

/** The bias, counted in every way. */
export type Biases = Readonly<Record<BiasSize, Readonly<Record<BiasLayerSet, number>>>>;

/** The name of a way of counting, for columns. */
export type BiasWay = `${BiasSize}_${BiasLayerSet}`;
export const biasWay = ({ biasSize, biasLayers }: BiasChoice): BiasWay =>
  `${biasSize}_${biasLayers}`;
export const biasWays: readonly BiasWay[] = biasSizes.flatMap((biasSize) =>
  biasLayerSets.map((biasLayers) => biasWay({ biasSize, biasLayers })),
);

export function chosenBias(biases: Biases, { biasSize, biasLayers }: BiasChoice): number {
  return biases[biasSize][biasLayers];
}

/** True for a network that no gradient reaches: it cannot be trained, and ranks below all others. */
export function ranksLast(
  { silentLayers, layers }: { readonly silentLayers: number; readonly layers: number },
  { biasLayers }: Pick<BiasChoice, 'biasLayers'>,
): boolean {
  return biasLayers === 'live' && silentLayers === layers;
}

/** The parts of a score, summed over the layers of a network (proxy/zico.ts). */
export interface PlainScore {
  readonly zico: number;
  /** ZiCo with capped terms. */
  readonly zicoCapped: number;
  readonly bias: number;
  /** See `ranksLast`; absent means false. */
  readonly ranksLast?: boolean;
}

/** What is subtracted from ZiCo: beta * bias. */
export function biasCorrection(bias: number, beta: number): number {
  return beta * bias;
}

/** ZiCo-BC = ZiCo - beta * bias; beta = 0 gives ZiCo back. */
export function biasCorrected(zico: number, bias: number, beta: number): number {
  return zico - biasCorrection(bias, beta);
}

/** As `biasCorrected`; null if ZiCo was not computed. */
export function biasCorrectedOrNull(
  zico: number | null,
  bias: number | null,
  beta: number,
): number | null {
  return zico === null || bias === null ? null : biasCorrected(zico, bias, beta);
}

/**
 * The score that ranks networks: ZiCo-BC, with capped terms if `capped`; -Infinity for one that ranks last.
 */
export function rankingScore(score: PlainScore, beta: number, capped: boolean): number {
  if (score.ranksLast === true) return -Infinity;
  return biasCorrected(capped ? score.zicoCapped : score.zico, score.bias, beta);
}
