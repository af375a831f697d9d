import { describe, expect, it } from 'vitest';
import { findHead } from '../../../../main/graph/heads/find-head.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import {
  encodeForeign,
  floats,
  int,
  integers,
  ints,
  type ForeignNode,
  type ForeignTensor,
} from '../../../support/foreign-onnx.ts';

const image = [3, 64, 64] as const;

/** Convolutions over three scales, one for each width; what follows them is the test's. */
function network(
  widths: readonly number[],
  after: readonly ForeignNode[] = [],
  scales = 3,
  stored: readonly ForeignTensor[] = [],
) {
  const nodes: ForeignNode[] = [];
  const initializers: ForeignTensor[] = [...stored];
  const conv = (name: string, from: string, shape: number[], stride = 1) => {
    const count = shape.reduce((a, b) => a * b, 1);
    initializers.push(floats(`${name}.weight`, shape, new Array<number>(count).fill(0.1)));
    nodes.push({
      ...{ opType: 'Conv', name, input: [from, `${name}.weight`], output: [name] },
      attribute: [ints('strides', [stride, stride])],
    });
  };
  conv('stem', 'x', [4, 3, 1, 1], 8);
  const outputs: string[] = [];
  let features = 'stem';
  for (let scale = 0; scale < scales; scale++) {
    if (scale > 0) {
      conv(`down${scale}`, features, [4, 4, 1, 1], 2);
      features = `down${scale}`;
    }
    widths.forEach((width, i) => {
      conv(`head${scale}.${i}`, features, [width, 4, 1, 1]);
      outputs.push(`head${scale}.${i}`);
    });
  }
  const last = after.flatMap(({ output }) => output);
  return findHead(
    readOnnx(
      encodeForeign({
        input: [null, ...image],
        ...{ nodes: [...nodes, ...after], initializers },
        outputs: last.length > 0 ? [last.at(-1)!] : outputs,
      }),
      'model.onnx',
      { forLastMaps: true },
    ),
    image,
  );
}

describe('the head of a detector', () => {
  it.each<[string, readonly number[], string, number]>([
    ['one map that three anchors share', [3 * 85], 'yolo-anchors', 80],
    ['one map that they cannot share', [4 + 1 + 80], 'yolo-cells', 80],
    ['distributions and classes', [64, 80], 'yolo-distributions', 80],
    ['classes and distributions of eight', [20, 32], 'yolo-distributions', 20],
    ['offsets of six boxes, and classes with a background', [24, 6 * 21], 'ssd', 20],
    ['classes, sides, centerness', [80, 4, 1], 'fcos', 80],
    ['classes and sides', [80, 4], 'fcos', 80],
    ['class maps and box maps of nine anchors', [9 * 80, 36], 'retinanet', 80],
  ])('is read from %s', (_what, widths, kind, classes) => {
    const found = network(widths);
    expect(found?.kind).toBe(kind);
    if (kind !== 'retinanet') expect(found?.graph.head?.classes).toBe(classes);
    expect(found?.maps).toHaveLength(3 * widths.length);
  });

  it('leaves masks and key points out', () => {
    const found = network([64, 80, 32]);
    expect([found?.kind, found?.graph.head?.classes]).toEqual(['yolo-distributions', 80]);
    expect(found?.maps).toHaveLength(6);
  });

  it.each<[string, string, string]>([
    ['as they are', 'Neg', 'yolo-distances'],
    ['as powers', 'Exp', 'fcos'],
    ['none of them below zero', 'Relu', 'fcos'],
  ])('of four numbers that sides are counted by, %s', (_what, operator, kind) => {
    const joined = (part: number): ForeignNode[] => [
      ...[0, 1, 2].map((scale): ForeignNode => {
        const [from, to] = [`head${scale}.${part}`, `flat${scale}.${part}`];
        return { opType: 'Reshape', name: to, input: [from, `flat${part}`], output: [to] };
      }),
      {
        ...{ opType: 'Concat', name: `all${part}`, output: [`all${part}`] },
        input: [0, 1, 2].map((scale) => `flat${scale}.${part}`),
        attribute: [int('axis', 2)],
      },
    ];
    const plain = operator === 'Neg';
    const after: ForeignNode[] = [
      ...joined(0),
      ...joined(1),
      { opType: operator, name: 'made', input: ['all0'], output: ['made'] },
      { opType: 'Sub', name: 'low', input: [plain ? 'all0' : 'made', 'at'], output: ['low'] },
      { opType: 'Sigmoid', name: 'likely', input: ['all1'], output: ['likely'] },
      {
        ...{ opType: 'Concat', name: 'end', input: ['low', 'made', 'likely'], output: ['end'] },
        attribute: [int('axis', 1)],
      },
    ];
    const sizes = [integers('flat0', [0, 4, -1]), integers('flat1', [0, 80, -1])];
    const stored = [...sizes, floats('at', [1], [0.5])];
    expect(network([4, 80], after, 3, stored)?.kind).toBe(kind);
  });

  it('is none where a classifier follows, however small', () => {
    const pooled: ForeignNode[] = [
      {
        ...{ opType: 'GlobalAveragePool', name: 'pool', input: ['head0.0'], output: ['pooled'] },
      },
      { opType: 'Flatten', name: 'flat', input: ['pooled'], output: ['features'] },
      { opType: 'MatMul', name: 'fc', input: ['features', 'fc.weight'], output: ['logits'] },
    ];
    const weight = floats('fc.weight', [8, 10], new Array<number>(80).fill(0.1));
    expect(network([8, 8], pooled, 1, [weight])).toBeNull();
    expect(network([8], pooled, 3, [weight])).toBeNull();
  });

  it('is none where a transformer follows, whose weights the file turns first', () => {
    const following = (name: string): ForeignNode[] => [
      {
        opType: 'Transpose',
        name: 'turn',
        input: ['w'],
        output: ['turned'],
        attribute: [ints('perm', [1, 0])],
      },
      ...[0, 1, 2].map((scale) => ({
        ...{ opType: 'Reshape', name: `flat${scale}`, output: [`flat${scale}`] },
        input: [`head${scale}.0`, 'flat'],
      })),
      {
        ...{ opType: 'Concat', name: 'memory', output: ['memory'], attribute: [int('axis', 2)] },
        input: ['flat0', 'flat1', 'flat2'],
      },
      {
        opType: 'Transpose',
        name: 'rows',
        input: ['memory'],
        output: ['rows'],
        attribute: [ints('perm', [0, 2, 1])],
      },
      { opType: 'MatMul', name: 'queries', input: ['rows', name], output: ['queries'] },
    ];
    const stored = [
      floats('w', [8, 85], new Array<number>(8 * 85).fill(0.1)),
      floats('straight', [85, 8], new Array<number>(8 * 85).fill(0.1)),
      integers('flat', [0, 85, -1]),
    ];
    for (const weight of ['turned', 'straight']) {
      expect(network([85], following(weight), 3, stored)).toBeNull();
    }
  });

  it('is none in maps of one size, or of numbers that are no predictions', () => {
    expect(network([8, 8], [], 1)).toBeNull();
    expect(network([7, 9])).toBeNull();
    expect(network([3])).toBeNull();
  });
});
