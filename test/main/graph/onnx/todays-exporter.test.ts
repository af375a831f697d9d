/** What PyTorch's exporter of today writes with `optimize=False`, beside what foreign-files.test.ts has. */
import { describe, expect, it } from 'vitest';
import { bindImage } from '../../../../main/graph/bind.ts';
import { differentiateSum } from '../../../../main/graph/differentiate.ts';
import { toTraining } from '../../../../main/graph/forms.ts';
import { inferShapes } from '../../../../main/graph/infer-shapes.ts';
import { findLayers } from '../../../../main/graph/layers.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { bareConvolutions } from '../../../../main/score-model/bare-convolutions.ts';
import { runDeployable } from '../../../support/run-onnx.ts';
import {
  foreignNode as node,
  AttributeType,
  encodeForeign,
  floats,
  int,
  integers,
  ints,
  type ForeignAttribute,
  type ForeignModel,
  type ForeignNode,
  type ForeignTensor,
} from '../../../support/foreign-onnx.ts';

const read = (model: ForeignModel) => readOnnx(encodeForeign({ opset: 20, ...model }), 'm.onnx');
const kindsOf = (model: ForeignModel) => read(model).nodes.map(({ kind }) => kind);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('lists of values', () => {
  const halves = node('SplitToSequence', ['x', 'size'], 'parts', int('axis', 1));
  const at = (place: number) => node('SequenceAt', ['parts', `at${place}`], `part${place}`);
  const places = [integers('at0', [0], []), integers('at1', [1], [])];

  it('that a value is split into are looked through', () => {
    const model = {
      nodes: [halves, at(1), at(0), node('Concat', ['part1', 'part0'], 'y', int('axis', 1))],
      initializers: [integers('size', [2], []), ...places],
      input: [null, 4, 8, 8],
    };
    expect(kindsOf(model)).toEqual(['Slice', 'Slice', 'Concat']);
    const [first, second, joined] = read(model).nodes;
    expect(first!.attributes).toMatchObject({ starts: [0], ends: [2] });
    expect(joined!.inputs).toEqual([second!.outputs[0], first!.outputs[0]]);
  });

  it('may have parts of different sizes, and be joined again', () => {
    const graph = read({
      nodes: [halves, node('ConcatFromSequence', ['parts'], 'y', int('axis', 1))],
      initializers: [integers('size', [1, 3])],
      input: [null, 4, 8, 8],
    });
    expect(inferShapes(graph, 2).get(graph.outputs[0]!)).toEqual([2, 4, 8, 8]);
  });

  it('lose the axis where each part is one place', () => {
    const attributes = [int('axis', 1), int('keepdims', 0)];
    const alone = node('SplitToSequence', ['x'], 'parts', ...attributes);
    const graph = read({
      nodes: [alone, at(1), node('Relu', ['part1'], 'y')],
      initializers: places,
      input: [null, 2, 8, 8],
    });
    expect(inferShapes(graph, 2).get('y')).toEqual([2, 8, 8]);
  });

  it('are refused by name where a place in them is not known', () => {
    const sum = node('SequenceAt', ['parts', 'at9'], 'y');
    const model = {
      nodes: [halves, sum],
      initializers: [integers('size', [2], []), integers('at9', [9], [])],
      input: [null, 4, 8, 8],
    };
    expect(() => read(model)).toThrow(
      expect.objectContaining({
        code: 'unsupported-operator',
        message: expect.stringContaining('SequenceAt') as string,
      }),
    );
  });
});

describe('views that gather every number', () => {
  const flat = node('Reshape', ['x', 'all'], 'flat');
  const gathering = (places: number[], shape: number[]): ForeignModel => ({
    nodes: [flat, node('Gather', ['flat', 'places'], 'y')],
    initializers: [integers('all', [-1]), integers('places', places, shape)],
    input: [2, 3, 4, 1],
  });

  it('in order are a Reshape, which takes any number of images', () => {
    const graph = read(gathering(upTo(24), [2, 12, 1]));
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(['Reshape', 'Reshape']);
    expect(inferShapes(graph, 5).get('y')).toEqual([5, 12, 1]);
  });

  it('with other strides are a Reshape and a Transpose', () => {
    const turned = upTo(24).map(
      (i) => 12 * Math.floor(i / 12) + 4 * (i % 3) + (Math.floor(i / 3) % 4),
    );
    const graph = read(gathering(turned, [2, 4, 3]));
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(['Reshape', 'Reshape', 'Transpose']);
    expect(graph.nodes[2]!.attributes).toEqual({ permutation: [0, 2, 1] });
  });

  it('are left alone where numbers are repeated or left out', () => {
    const repeated = upTo(24).map((i) => i % 12);
    expect(read(gathering(repeated, [2, 12])).nodes.at(-1)!.kind).toBe('Gather');
    const swapped = [1, 0, ...upTo(24).slice(2)];
    expect(read(gathering(swapped, [2, 12])).nodes.at(-1)!.kind).toBe('Gather');
  });
});

it('weights are standardised by statistics that the network computes, with their gradient', () => {
  const graph = read({
    nodes: [
      ...[
        node('Reshape', ['w', 'rows'], 'view'),
        node('ReduceMean', ['view', 'axes'], 'mean', int('keepdims', 0)),
      ],
      ...[node('Mul', ['view', 'view'], 'squares')],
      node('ReduceMean', ['squares', 'axes'], 'variance', int('keepdims', 0)),
      node('BatchNormalization', ['view', 'gain', 'zero', 'mean', 'variance'], 'standard'),
      node('Reshape', ['standard', 'kernel'], 'weight'),
      node('Conv', ['x', 'weight'], 'y'),
    ],
    initializers: [
      ...[floats('w', [2, 3, 1, 1], [1, 2, 3, 4, 5, 7]), floats('gain', [2], [1, 2])],
      ...[integers('rows', [1, 2, -1]), integers('kernel', [2, 3, 1, 1]), integers('axes', [0, 2])],
      floats('zero', [2], [0, 0]),
    ],
  });
  expect(graph.nodes.map(({ kind }) => kind)).not.toContain('BatchNormalization');
  expect(findLayers(graph).layers.map(({ name }) => name)).toEqual(['w']);
  const training = toTraining(bindImage(graph, [3, 8, 8]));
  expect(() => differentiateSum(training, 2, ['w'])).not.toThrow();
  expect(bareConvolutions(graph, findLayers(graph))).toEqual([]);
});

it('weights are standardised by their own statistics, also in inference form', async () => {
  const weights = [1, 2, 3, 4, 5, 7];
  const given = ['view', 'gain', 'zero', 'zero', 'one'];
  const norm = node('BatchNormalization', given, 'standard', int('training_mode', 1));
  const model = encodeForeign({
    nodes: [
      node('Reshape', ['w', 'rows'], 'view'),
      norm,
      node('Reshape', ['standard', 'kernel'], 'weight'),
      node('Conv', ['x', 'weight'], 'y'),
    ],
    initializers: [
      ...[floats('w', [2, 3, 1, 1], weights), floats('gain', [2], [1, 2])],
      ...[integers('rows', [1, 2, -1]), integers('kernel', [2, 3, 1, 1])],
      ...[floats('zero', [2], [0, 0]), floats('one', [2], [1, 1])],
    ],
    input: [null, 3, 1, 1],
  });
  const graph = readOnnx(model, 'm.onnx', { deployed: true });
  expect(findLayers(graph).layers.map(({ name }) => name)).toEqual(['w']);
  const { data } = await runDeployable(graph, 1, Float32Array.of(1, 10, 100));
  const wanted = [0, 1].map((row) => {
    const three = weights.slice(3 * row, 3 * row + 3);
    const mean = three.reduce((a, b) => a + b) / 3;
    const deviation = Math.sqrt(three.reduce((sum, w) => sum + (w - mean) ** 2, 0) / 3 + 1e-5);
    return ((row + 1) * three.reduce((sum, w, i) => sum + (w - mean) * 10 ** i, 0)) / deviation;
  });
  [...data].forEach((value, row) => expect(value).toBeCloseTo(wanted[row]!, 3));
});

describe('a file for four images takes any number of them', () => {
  const opened = (nodes: ForeignNode[], initializers: ForeignTensor[]) => {
    const graph = read({ nodes, initializers, input: [4, 3, 2, 2] });
    expect(graph.inputs[0]!.shape).toEqual([null, 3, 2, 2]);
    expect(inferShapes(graph, 7).get(graph.outputs[0]!)?.[0]).toBe(7);
    return graph.nodes.map(({ kind }) => kind);
  };

  it('with a mask that was written out for each', () => {
    const mask: ForeignAttribute = {
      ...{ name: 'value', type: AttributeType.TENSOR },
      t: floats('', [4, 1, 2], [1, 0, 1, 0, 1, 0, 1, 0]),
    };
    const nodes = [
      node('Constant', [], 'mask', mask),
      node('Unsqueeze', ['mask', 'one'], 'wide'),
      node('Mul', ['x', 'wide'], 'y'),
    ];
    opened(nodes, [integers('one', [1])]);
  });

  it('with a position that was repeated and turned for each', () => {
    const nodes = [
      node('Tile', ['place', 'four'], 'places'),
      node('Reshape', ['places', 'flat'], 'rows'),
      node('Reshape', ['x', 'flat'], 'flatX'),
      node('Add', ['flatX', 'rows'], 'y'),
    ];
    const place = floats('place', [1, 3, 2, 2], upTo(12));
    opened(nodes, [place, integers('four', [4, 1, 1, 1]), integers('flat', [4, -1])]);
  });

  it('with two tokens before the places of each', () => {
    const nodes = [
      node('Expand', ['first', 'sizes'], 'one'),
      node('Expand', ['second', 'sizes'], 'other'),
      node('Concat', ['one', 'other', 'x'], 'y', int('axis', 1)),
    ];
    const tokens = ['first', 'second'].map((name) => floats(name, [1, 1, 2, 2], upTo(4)));
    const model = { nodes, input: [4, 3, 2, 2] };
    const graph = read({ ...model, initializers: [...tokens, integers('sizes', [4, 1, 2, 2])] });
    expect(graph.inputs[0]!.shape).toEqual([null, 3, 2, 2]);
    const names = graph.nodes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('with a token of one axis, as CLIP has it', () => {
    const nodes = [
      node('Reshape', ['x', 'list'], 'patches'),
      node('Expand', ['token', 'sizes'], 'tokens'),
      node('Concat', ['tokens', 'patches'], 'y', int('axis', 1)),
    ];
    const sizes = [integers('list', [4, 3, 4]), integers('sizes', [4, 1, 1])];
    opened(nodes, [floats('token', [4], upTo(4)), ...sizes]);
  });

  it('with a token, and a constant that has as many numbers as there are images by chance', () => {
    const halves: ForeignAttribute = {
      ...{ name: 'value', type: AttributeType.TENSOR },
      t: floats('', [2], [0.5, 0.5]),
    };
    const graph = read({
      nodes: [
        node('Expand', ['token', 'sizes'], 'tokens'),
        node('Sigmoid', ['tokens'], 'bounded'),
        node('Concat', ['bounded', 'x'], 'joined', int('axis', 1)),
        node('Constant', [], 'halves', halves),
        node('Mul', ['table', 'halves'], 'scaled'),
        node('Reshape', ['scaled', 'place'], 'places'),
        node('Add', ['joined', 'places'], 'y'),
      ],
      initializers: [
        floats('token', [1, 1, 2, 2], upTo(4)),
        floats('table', [8, 2], upTo(16)),
        ...[integers('sizes', [2, 1, 2, 2]), integers('place', [4, 2, 2])],
      ],
      input: [2, 3, 2, 2],
    });
    expect(graph.inputs[0]!.shape).toEqual([null, 3, 2, 2]);
    expect(inferShapes(graph, 5).get('y')).toEqual([5, 4, 2, 2]);
  });

  it('with lengths that were spread over what they divide', () => {
    const nodes = [
      node('ReduceL2', ['x', 'last'], 'lengths', int('keepdims', 1)),
      node('Expand', ['lengths', 'sizes'], 'spread'),
      node('Div', ['x', 'spread'], 'y'),
    ];
    opened(nodes, [integers('last', [-1]), integers('sizes', [4, 3, 2, 2])]);
  });

  it('with positions that are counted in ones of each, and taken through a convolution', async () => {
    const ones: ForeignAttribute = {
      ...{ name: 'value', type: AttributeType.TENSOR },
      t: floats('', [4, 2, 2], new Array<number>(16).fill(1)),
    };
    const nodes = [
      node('Constant', [], 'ones', ones),
      node('CumSum', ['ones', 'axis'], 'rows'),
      node('Unsqueeze', ['rows', 'channels'], 'map'),
      node('Conv', ['map', 'w'], 'places'),
      node('Add', ['x', 'places'], 'y'),
    ];
    const initializers = [
      ...[integers('axis', [2], []), integers('channels', [1])],
      floats('w', [3, 1, 1, 1], [1, 10, 100]),
    ];
    opened(nodes, initializers);
    const graph = read({ nodes, initializers, input: [4, 3, 2, 2] });
    const { data } = await runDeployable(graph, 1, new Float32Array(12));
    expect([...data]).toEqual([1, 2, 1, 2, 10, 20, 10, 20, 100, 200, 100, 200]);
  });

  it.each<[string, number, ForeignNode[], ForeignTensor]>([
    [
      'written out',
      4,
      [],
      floats(
        'mask',
        [8, 1, 2],
        upTo(16).map((i) => i % 4),
      ),
    ],
    [
      ...(['repeated', 4] as const),
      [node('Expand', ['once', 'sizes'], 'all'), node('Reshape', ['all', 'masks'], 'mask')],
      floats('once', [1, 2, 1, 2], upTo(4)),
    ],
    [
      ...(['that of the only image', 1] as const),
      [node('Expand', ['once', 'sizes'], 'all'), node('Reshape', ['all', 'masks'], 'mask')],
      floats('once', [1, 2, 1, 2], upTo(4)),
    ],
  ])('with masks of windows: %s', async (_name, images, masks, mask) => {
    const constant = { name: 'value', type: AttributeType.TENSOR, t: mask };
    const graph = read({
      nodes: [
        node('Constant', [], mask.name ?? '', constant),
        ...masks,
        node('Reshape', ['x', 'windows'], 'parts'),
        node('Add', ['parts', 'mask'], 'masked'),
        node('Reshape', ['masked', 'map'], 'y'),
      ],
      initializers: [
        ...[integers('sizes', [images, 1, 1, 1]), integers('masks', [-1, 1, 2])],
        ...[integers('windows', [2 * images, 3, 2]), integers('map', [images, 3, 2, 2])],
      ],
      input: [images, 3, 2, 2],
    });
    expect(graph.inputs[0]!.shape).toEqual([null, 3, 2, 2]);
    expect(inferShapes(graph, 7).get('y')).toEqual([7, 3, 2, 2]);
    const { data } = await runDeployable(graph, 2, new Float32Array(24));
    const one = [0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3];
    expect([...data]).toEqual([...one, ...one]);
  });

  it('but not where they are added up', () => {
    const nodes = [
      node('Tile', ['place', 'four'], 'places'),
      node('ReduceSum', ['places', 'first'], 'sum', int('keepdims', 1)),
      node('Add', ['places', 'sum'], 'both'),
      node('Add', ['x', 'both'], 'y'),
    ];
    const place = floats('place', [1, 3, 2, 2], upTo(12));
    const sizes = [integers('four', [4, 1, 1, 1]), integers('first', [0])];
    const graph = read({ nodes, initializers: [place, ...sizes], input: [4, 3, 2, 2] });
    expect(graph.inputs[0]!.shape[0]).toBe(4);
  });
});

it('a file for one image takes any number of them where the axes from the images on stay as they are', () => {
  const graph = read({
    nodes: [
      node('Transpose', ['x'], 'places', ints('perm', [2, 3, 0, 1])),
      node('Reshape', ['places', 'rows'], 'list'),
      node('Gather', ['list', 'chosen'], 'some'),
      node('Transpose', ['some'], 'y', ints('perm', [1, 2, 0])),
    ],
    initializers: [integers('rows', [4, 1, 3]), integers('chosen', [0, 3])],
    input: [1, 3, 2, 2],
  });
  expect(graph.inputs[0]!.shape).toEqual([null, 3, 2, 2]);
  expect(inferShapes(graph, 7).get('y')).toEqual([7, 3, 2]);
});

it('a size is cast like a value of the network', () => {
  const graph = read({
    nodes: [
      node('Shape', ['x'], 'shape'),
      node('Gather', ['shape', 'last'], 'size'),
      node('CastLike', ['size', 'x'], 'number'),
      node('Sqrt', ['number'], 'root'),
      node('Div', ['x', 'root'], 'y'),
    ],
    initializers: [integers('last', [-1])],
    input: [null, 3, 8, 16],
  });
  expect(graph.nodes.map(({ kind }) => kind)).toEqual(['Div']);
  expect(graph.initializers.get(graph.nodes[0]!.inputs[1]!)?.values).toMatchObject({
    data: Float32Array.of(4),
  });
});

it('tables of places are folded however large they are, where nothing is computed with them', () => {
  const [rows, columns] = [144, 144];
  const places = upTo(rows * columns).map((i) => i % 50);
  const graph = read({
    nodes: [
      node('Reshape', ['places', 'all'], 'view'),
      node('Max', ['view'], 'same'),
      node('Shape', ['same'], 'shape'),
      node('Expand', ['view', 'shape'], 'expanded'),
      node('Unsqueeze', ['expanded', 'last'], 'column'),
      node('Concat', ['column'], 'indices', int('axis', -1)),
      node('GatherND', ['table', 'indices'], 'y'),
      node('Add', ['x', 'y'], 'sum'),
    ],
    initializers: [
      integers('places', places, [rows, columns]),
      ...[integers('all', [-1]), integers('last', [-1])],
      floats('table', [50, 1], upTo(50)),
    ],
    input: [null, 1, rows * columns, 1],
  });
  expect(inferShapes(graph, 1).get('y')).toEqual([rows * columns, 1]);
});

describe('convolutions without a normalisation behind them', () => {
  const weight = (name: string, channels: number) =>
    floats(name, [4, channels, 1, 1], new Array<number>(4 * channels).fill(1));
  const conv = (name: string, input: string, output: string): ForeignNode => ({
    ...{ opType: 'Conv', name, input: [input, `${output}.weight`, 'bias'], output: [output] },
  });
  const norm = (input: string, output: string) =>
    node('LayerNormalization', [input, 'scale'], output, int('axis', -1));
  const bareIn = (second: ForeignNode, third: ForeignNode) => {
    const [made, last] = [second.output![0]!, third.output![0]!];
    const graph = read({
      nodes: [
        ...[conv('node_conv2d', 'x', 'conv2d'), norm('conv2d', 'normed'), second],
        ...[node('Relu', [made], 'act'), third, node('Relu', [last], 'y')],
        node('ReduceMean', ['y', 'places'], 'mean'),
      ],
      initializers: [
        ...[weight('conv2d.weight', 3), weight(`${made}.weight`, 4)],
        weight(`${last}.weight`, 4),
        ...[floats('bias', [4], [1, 2, 3, 4]), floats('scale', [8], upTo(8))],
        integers('places', [2, 3]),
      ],
    });
    return bareConvolutions(graph, findLayers(graph));
  };

  it('are named where the exporter has written them anew, as folding does', () =>
    expect(
      bareIn(conv('node_Conv_37', 'normed', 'getitem'), conv('node_Conv_40', 'act', 'getitem_3')),
    ).toEqual(['getitem', 'getitem_3']));

  it('are not where the exporter by tracing kept the names of their biases', () => {
    const traced = (output: string, input: string) =>
      conv(`/features/${output}/Conv`, input, output);
    expect(bareIn(traced('a', 'normed'), traced('b', 'act'))).toEqual([]);
  });

  it('are not where it wrote them as it met them', () =>
    expect(
      bareIn(conv('node_conv2d_1', 'normed', 'conv2d_1'), conv('node_conv2d_2', 'act', 'conv2d_2')),
    ).toEqual([]));
});
