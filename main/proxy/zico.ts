/**
 * ZiCo and its bias from the statistics of all layers; common/zico-bc.ts makes ZiCo-BC of the two.
 * Sources: Li et al., ZiCo, ICLR 2023; Bhardwaj et al., ZiCo-BC, ICCV 2023 workshops.
 */
import type { PlainScore } from '../common/zico-bc.ts';

/** What the formulas need of a layer; sizes are those of its output feature map. */
export interface ScoredLayer {
  readonly sum: number;
  readonly sumCapped: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A layer's part of ZiCo: ln z, and nothing where no weight's gradient varies (z = 0). */
export function logTerm(sum: number): number {
  return sum > 0 ? Math.log(sum) : 0;
}

/** A layer's part of the bias: ln(H W / sqrt C); a fully connected layer has H = W = 1. */
export function biasTerm(layer: Pick<ScoredLayer, 'height' | 'width' | 'channels'>): number {
  return Math.log((layer.height * layer.width) / Math.sqrt(layer.channels));
}

/**
 * zico: the sum over the layers of ln z; zicoCapped: the same with capped terms; bias: the sum of ln(H W / sqrt C).
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
