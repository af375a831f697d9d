/** The model whose latency shows how the phone itself changes: large enough to time, small enough to repeat. */
import { GraphBuilder } from '../../graph/builder.ts';
import type { Graph } from '../../graph/graph.ts';

/** 10 million MACs: convolutions of the kinds that searches for phones use. */
export function referenceModel(): Graph {
  const builder = new GraphBuilder();
  const conv = (name: string, x: string, options: Parameters<GraphBuilder['conv']>[2]) =>
    builder.relu(builder.conv(name, x, options));
  let x = builder.image('image', [3, 64, 64]);
  x = conv('stem', x, { inChannels: 3, outChannels: 32, kernel: 3, stride: 2 });
  for (const name of ['0', '1', '2']) {
    x = conv(`${name}.depthwise`, x, { inChannels: 32, outChannels: 32, kernel: 3, group: 32 });
    x = conv(`${name}.pointwise`, x, { inChannels: 32, outChannels: 32, kernel: 1 });
  }
  x = conv('wide', x, { inChannels: 32, outChannels: 64, kernel: 3, stride: 2 });
  return builder.build('reference', [x]);
}
