/**
 * ZiCo and its bias correction from the statistics of all layers.
 * Sources: Li et al., ZiCo, ICLR 2023; Bhardwaj et al., ZiCo-BC, ICCV 2023 workshops.
 */

/** What the formulas need of a layer; sizes are those of its output feature map. */
export interface ScoredLayer {
  readonly sum: number;
  readonly sumCapped: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface Score {
  /** Sum over the layers of ln z. */
  readonly zico: number;
  /** The same with capped terms. */
  readonly zicoCapped: number;
  /** Sum over the layers of ln(H W / sqrt C). */
  readonly bias: number;
}

/** A layer's part of ZiCo: ln z, and nothing where no weight's gradient varies (z = 0). */
export function logTerm(sum: number): number {
  return sum > 0 ? Math.log(sum) : 0;
}

/** A layer's part of the bias: ln(H W / sqrt C); a fully connected layer has H = W = 1. */
export function biasTerm(layer: Pick<ScoredLayer, 'height' | 'width' | 'channels'>): number {
  return Math.log((layer.height * layer.width) / Math.sqrt(layer.channels));
}

export function scoreOf(layers: readonly ScoredLayer[]): Score {
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

/** ZiCo-BC = ZiCo - beta * bias; beta = 0 gives ZiCo back. */
export function biasCorrected(zico: number, bias: number, beta: number): number {
  return zico - beta * bias;
}
