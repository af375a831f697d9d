/**
 * SynFlow (Tanaka et al., "Pruning neural networks without any data by iteratively conserving synaptic flow",
 * NeurIPS 2020), as zero-cost-nas has it: weights and biases replaced by their absolute values, normalisations off,
 * an image of ones; the sum over all weights of w dR/dw, R the sum of all outputs.
 */
import { readingOf, type SaliencyProxy } from './proxy.ts';

export const synflow: SaliencyProxy = {
  pass: 'absolute',
  score(layers) {
    let total = 0;
    for (const { weights, gradient, scale } of layers) {
      let own = 0;
      for (let i = 0; i < weights.length; i++) own += Math.abs(weights[i]! * gradient[i]!);
      total += own * scale;
    }
    return readingOf(total);
  },
};
