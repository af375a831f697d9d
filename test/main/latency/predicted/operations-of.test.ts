import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../main/graph/builder.ts';
import { toInference } from '../../../../main/graph/forms.ts';
import { summarise } from '../../../../main/graph/summary.ts';
import { operationsOf } from '../../../../main/latency/predicted/operations-of.ts';
import { spaceNamed } from '../../../../main/space/index.ts';

describe('the operations of a network', () => {
  it('are its convolutions by kind, pools, means and products, for one image', () => {
    const b = new GraphBuilder();
    let x = b.image('image', [3, 32, 32]);
    x = b.conv('stem', x, { inChannels: 3, outChannels: 16, kernel: 3, stride: 2 });
    x = b.relu(b.batchNormalization('stem_norm', x, 16));
    x = b.conv('dense', x, { inChannels: 16, outChannels: 16, kernel: 3 });
    x = b.conv('grouped', x, { inChannels: 16, outChannels: 32, kernel: 3, group: 4 });
    x = b.conv('depthwise', x, { inChannels: 32, outChannels: 32, kernel: 5, group: 32 });
    x = b.conv('point', x, { inChannels: 32, outChannels: 8, kernel: 1 });
    x = b.averagePool(x, [2, 2], [2, 2]);
    x = b.globalAveragePool(x);
    x = b.conv('squeeze', x, { inChannels: 8, outChannels: 4, kernel: 1 });
    x = b.linear('head', b.flatten(x), 4, 10);
    expect(operationsOf(b.build('all', [x]))).toEqual([
      operation('conv-other', 16 * 16 * 432, 432, 3 * 33 * 33, 16 * 256),
      operation('conv-3x3', 256 * 2304, 2304, 16 * 18 * 18, 16 * 256),
      operation('conv-grouped', 256 * 1152, 1152, 16 * 18 * 18, 32 * 256),
      operation('conv-depthwise', 256 * 800, 800, 32 * 20 * 20, 32 * 256),
      operation('conv-1x1', 256 * 256, 256, 32 * 256, 8 * 256),
      operation('pool', 8 * 64 * 4, 0, 8 * 256, 8 * 64),
      operation('mean', 0, 0, 8 * 64, 8),
      operation('conv-vector', 32, 32, 8, 4),
      operation('fully-connected', 40, 40, 4, 10),
    ]);
  });

  it.each(['8:8:8:8:8', '64:40:16:24:56'])('have all the MACs of network %s', (genotype) => {
    const space = spaceNamed('nats-sss');
    const graph = space.decode(space.parse(genotype));
    const macs = (of: typeof graph): number =>
      operationsOf(of)
        .filter(({ kind }) => kind !== 'pool')
        .reduce((sum, { macs }) => sum + macs, 0);
    expect(macs(graph)).toBe(summarise(graph).macs);
    expect(macs(toInference(graph))).toBe(summarise(graph).macs);
  });
});

function operation(
  kind: string,
  macs: number,
  weights: number,
  inputElements: number,
  outputElements: number,
) {
  return { kind, macs, weights, inputElements, outputElements };
}
