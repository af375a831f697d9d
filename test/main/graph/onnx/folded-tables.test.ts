/** Tables that files compute from integers alone: which pairs of patches share a bias, which anchors lie inside. */
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../../main/graph/graph.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import {
  foreignNode as node,
  AttributeType,
  encodeForeign,
  floats,
  int,
  integers,
  ints,
  type ForeignModel,
  type ForeignNode,
} from '../../../support/foreign-onnx.ts';
import { processorMs } from '../../../support/processor-time.ts';

const read = (model: ForeignModel) => readOnnx(encodeForeign({ opset: 17, ...model }), 'm.onnx');
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
/** Of a table that an addition takes as floats. */
const folded = (nodes: ForeignNode[], initializers: ForeignModel['initializers']) => {
  const ending = [
    node('Cast', ['table'], 'floating', int('to', 1)),
    node('Add', ['x', 'floating'], 'y'),
  ];
  const graph = read({ nodes: [...nodes, ...ending], initializers, input: [1, 2, 2, 3] });
  const kinds = graph.nodes.map(({ kind }) => kind).filter((kind) => kind !== 'Transpose');
  expect(kinds).toEqual(['Add']);
  const { shape, values } = graph.initializers.get('floating')!;
  return { shape, numbers: values.kind === 'data' ? [...values.data] : [] };
};

/** As BEiT has it: places of patches, their differences, and one number for each of these. */
function relativePositions(layer: number): ForeignNode[] {
  const v = (name: string) => `${name}${layer}`;
  return [
    node('Range', ['zero', 'side', 'one'], v('along')),
    node('Unsqueeze', [v('along'), 'second'], v('column')),
    node('Expand', [v('column'), 'square'], v('rows')),
    node('Expand', [v('along'), 'square'], v('columns')),
    node('Unsqueeze', [v('rows'), 'first'], v('rows.')),
    node('Unsqueeze', [v('columns'), 'first'], v('columns.')),
    node('Concat', [v('rows.'), v('columns.')], v('places'), int('axis', 0)),
    node('Flatten', [v('places')], v('flat')),
    node('Unsqueeze', [v('flat'), 'third'], v('from')),
    node('Unsqueeze', [v('flat'), 'second'], v('to')),
    node('Sub', [v('from'), v('to')], v('difference')),
    node('Transpose', [v('difference')], v('pairs'), ints('perm', [1, 2, 0])),
    node('Add', [v('pairs'), 'most'], v('shifted')),
    node('Mul', [v('shifted'), 'steps'], v('scaled')),
    node('ReduceSum', [v('scaled'), 'last'], v('index'), int('keepdims', 0)),
    node('Reshape', [v('index'), 'all'], v('list')),
    node('Gather', ['w', v('list')], v('biases')),
    node('ReduceMean', [v('biases')], v('mean'), int('keepdims', 0)),
    node('Add', [layer === 0 ? 'x' : `y${layer - 1}`, v('mean')], v('y')),
  ];
}

const ofSide = (side: number) => [
  ...[integers('zero', [0], []), integers('one', [1], []), integers('side', [side], [])],
  ...[integers('first', [0]), integers('second', [1]), integers('third', [2])],
  ...[integers('square', [side, side]), integers('all', [-1]), integers('last', [-1])],
  ...[integers('most', [side - 1]), integers('steps', [2 * side - 1, 1])],
  floats(
    'w',
    [(2 * side - 1) ** 2],
    upTo((2 * side - 1) ** 2).map((i) => Math.sin(i)),
  ),
];

describe('a table of relative positions', () => {
  it('is folded, so that its weights are looked up by constants', () => {
    const graph = read({ nodes: relativePositions(0), initializers: ofSide(2) });
    const gather = graph.nodes.find(({ kind }) => kind === 'Gather')!;
    const places = [0, 1, 2, 3].map((i) => [Math.floor(i / 2), i % 2] as const);
    const wanted = places.flatMap(([row, column]) =>
      places.map(([r, c]) => (row - r + 1) * 3 + (column - c + 1)),
    );
    expect(gather.inputs[0]).toBe('w');
    expect(gather.attributes).toMatchObject({ indices: wanted });
  });

  it('may be that of 14 x 14 patches, in every one of 24 layers', () => {
    const nodes = upTo(24).flatMap((layer) => relativePositions(layer));
    const graphs: Graph[] = [];
    const ms = processorMs(() => graphs.push(read({ nodes, initializers: ofSide(14) })));
    expect(ms).toBeLessThan(3000);
    expect(graphs[0]!.nodes.filter(({ kind }) => kind === 'Gather')).toHaveLength(24);
  });
});

describe('tables of several axes', () => {
  const numbers = integers('t', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 2, 3]);
  it.each<[string, ForeignNode[], number[], number[]]>([
    [
      'sums along one axis',
      [node('ReduceSum', ['t', 'last'], 'table')],
      [2, 2, 1],
      [6, 15, 24, 33],
    ],
    [
      'the largest of two axes',
      [node('ReduceMax', ['t'], 'table', ints('axes', [0, -2]), int('keepdims', 0))],
      [3],
      [10, 11, 12],
    ],
    [
      'the smallest of one axis',
      [node('ReduceMin', ['t'], 'table', ints('axes', [1]))],
      [2, 1, 3],
      [1, 2, 3, 7, 8, 9],
    ],
    [
      'sums so far',
      [node('CumSum', ['t', 'axis'], 'table')],
      [2, 2, 3],
      [1, 2, 3, 5, 7, 9, 7, 8, 9, 17, 19, 21],
    ],
    [
      'two axes, flattened',
      [node('Flatten', ['t'], 'flat', int('axis', 2)), node('Slice', ['flat', 'b', 'c'], 'table')],
      [1, 3],
      [4, 5, 6],
    ],
  ])('%s', (_name, nodes, shape, values) => {
    const others = [integers('last', [-1]), integers('axis', [1], [])];
    const initializers = [numbers, ...others, integers('b', [1]), integers('c', [2])];
    expect(folded(nodes, initializers)).toEqual({ shape, numbers: values });
  });

  it.each([
    [-Infinity, Infinity],
    [-0, 0],
    [NaN, Infinity],
    [NaN, 0],
  ])('filled with %s and with %s are not taken for each other', (one, other) => {
    const fill = (name: string, value: number): ForeignNode =>
      node('ConstantOfShape', ['sizes'], name, {
        ...{ name: 'value', type: AttributeType.TENSOR },
        t: floats('', [1], [value]),
      });
    const graph = read({
      nodes: [
        fill('low', one),
        fill('high', other),
        node('Min', ['x', 'high'], 'm'),
        node('Max', ['m', 'low'], 'y'),
      ],
      initializers: [integers('sizes', [1, 1, 10, 10])],
      input: [1, 1, 10, 10],
    });
    const valuesOf = (name: string) => graph.initializers.get(name)!.values;
    const filledWith = (data: number) => ({ data: new Float32Array(100).fill(data) });
    expect(valuesOf('low')).toMatchObject(filledWith(one));
    expect(valuesOf('high')).toMatchObject(filledWith(other));
  });
});

it('a weight with the numbers of a formula remains one', () => {
  const zeros = Array<number>(36).fill(0);
  const graph = read({
    nodes: [
      node('ConstantOfShape', ['shape'], 'zeros'),
      node('Expand', ['zeros', 'three'], 'formula'),
      node('Expand', ['weight', 'three'], 'trained'),
      node('Add', ['x', 'formula'], 'moved'),
      node('Add', ['moved', 'trained'], 'y'),
    ],
    initializers: [
      integers('shape', [1, 1, 6, 6]),
      integers('three', [1, 3, 6, 6]),
      floats('weight', [1, 1, 6, 6], zeros),
    ],
    input: [1, 3, 6, 6],
  });
  const reached = graph.nodes.flatMap(({ inputs }) => inputs);
  expect(graph.initializers.has('formula')).toBe(true);
  expect(reached).toContain('weight');
});
