import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../main/graph/builder.ts';
import { layersOf } from '../../../main/graph/layers.ts';
import { summarise } from '../../../main/graph/summary.ts';
import { sameConv, Sketch } from '../../support/sketch.ts';

describe('parameters and multiply-accumulates', () => {
  it('of a small network are those counted by hand', () => {
    const net = new GraphBuilder();
    const x = net.image('image', [3, 9, 8]);
    let y = net.conv('stem', x, {
      inChannels: 3,
      outChannels: 8,
      kernel: 3,
      stride: 2,
      bias: true,
    });
    y = net.relu(net.batchNormalization('norm', y, 8));
    y = net.conv('depthwise', y, { inChannels: 8, outChannels: 8, kernel: 5, group: 8 });
    y = net.conv('grouped', y, { inChannels: 8, outChannels: 6, kernel: 1, group: 2 });
    y = net.flatten(net.globalAveragePool(y));
    const graph = net.build('small', [net.linear('head', y, 6, 10)]);

    expect(summarise(graph)).toEqual({
      parameters: 8 * 3 * 9 + 8 + (8 + 8) + 8 * 25 + 6 * 4 + (60 + 10),
      macs: 216 * 20 + 200 * 20 + 24 * 20 + 60,
      layers: [
        // 9 x 8 at stride 2 with padding 1 is 5 x 4.
        {
          name: 'stem',
          kind: 'Conv',
          height: 5,
          width: 4,
          channels: 8,
          parameters: 216 + 8,
          macs: 216 * 20,
        },
        {
          name: 'depthwise',
          kind: 'Conv',
          height: 5,
          width: 4,
          channels: 8,
          parameters: 200,
          macs: 200 * 20,
        },
        {
          name: 'grouped',
          kind: 'Conv',
          height: 5,
          width: 4,
          channels: 6,
          parameters: 24,
          macs: 24 * 20,
        },
        { name: 'head', kind: 'Gemm', height: 1, width: 1, channels: 10, parameters: 70, macs: 60 },
      ],
    });
  });

  it('of weights that two nodes share count once as parameters and twice as work, in one layer', () => {
    const sketch = new Sketch(2, [3, 4, 4]);
    const shared = sketch.weights('shared.weight', [3, 3, 1, 1]);
    const once = sketch.node('Conv', ['image', shared], sameConv);
    const twice = sketch.node('Conv', [once, shared], sameConv);
    const graph = sketch.graph([sketch.classifier(twice, 5)]);
    const { parameters, macs, layers } = summarise(graph);
    expect(layers.map(({ name }) => name)).toEqual(['shared', 'classifier']);
    expect(parameters).toBe(9 + 240);
    expect(layers[0]!.macs).toBe(2 * 9 * 16);
    expect(macs).toBe(2 * 9 * 16 + 240);
  });

  it('do not count running statistics, nor constants that no node reads', () => {
    const sketch = new Sketch(2, [3, 4, 4]);
    sketch.weights('unused', [1000]);
    const graph = sketch.graph([sketch.norm('norm', 'image')]);
    expect(summarise(graph).parameters).toBe(6);
  });
});

describe('layers', () => {
  it('are convolutions and matrix products with stored weights, in node order, without `.weight`', () => {
    const sketch = new Sketch(2, [3, 4, 4]);
    const a = sketch.conv('b.weight', 'image', [4, 3, 1, 1]);
    const b = sketch.conv('a.weight.old', a, [4, 4, 1, 1]);
    const flat = sketch.node('Flatten', [sketch.norm('norm', b)], { axis: 1 });
    // A product of two computed values has no weights.
    const gram = sketch.node('Gemm', [flat, flat], {
      alpha: 1,
      beta: 1,
      transA: false,
      transB: true,
    });
    const graph = sketch.graph([gram]);
    expect(layersOf(graph).map(({ name, kind, weight }) => [name, kind, weight])).toEqual([
      ['b', 'Conv', 'b.weight'],
      ['a.weight.old', 'Conv', 'a.weight.old'],
    ]);
  });
});
