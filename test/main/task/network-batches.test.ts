import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../main/graph/builder.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import { batchesForNetwork } from '../../../main/task/network-batches.ts';
import type { NpyArray } from '../../../main/task/npy.ts';

/** Takes N x 1 x 2 x 2, tells three classes apart. */
function network(change: (graph: Graph) => Graph = (graph) => graph): Graph {
  const net = new GraphBuilder();
  const x = net.flatten(net.globalAveragePool(net.image('images', [1, 2, 2])));
  return change(net.build('small', [net.linear('head', x, 1, 3)]));
}
const inputs = (...shape: number[]): NpyArray => ({
  type: 'float32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});
const targets: NpyArray = { type: 'int64', shape: [4], data: BigInt64Array.of(0n, 1n, 2n, 0n) };
const fit = (graph: Graph, images: NpyArray) =>
  batchesForNetwork(graph, {
    inputs: images,
    targets,
    batchSize: null,
    names: { inputs: 'x.npy', targets: 'y.npy' },
  });
const mismatch: unknown = expect.objectContaining({ code: 'shape-mismatch' });

describe('batches for a network', () => {
  it('know how many classes it tells apart', () => {
    expect(fit(network(), inputs(4, 1, 2, 2))).toMatchObject({ classes: 3, batchSize: 2 });
  });

  it('fill sizes that the network leaves open', () => {
    const open = network((graph) => ({
      ...graph,
      inputs: [{ ...graph.inputs[0]!, shape: [null, 1, null, null] }],
    }));
    expect(fit(open, inputs(4, 1, 5, 7))).toMatchObject({ classes: 3, inputShape: [1, 5, 7] });
  });

  it('must have the size of image that it takes', () => {
    expect(() => fit(network(), inputs(4, 1, 3, 2))).toThrow(mismatch);
    expect(() => fit(network(), inputs(4, 1, 3, 2))).toThrow(
      `x.npy has the shape 4 x 1 x 3 x 2, but the network's input "images" takes N x 1 x 2 x 2.`,
    );
    expect(() => fit(network(), inputs(4, 4))).toThrow(mismatch);
  });

  it('need a network with one input and one output of images x classes', () => {
    const two = network((graph) => ({ ...graph, outputs: [...graph.outputs, 'v0'] }));
    expect(() => fit(two, inputs(4, 1, 2, 2))).toThrow(/has 1 and 2/);
    const map = network((graph) => ({ ...graph, outputs: ['v0'] }));
    expect(() => fit(map, inputs(4, 1, 2, 2))).toThrow(/has 4 axes/);
  });
});
