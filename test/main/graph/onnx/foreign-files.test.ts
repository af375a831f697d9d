/** What files of other exporters have: channels last, half precision, names, branches and random numbers. */
import { describe, expect, it } from 'vitest';
import { bindImage } from '../../../../main/graph/bind.ts';
import { inferShapes } from '../../../../main/graph/infer-shapes.ts';
import { layersOf } from '../../../../main/graph/layers.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { readReadableOutputs } from '../../../../main/graph/onnx/readable-outputs.ts';
import { materialise } from '../../../../main/graph/weights.ts';
import {
  AttributeType,
  DataType,
  encodeForeign,
  floats,
  int,
  integers,
  ints,
  type ForeignAttribute,
  type ForeignModel,
  type ForeignNode,
} from '../../../support/foreign-onnx.ts';

const node = (
  opType: string,
  input: string[],
  output: string,
  ...attribute: ForeignAttribute[]
): ForeignNode => ({ opType, name: `${opType}-${output}`, input, output: [output], attribute });
const read = (model: ForeignModel) => readOnnx(encodeForeign(model), 'model.onnx');
const weight = (name: string, dims: number[]) =>
  floats(
    name,
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
  );
const code = (wanted: string, message = /./): unknown =>
  expect.objectContaining({ code: wanted, message: expect.stringMatching(message) as string });

describe('images with channels last', () => {
  const conv = node('Conv', ['t', 'w'], 'y');
  const turn = node('Transpose', ['x'], 't', ints('perm', [0, 3, 1, 2]));

  it('are taken as the data are where the file turns them round first', () => {
    const graph = read({
      nodes: [turn, conv],
      initializers: [weight('w', [4, 3, 1, 1])],
      input: [null, 8, 6, 3],
    });
    expect(graph.inputs[0]!.shape).toEqual([null, 3, 8, 6]);
    expect(graph.nodes.some(({ kind }) => kind === 'Transpose')).toBe(false);
    expect(inferShapes(graph, 2).get('y')).toEqual([2, 4, 8, 6]);
  });

  it('are turned where something is computed with them first', () => {
    const graph = read({
      nodes: [node('Mul', ['x', 'third'], 'm'), { ...turn, input: ['m'] }, conv],
      initializers: [weight('w', [4, 3, 1, 1]), floats('third', [3], [1, 2, 3])],
      input: [null, 8, 6, 3],
    });
    expect(graph.inputs[0]!.shape).toEqual([null, 3, 8, 6]);
    expect(inferShapes(graph, 2).get('y')).toEqual([2, 4, 8, 6]);
  });

  it('are named as the file has them where there are several', () => {
    const graph = read({
      nodes: [turn, conv, node('Relu', ['other'], 'z')],
      initializers: [weight('w', [4, 3, 1, 1])],
      ...{ input: [null, 8, 6, 3], outputs: ['y', 'z'] },
      moreInputs: [{ name: 'other', shape: [null, 8, 6, 3] }],
    });
    expect(() => bindImage(graph, [3, 8, 6])).toThrow(
      code('shape-mismatch', /x \(N x 8 x 6 x 3\), other \(N x 8 x 6 x 3\)/),
    );
  });

  it('are not taken for it where both ends may be channels', () => {
    const graph = read({ nodes: [node('Relu', ['x'], 'y')], input: [null, 3, 8, 3] });
    expect(graph.inputs[0]!.shape).toEqual([null, 3, 8, 3]);
  });
});

describe('images that cannot be fed', () => {
  it('are called bytes where they are', () => {
    const moreInputs = [{ name: 'photo', shape: [null, 8, 8, 3], elemType: DataType.UINT8 }];
    expect(() => read({ nodes: [node('Relu', ['x'], 'y')], moreInputs })).toThrow(
      code('unsupported-tensor', /input "photo" of model\.onnx has the type uint8/),
    );
  });

  it.each([
    [[3, 32, 24], '3 x 32 x 24'],
    [[32, 24, 1], '32 x 24 x 1'],
  ])('are one picture where nothing counts them: %s', (input, sizes) => {
    expect(() => read({ nodes: [node('Relu', ['x'], 'y')], input })).toThrow(
      code('shape-mismatch', new RegExp(`"x" is ${sizes}: a single picture`)),
    );
  });

  it('may be no pictures', () => {
    const graph = read({ nodes: [node('Relu', ['x'], 'y')], input: [null, 32, 24] });
    expect(graph.inputs[0]!.shape).toEqual([null, 32, 24]);
  });
});

describe('weights in half precision', () => {
  const halves = (dataType: number, bits: number[]) => ({
    name: 'w',
    dims: [bits.length],
    dataType,
    rawData: new Uint8Array(Uint16Array.from(bits).buffer),
  });

  it.each([
    [
      'float16',
      DataType.FLOAT16,
      [0x3c00, 0xc000, 0x3555, 0x0001, 0x0000],
      [1, -2, 0.333251953125, 2 ** -24, 0],
    ],
    [
      'bfloat16',
      DataType.BFLOAT16,
      [0x3f80, 0xc000, 0x3eab, 0x4049],
      [1, -2, 0.333984375, 3.140625],
    ],
  ] as const)('are read as numbers: %s', (_name, type, bits, values) => {
    const graph = read({
      nodes: [node('Add', ['x', 'w'], 'y')],
      initializers: [halves(type, [...bits])],
      input: [null, 1, 1, bits.length],
    });
    expect([...materialise(graph.initializers.get('w')!)]).toEqual([...values]);
  });

  it('are told where most weights have it', () => {
    const storedAs = (count: number) =>
      read({
        nodes: [node('Add', ['x', 'w'], 'y'), node('Mul', ['y', 'scale'], 'z')],
        initializers: [
          halves(DataType.FLOAT16, new Array<number>(count).fill(0)),
          weight('scale', [1, 3, 1, 1]),
        ],
        input: [null, 1, 1, 1],
      }).storedAs;
    expect(storedAs(4)).toBe('float16');
    expect(storedAs(2)).toBeUndefined();
  });
});

describe('layers', () => {
  it('have the names of modules where the exporter made names up', () => {
    const graph = read({
      nodes: [
        { ...node('Conv', ['x', 'onnx::Conv_12'], 'a'), name: '/stem/stem.0/Conv' },
        { ...node('Conv', ['a', 'onnx::Conv_15'], 'y'), name: '/blocks/blocks.1/conv/Conv' },
      ],
      initializers: [weight('onnx::Conv_12', [3, 3, 1, 1]), weight('onnx::Conv_15', [3, 3, 1, 1])],
    });
    expect(layersOf(graph).map(({ name }) => name)).toEqual(['stem.0', 'blocks.1.conv']);
  });

  it('of which two stored tensors could be the weight are refused by name', () => {
    const graph = read({
      nodes: [node('Add', ['a', 'b'], 'w'), node('Conv', ['x', 'w'], 'y')],
      initializers: [weight('a', [4, 3, 1, 1]), weight('b', [4, 3, 1, 1])],
    });
    expect(() => layersOf(graph)).toThrow(code('weight-ambiguous', /Conv-y.*a, b/));
  });

  it('keep the tensor that has the size of the kernel, whatever scales it', () => {
    const graph = read({
      nodes: [node('Mul', ['w', 'gain'], 'k'), node('Conv', ['x', 'k'], 'y')],
      initializers: [weight('w', [4, 3, 1, 1]), weight('gain', [4, 1, 1, 1])],
    });
    expect(layersOf(graph).map(({ weight: stored }) => stored)).toEqual(['w']);
  });
});

describe('a choice that the file has made', () => {
  const branch = (name: string, nodes: ForeignNode[], output: string): ForeignAttribute => ({
    name,
    type: AttributeType.GRAPH,
    g: { name, node: nodes, output: [{ name: output }] },
  });
  const choice = (condition: number): ForeignModel => ({
    nodes: [
      node('Equal', ['c', 'one'], 'holds'),
      node(
        'If',
        ['holds'],
        'y',
        branch('then_branch', [node('Relu', ['x'], 'then')], 'then'),
        branch('else_branch', [node('Sigmoid', ['x'], 'else')], 'else'),
      ),
      node('Neg', ['y'], 'z'),
    ],
    initializers: [integers('c', [condition]), integers('one', [1])],
  });

  it.each([
    [1, 'Relu'],
    [0, 'Sigmoid'],
  ])('is followed: %i', (condition, kind) => {
    expect(read(choice(condition)).nodes.map((one) => one.kind)).toEqual([kind, 'Neg']);
  });
});

describe('random numbers', () => {
  const uniform = node('RandomUniformLike', ['x'], 'u', int('dtype', 1));
  const keep = floats('keep', [], [0.75]);

  it.each<[string, ForeignNode[]]>([
    [
      'compared',
      [uniform, node('Less', ['u', 'keep'], 'b'), node('Cast', ['b'], 'm', int('to', 1))],
    ],
    ['rounded down', [uniform, node('Add', ['keep', 'u'], 's'), node('Floor', ['s'], 'm')]],
    [
      'cast like one another',
      [
        uniform,
        node('CastLike', ['keep', 'u'], 'k'),
        node('Less', ['u', 'k'], 'b'),
        node('CastLike', ['b', 'x'], 'm'),
      ],
    ],
    ['drawn as zeros and ones', [node('Bernoulli', ['keep'], 'm')]],
  ])('of drop path are switched off: %s', (_name, nodes) => {
    const graph = read({
      nodes: [...nodes, node('Div', ['x', 'keep'], 'd'), node('Mul', ['d', 'm'], 'y')],
      initializers: [keep],
    });
    expect(graph.randomDraws).toBe(1);
    const mask = graph.initializers.get(graph.nodes.at(-1)!.inputs[1]!)!;
    expect([...materialise(mask)]).toEqual([0.75]);
  });

  it('that are used otherwise are refused', () => {
    const model = { nodes: [uniform, node('Mul', ['x', 'u'], 'y')], initializers: [keep] };
    expect(() => read(model)).toThrow(code('random-values', /Mul/));
  });
});

describe('the choice of the most likely class', () => {
  const best = node('ArgMax', ['y'], 'best', int('axis', 1), int('keepdims', 0));
  const chosen = (outputs: string[]): ForeignModel => ({
    nodes: [
      node('Conv', ['x', 'w'], 'y'),
      best,
      node('Cast', ['best'], 'label', int('to', 7)),
      node('Softmax', ['y'], 'likely', int('axis', 1)),
    ],
    initializers: [weight('w', [4, 3, 1, 1])],
    outputs,
  });

  it('is left out of a score, with what it is chosen by in its place', () => {
    const graph = read(chosen(['label']));
    expect([graph.outputs, graph.decided]).toEqual([['y'], true]);
    expect(read(chosen(['best', 'likely'])).outputs).toEqual(['y', 'likely']);
  });

  const ranking = (
    outputs: string[],
    scores: readonly ForeignNode[] = [
      node('GlobalAveragePool', ['y'], 'pooled'),
      node('Flatten', ['pooled'], 'flat'),
      node('Softmax', ['flat'], 'likely', int('axis', 1)),
    ],
    ...axis: readonly ForeignAttribute[]
  ): ForeignModel => ({
    nodes: [
      node('Conv', ['x', 'w'], 'y'),
      ...scores,
      {
        ...{ opType: 'TopK', name: 'top', input: ['likely', 'k'], output: ['best', 'which'] },
        attribute: [...axis],
      },
      node('Cast', ['which'], 'labels', int('to', 7)),
    ],
    initializers: [weight('w', [4, 3, 1, 1]), integers('k', [3]), integers('rows', [0, -1])],
    outputs,
  });
  const small = [
    node('GlobalMaxPool', ['y'], 'pooled'),
    node('Sigmoid', ['pooled'], 'likely'),
  ] as const;

  it('is left out where it is the few most likely ones', () => {
    for (const model of [
      ranking(['best', 'labels']),
      { ...ranking(['labels']), input: [null, 3, null, null] },
      ranking(['best', 'labels'], small, int('axis', 1)),
    ]) {
      const graph = read(model);
      expect([graph.outputs, graph.decided]).toEqual([['likely'], true]);
    }
  });

  it('is not where other outputs stand beside the few', () => {
    expect(() => read(ranking(['best', 'y']))).toThrow(code('unsupported-operator', /TopK/));
  });

  it('is not where the few are places of a map, as keypoints and centres of objects are', () => {
    const heatmap = [node('Sigmoid', ['y'], 'heat'), node('Reshape', ['heat', 'rows'], 'likely')];
    const map = [node('Sigmoid', ['y'], 'likely')];
    const refused = code('unsupported-operator', /TopK node "top" chooses places/);
    for (const model of [
      ranking(['best', 'labels'], heatmap),
      ranking(['best', 'labels'], map),
      ranking(['best', 'labels'], map, int('axis', 1)),
      ranking(['best', 'labels'], small),
      ranking(['best', 'labels'], small, int('axis', 0)),
    ]) {
      expect(() => read(model)).toThrow(refused);
      const bytes = encodeForeign(model);
      expect(() => readReadableOutputs(bytes, 'm.onnx', {})).toThrow(refused);
    }
  });

  it('is not where it is asked for, or is to be measured', () => {
    const bytes = encodeForeign(chosen(['label']));
    const refused = code('unsupported-operator', /ArgMax/);
    expect(() => readOnnx(bytes, 'm.onnx', { outputs: ['label'] })).toThrow(refused);
    expect(() => readOnnx(bytes, 'm.onnx', { deployed: true })).toThrow(refused);
  });
});

it('a recurrent layer is called what it is', () => {
  const nodes = [node('Shape', ['x'], 's'), node('GRU', ['x', 'w', 'r'], 'y')];
  expect(() => read({ nodes })).toThrow(code('unsupported-operator', /a GRU/));
});
