/**
 * ZiCo and its bias from the statistics of all layers; common/zico-bc.ts makes ZiCo-BC of the two.
 * Sources: Li et al., ZiCo, ICLR 2023; Bhardwaj et al., ZiCo-BC, ICCV 2023 workshops.
 */
import {
  biasSizes,
  chosenBias,
  ranksLast,
  type BiasChoice,
  type Biases,
  type PlainScore,
} from '../common/zico-bc.ts';

/** Output feature map of a layer; fully connected layers have height = width = 1. */
export interface FeatureMap {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What the formulas need of a layer. */
export interface ScoredLayer extends FeatureMap {
  readonly sum: number;
  readonly sumCapped: number;
}

/** The same with what tells whether it takes part. */
export interface LayerGradients extends ScoredLayer {
  readonly name: string;
  /** Euclidean norm of the layer's weight gradient, one per batch. */
  readonly gradientNorms: readonly number[];
}

/** A layer's part of ZiCo: ln z, and nothing where no weight's gradient varies (z = 0). */
export function logTerm(sum: number): number {
  return sum > 0 ? Math.log(sum) : 0;
}

/** A layer's part of the bias: ln(H W / sqrt C); a fully connected layer has H = W = 1. */
export function biasTerm({ height, width, channels }: FeatureMap): number {
  return Math.log((height * width) / Math.sqrt(channels));
}

/**
 * True where any batch reaches the layer. One that none reaches, as behind a dead end, is no part of what is
 * trained: without it the network would be the same.
 */
export function isLive({ gradientNorms }: Pick<LayerGradients, 'gradientNorms'>): boolean {
  return gradientNorms.some((norm) => norm > 0);
}

/** What a layer adds to the bias that ranks. @param deployed as it is deployed, where that is known */
export function countedBias(
  layer: LayerGradients,
  deployed: FeatureMap | undefined,
  { biasSize, biasLayers }: BiasChoice,
): number {
  if (biasLayers === 'live' && !isLive(layer)) return 0;
  return biasTerm(biasSize === 'deployment' ? (deployed ?? layer) : layer);
}

/**
 * The bias in every way of counting it.
 * @param deployed feature maps at the deployment's size, by the layer's name; a layer that is not named there has the
 * one it was scored with
 */
export function biasesOf(
  layers: readonly LayerGradients[],
  deployed: ReadonlyMap<string, FeatureMap>,
): Biases {
  const biases = { deployment: { live: 0, all: 0 }, scoring: { live: 0, all: 0 } };
  for (const layer of layers) {
    const terms = {
      deployment: biasTerm(deployed.get(layer.name) ?? layer),
      scoring: biasTerm(layer),
    };
    for (const size of biasSizes) {
      biases[size].all += terms[size];
      if (isLive(layer)) biases[size].live += terms[size];
    }
  }
  return biases;
}

/**
 * zico: the sum over the layers of ln z; zicoCapped: the same with capped terms; bias: the sum of ln(H W / sqrt C)
 * over all layers, as they were scored (`biasesOf` counts it otherwise).
 */
export function scoreOf(layers: readonly ScoredLayer[]): PlainScore {
  let zico = 0;
  let zicoCapped = 0;
  let bias = 0;
  for (const layer of layers) {
    zico += logTerm(layer.sum);
    zicoCapped += logTerm(layer.sumCapped);
    bias += biasTerm(layer);
  }
  return { zico, zicoCapped, bias };
}

/** A score with everything that is kept of its bias. */
export interface CountedScore extends PlainScore {
  readonly biases: Biases;
  /** How many layers get no gradient. */
  readonly silentLayers: number;
  readonly ranksLast: boolean;
}

/** As `scoreOf`, with the bias that was chosen. @param deployed as for `biasesOf` */
export function countedScore(
  layers: readonly LayerGradients[],
  deployed: ReadonlyMap<string, FeatureMap>,
  choice: BiasChoice,
): CountedScore {
  const biases = biasesOf(layers, deployed);
  const silentLayers = layers.filter((layer) => !isLive(layer)).length;
  return {
    ...scoreOf(layers),
    bias: chosenBias(biases, choice),
    biases,
    silentLayers,
    ranksLast: ranksLast({ silentLayers, layers: layers.length }, choice),
  };
}
