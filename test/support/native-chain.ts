/** Networks of as many equal layers as wanted, whose memory is easily counted. */
import { GraphBuilder } from '../../main/graph/builder.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { withInitialWeights } from '../../main/graph/weights.ts';

const channels = 16;
export const [size, batchSize] = [32, 8] as const;
/** Bytes of what one layer hands to the next. */
export const activation = 4 * batchSize * channels * size ** 2;

/** One convolution with normalisation and Relu after the other, all of one size. */
export function chain(layers: number): Graph {
  const net = new GraphBuilder();
  let x = net.image('input', [3, size, size]);
  for (let i = 0; i < layers; i++) {
    const conv = { inChannels: i === 0 ? 3 : channels, outChannels: channels, kernel: 3 };
    const y = net.conv(`conv${i}`, x, conv);
    x = net.relu(net.batchNormalization(`norm${i}`, y, channels));
  }
  const logits = net.linear('head', net.flatten(net.globalAveragePool(x)), channels, 10);
  return withInitialWeights(net.build('chain', [logits]), 'pytorch-default', layers);
}
