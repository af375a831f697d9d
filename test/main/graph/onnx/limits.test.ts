/** Models that are small as files and large in what they would make of a reader. */
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../../main/graph/graph.ts';
import { inferShapes } from '../../../../main/graph/infer-shapes.ts';
import { mostFoldedNumbers, mostNodes } from '../../../../main/graph/onnx/limits.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { slicedIndices } from '../../../../main/graph/operators/selecting.ts';
import {
  encodeForeign,
  int,
  integers,
  ints,
  type ForeignModel,
  type ForeignNode,
} from '../../../support/foreign-onnx.ts';
import { processorMs } from '../../../support/processor-time.ts';
import type { Known } from '../../../../main/common/known.ts';

const read = (model: ForeignModel): Graph => readOnnx(encodeForeign(model), 'model.onnx');
const code = (name: string, message = /./): unknown =>
  expect.objectContaining({ code: name, message: expect.stringMatching(message) as string });

const node = (
  opType: string,
  input: string[],
  output: string,
  more: Partial<ForeignNode> = {},
) => ({
  opType,
  name: output,
  input,
  output: [output],
  ...more,
});
const chain = (length: number, of: (from: string, to: string) => ForeignNode): ForeignNode[] =>
  Array.from({ length }, (_, i) => of(i === 0 ? 'x' : `v${i - 1}`, `v${i}`));
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

const quickestMs = (work: () => void) => processorMs(work, 3);

describe('what is larger than can be folded', () => {
  const tall = { ...integers('tall', range(4096)), dims: [4096, 1] };
  const wide = { ...integers('wide', range(4096)), dims: [1, 4096] };
  const end = node('Relu', ['x'], 'y');

  it.each(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Equal', 'Less', 'And', 'Pow', 'Mod'])(
    'is refused without computing it: 60 times %s, broadcast',
    (opType) => {
      const nodes = range(60).map((i) => node(opType, ['tall', 'wide'], `o${i}`));
      const model = { nodes: [...nodes, end], initializers: [tall, wide] };
      const ms = quickestMs(() => expect(() => read(model)).toThrow(code('unsupported-operator')));
      expect(ms).toBeLessThan(500);
    },
  );

  it.each<[string, ForeignNode]>([
    ['Where', node('Where', ['tall', 'wide', 'tall'], 'o')],
    ['Gather', node('Gather', ['tall', 'places'], 'o', { attribute: [int('axis', 1)] })],
    [
      'Concat',
      node(
        'Concat',
        range(65).map(() => 'long'),
        'o',
        { attribute: [int('axis', 0)] },
      ),
    ],
    ['ConstantOfShape', node('ConstantOfShape', ['sizes'], 'o')],
    ['Range', node('Range', ['zero', 'many', 'one'], 'o')],
  ])('%s, which makes more of less', (_name, making) => {
    const scalar = (name: string, value: number) => ({ ...integers(name, [value]), dims: [] });
    const [zero, one, many] = [scalar('zero', 0), scalar('one', 1), scalar('many', 2 ** 40)];
    const places = integers('places', new Array<number>(4096).fill(0));
    const sizes = integers('sizes', [60_000, 60_000]);
    const initializers = [
      tall,
      wide,
      places,
      sizes,
      zero,
      one,
      many,
      integers('long', range(4096)),
    ];
    const ms = quickestMs(() =>
      expect(() => read({ nodes: [making, end], initializers })).toThrow(
        code('unsupported-operator'),
      ),
    );
    expect(ms).toBeLessThan(500);
  });

  it('all together: so many small results that they are no shape arithmetic', () => {
    // Each reads two constants and gives one.
    const count = Math.ceil(mostFoldedNumbers / 3 / 2 ** 17) + 1;
    const adding = (i: number) => node('Add', [i === 0 ? 'long' : `o${i - 1}`, 'long'], `o${i}`);
    const nodes = range(count).map(adding);
    const model = { nodes: [...nodes, end], initializers: [integers('long', range(2 ** 17))] };
    expect(() => read(model)).toThrow(code('model-too-large', /16777216 numbers/));
    expect(() => read({ ...model, nodes: [...nodes.slice(0, -2), end] })).not.toThrow();
  });

  it.each(['ReduceMax', 'ReduceSum', 'NonZero'])(
    'nor many single numbers of a large table: 2,000 times %s',
    (opType) => {
      // Single numbers are not kept, so each is computed.
      const nodes = range(2000).flatMap((i) => [
        node('Reshape', ['table', `shape${i % 3}`], `t${i}`),
        node(opType, [`t${i}`], `o${i}`),
      ]);
      const initializers = [
        integers('table', [1, ...new Array<number>(2 ** 18 - 1).fill(0)]),
        integers('shape0', [2 ** 9, 2 ** 9]),
        integers('shape1', [2 ** 8, 2 ** 10]),
        integers('shape2', [2 ** 10, 2 ** 8]),
      ];
      const ms = quickestMs(() =>
        expect(() => read({ nodes: [...nodes, end], initializers })).toThrow(
          code('model-too-large'),
        ),
      );
      expect(ms).toBeLessThan(5000);
    },
  );

  it('but not what is computed again and again, as layers do their table of positions', () => {
    const nodes = range(2 * (mostFoldedNumbers / 2 ** 17)).map((i) => [
      node('Neg', ['long'], `n${i}`),
      node('Abs', [`n${i}`], `a${i}`),
    ]);
    const model = {
      nodes: [...nodes.flat(), end],
      initializers: [integers('long', range(2 ** 17))],
    };
    const ms = quickestMs(() => read(model));
    expect(ms).toBeLessThan(1500);
  });
});

describe('20,000 nodes', () => {
  const twice = (from: string, to: string): ForeignNode[] => [
    node('Shape', [from], `${to}.shape`),
    node('Reshape', [from, `${to}.shape`], to),
  ];
  it.each<[string, ForeignNode[]]>([
    ['Relu', chain(20_000, (from, to) => node('Relu', [from], to))],
    ['Add', chain(20_000, (from, to) => node('Add', [from, 'x'], to))],
    [
      'Transpose',
      chain(20_000, (from, to) =>
        node('Transpose', [from], to, { attribute: [ints('perm', [0, 1, 3, 2])] }),
      ),
    ],
    ['Shape and Reshape', range(10_000).flatMap((i) => twice(i ? `v${i - 1}` : 'x', `v${i}`))],
  ])('are read within 3 s: %s', (_name, nodes) => {
    const bytes = encodeForeign({ nodes });
    const ms = quickestMs(() =>
      expect(readOnnx(bytes, 'model.onnx').nodes.length).toBeGreaterThan(0),
    );
    expect(ms).toBeLessThan(3000);
  });

  it('are not the limit, which is named', () => {
    const relus = (count: number) => chain(count, (from, to) => node('Relu', [from], to));
    expect(() => read({ nodes: relus(mostNodes + 1) })).toThrow(
      code('model-too-large', /more than 50000 nodes/),
    );
  });

  it('nor is it got round by one node that stands for many', () => {
    const outputs = range(mostNodes + 1).map((i) => `o${i}`);
    const split = { opType: 'Split', name: 's', input: ['x'], output: outputs };
    const model = { nodes: [split], input: [null, mostNodes + 1, 1, 1] };
    const attribute = [int('axis', 1)];
    expect(() => read({ ...model, nodes: [{ ...split, attribute }] })).toThrow(
      code('model-too-large'),
    );
  });
});

describe('a slice', () => {
  const sliced = (size: number, [start, end, step]: readonly [number, number, number]) => {
    const names = ['starts', 'ends', 'axes', 'steps'];
    const initializers = [[start], [end], [3], [step]].map((v, i) => integers(names[i]!, v));
    const graph = read({
      nodes: [node('Slice', ['x', ...names], 'y')],
      initializers,
      input: [null, 1, 1, size],
    });
    return inferShapes(graph, 2).get('y')?.[3];
  };

  it('of an axis of millions is measured without going through it', () => {
    const size = 900_000_000;
    const ms = quickestMs(() => expect(sliced(size, [10, -10, 3])).toBe(299_999_994));
    expect(ms).toBeLessThan(200);
  });

  it.each([
    [7, [0, 7, 1], [0, 1, 2, 3, 4, 5, 6]],
    [7, [1, 6, 2], [1, 3, 5]],
    [7, [-1, -8, -1], [6, 5, 4, 3, 2, 1, 0]],
    [7, [6, 0, -2], [6, 4, 2]],
    [7, [-3, 2 ** 40, 1], [4, 5, 6]],
    [1, [0, 1, 5], [0]],
  ])('of %i places by %j takes %j', (size, bounds, places) => {
    const [start, end, step] = bounds as Known<number>;
    expect(slicedIndices(size, start, end, step)).toEqual(places);
    expect(sliced(size, [start, end, step])).toBe(places.length);
  });
});
