/** Images of three channels for networks of one. */
import type { BatchSet } from './batches.ts';
import type { Normalisation } from './dataset.ts';

/** How much of red, green and blue is in the brightness. Source: ITU-R BT.601. */
const weights = [0.299, 0.587, 0.114] as const;

/** The brightness of normalised images; the digest at the end of the description stays there. */
export function greyBatches<Set extends BatchSet>(set: Set): Set {
  const [, height, width] = set.inputShape;
  const plane = height * width;
  const batches = set.batches.map((batch) => {
    const { inputs } = batch;
    const grey = new Float32Array(set.batchSize * plane);
    for (let n = 0; n < set.batchSize; n++) {
      for (let i = 0; i < plane; i++) {
        let sum = 0;
        for (const [c, weight] of weights.entries())
          sum += weight * inputs[(n * 3 + c) * plane + i]!;
        grey[n * plane + i] = sum;
      }
    }
    return { ...batch, inputs: grey };
  });
  const description = set.description.replace(/(?=; digest [0-9a-f]+$)/, ', in grey');
  return { ...set, batches, description, inputShape: [1, height, width] };
}

/**
 * The normalisation that such brightnesses have: of a grey picture they are what it would have given, of a coloured
 * one a mean of its channels.
 */
export function greyNormalisation({ mean, std }: Normalisation): Normalisation {
  const share = weights.map((weight, c) => weight / std[c]!);
  const whole = share.reduce((sum, one) => sum + one, 0);
  const middle = share.reduce((sum, one, c) => sum + one * mean[c]!, 0);
  return { mean: [middle / whole], std: [1 / whole] };
}
