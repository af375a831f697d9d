import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../main/graph/builder.ts';
import { compareNetworks } from '../../../../main/graph/compare/difference.ts';
import { toInference } from '../../../../main/graph/forms.ts';
import type { Graph, Node } from '../../../../main/graph/graph.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { writeDeployableOnnx } from '../../../../main/graph/onnx/write.ts';
import { withNormsFolded } from '../../../../main/graph/deployed/norms.ts';
import { elements } from '../../../../main/graph/shape.ts';
import { generatorFor } from '../../../../main/random.ts';
import { builtInSpaces } from '../../../../main/space/index.ts';
import {
  encodeForeign,
  floats,
  foreignNode,
  int,
  ints,
  type ForeignNode,
} from '../../../support/foreign-onnx.ts';

interface Choice {
  readonly channels?: number;
  readonly stride?: number;
  readonly classes?: number;
  readonly activation?: 'relu' | 'hardSwish';
  readonly shortcutFrom?: 'first' | 'second';
  readonly image?: readonly [number, number, number];
  readonly bias?: boolean;
  readonly third?: boolean;
}

/** Three convolutions with a shortcut, and a classifier. */
function net(choice: Choice = {}): Graph {
  const { channels = 6, stride = 1, classes = 4, activation = 'relu', bias = false } = choice;
  const { shortcutFrom = 'first', image = [3, 8, 8], third = true } = choice;
  const builder = new GraphBuilder();
  const conv = (name: string, x: string, inChannels: number, step = 1): string =>
    builder.batchNormalization(
      `${name}.norm`,
      builder.conv(`${name}.conv`, x, {
        ...{ inChannels, outChannels: channels, kernel: 3, stride: step, bias },
      }),
      channels,
    );
  const first = conv('a', builder.image('image', image), 3, stride);
  const second = builder[activation](conv('b', first, channels));
  const last = third ? conv('c', second, channels) : second;
  const sum = builder.add(last, shortcutFrom === 'first' ? first : second);
  const flat = builder.flatten(builder.globalAveragePool(sum));
  const out = builder.linear('head', flat, channels, classes);
  return builder.build('net', [out]);
}

const same = { same: true, newHead: null };
/** Comparing looks at no weight; drawing those of large networks takes long. */
function withoutNumbers(graph: Graph): Graph {
  const values = { kind: 'constant', value: 0.5 } as const;
  const initializers = [...graph.initializers].map(
    ([name, one]) => [name, elements(one.shape) > 1 ? { ...one, values } : one] as const,
  );
  return { ...graph, initializers: new Map(initializers) };
}
/** As a file has it that folds nothing. */
const written = (graph: Graph): Graph =>
  readOnnx(writeDeployableOnnx(graph, 1, '0'), 'net.onnx', { batchSize: 1, deployed: true });

describe('a network is the same', () => {
  it('where one file has a norm as one operator and another spells it out', () => {
    const file = (nodes: ForeignNode[]) =>
      readOnnx(
        encodeForeign({
          opset: 11,
          nodes: [
            foreignNode('Conv', ['x', 'w'], 'c'),
            ...nodes,
            foreignNode('Div', ['c', 'norm'], 'y'),
          ],
          initializers: [floats('w', [2, 3, 1, 1], [1, 2, 3, 4, 5, 6])],
          input: [1, 3, 4, 4],
        }),
        'm.onnx',
      );
    const along = [ints('axes', [1]), int('keepdims', 1)];
    const whole = file([foreignNode('ReduceL2', ['c'], 'norm', ...along)]);
    const spelled = file([
      foreignNode('Mul', ['c', 'c'], 'squares'),
      foreignNode('ReduceSum', ['squares'], 'sum', ...along),
      foreignNode('Sqrt', ['sum'], 'norm'),
    ]);
    expect(compareNetworks(whole, spelled)).toEqual(same);
  });

  it.each(builtInSpaces().map((space) => [space.name, space] as const))(
    'whatever its weights and whether norms are folded: %s',
    (_, space) => {
      const [one, other] = [1, 2].map((seed) => space.sample(generatorFor('compare', seed)));
      const model = withoutNumbers(space.decode(one!));
      expect(compareNetworks(toInference(model), space.decode(one!))).toEqual(same);
      expect(compareNetworks(written(model), space.decode(one!))).toEqual(same);
      expect(compareNetworks(withNormsFolded(toInference(model)), space.decode(one!))).toEqual(
        same,
      );
      expect(compareNetworks(model, space.decode(other!)).same).toBe(false);
    },
    60_000,
  );

  it('where it ends in a softmax', () => {
    const graph = net();
    const softmax: Node = {
      ...{ kind: 'Softmax', name: 'p', inputs: graph.outputs, outputs: ['p'] },
      attributes: { axis: 1 },
    };
    const model = { ...graph, nodes: [...graph.nodes, softmax], outputs: ['p'] };
    expect(compareNetworks(model, graph)).toEqual(same);
  });

  it('where a product with a matrix and a sum stand for its classifier', () => {
    const graph = net();
    const gemm = graph.nodes.find(({ kind }) => kind === 'Gemm')!;
    const [x, weight, bias] = gemm.inputs as [string, string, string];
    const { values } = graph.initializers.get(weight)!;
    const initializers = new Map(graph.initializers).set('turned', { shape: [6, 4], values });
    const product: Node = {
      ...{ kind: 'MatMul', name: 'm', inputs: [x, 'turned'], outputs: ['m'], attributes: {} },
    };
    const sum: Node = {
      ...{ kind: 'Add', name: 's', inputs: ['m', bias], outputs: gemm.outputs, attributes: {} },
    };
    const nodes = graph.nodes.flatMap((node) => (node === gemm ? [product, sum] : [node]));
    expect(compareNetworks({ ...graph, nodes, initializers }, graph)).toEqual(same);
  });

  it('where a mean over the axes of the map stands for its pooling', () => {
    const graph = net();
    const nodes = graph.nodes.map((node): Node =>
      node.kind === 'GlobalAveragePool'
        ? { ...node, kind: 'ReduceMean', attributes: { axes: [2, 3], keepDims: true } }
        : node,
    );
    expect(nodes.some(({ kind }) => kind === 'ReduceMean')).toBe(true);
    expect(compareNetworks({ ...graph, nodes }, graph)).toEqual(same);
  });

  it('where a formula stands for hard swish', () => {
    const graph = net({ activation: 'hardSwish' });
    const number = (value: number) => ({ shape: [], values: { kind: 'constant', value } as const });
    const initializers = new Map(graph.initializers)
      .set('sixth', number(1 / 6))
      .set('half', number(0.5));
    const nodes = graph.nodes.flatMap((node): Node[] => {
      if (node.kind !== 'HardSwish') return [node];
      const [x] = node.inputs as readonly [string];
      const op = (kind: 'Mul' | 'Add', name: string, inputs: string[], outputs = [name]): Node => ({
        ...{ kind, name, inputs, outputs, attributes: {} },
      });
      const clip = { kind: 'Clip', name: 'c', inputs: ['b'], outputs: ['c'] } as const;
      return [
        ...[op('Mul', 'a', [x, 'sixth']), op('Add', 'b', ['a', 'half'])],
        { ...clip, attributes: { min: 0, max: 1 } },
        op('Mul', 'd', ['c', x], [...node.outputs]),
      ];
    });
    expect(compareNetworks({ ...graph, nodes, initializers }, graph)).toEqual(same);
  });

  it.each([0, 1])('where zeros are put around a map before a mean, %d of them', (padding) => {
    const pooled = (before: boolean): Graph => {
      const builder = new GraphBuilder();
      const image = builder.image('image', [3, 8, 8]);
      const x = builder.conv('a', image, { inChannels: 3, outChannels: 4, kernel: 3 });
      const graph = builder.build('net', [builder.averagePool(x, [3, 3], [1, 1], padding)]);
      const pool = graph.nodes.at(-1)!;
      if (pool.kind !== 'AveragePool') throw new Error('no pool');
      const around = [padding, padding];
      const pads = [...[0, 0, ...around], ...[0, 0, ...around]];
      const pad: Node = {
        ...{ kind: 'Pad', name: 'p', inputs: [x], outputs: ['p'], attributes: { pads } },
      };
      const none = [0, 0, 0, 0] as const;
      const bare = { ...pool, inputs: ['p'], attributes: { ...pool.attributes, pads: none } };
      const counted = { ...pool, attributes: { ...pool.attributes, countIncludePad: true } };
      const last = before ? [pad, bare] : [counted];
      return { ...graph, nodes: [...graph.nodes.slice(0, -1), ...last] };
    };
    expect(compareNetworks(pooled(true), pooled(false))).toEqual(same);
  });

  it('but for a last layer that was made anew for other classes', () => {
    expect(compareNetworks(net({ classes: 7 }), net())).toEqual({ same: true, newHead: 7 });
  });
});

describe('another network is told by', () => {
  it.each<[string, Choice, string]>([
    [
      'channels',
      { channels: 8 },
      'Its layer 1 is a 3 x 3 convolution of 3 to 8 channels; that of the candidate is a 3 x 3 convolution of 3 to 6 channels.',
    ],
    ['strides', { stride: 2 }, 'Its layer 1 is a 3 x 3 convolution of 3 to 6 channels, stride 2'],
    ['an activation', { activation: 'hardSwish' }, 'but its hard swish behind layer 2'],
    ['where a shortcut begins', { shortcutFrom: 'second' }, 'but its add behind layer 3'],
    [
      'the size of its images',
      { image: [3, 16, 16] },
      'It takes an image of 3 x 16 x 16, not of 3 x 8 x 8.',
    ],
    ['a layer less', { third: false }, 'Its layer 3 is a fully connected one of 6 to 4 values'],
  ])('%s', (_, choice, words) => {
    const compared = compareNetworks(net(choice), net());
    expect(compared).toMatchObject({ same: false });
    expect('difference' in compared && compared.difference).toContain(words);
  });

  it('more layers than the candidate has', () => {
    const [long, short] = [net({ third: true }), net({ third: false })];
    expect(compareNetworks(long, short).same).toBe(false);
  });

  it('another body, even where its head is new as well', () => {
    expect(compareNetworks(net({ classes: 7, channels: 8 }), net()).same).toBe(false);
    expect(compareNetworks(net({ classes: 7, activation: 'hardSwish' }), net()).same).toBe(false);
  });
});
