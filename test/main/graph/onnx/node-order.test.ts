import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../../main/graph/onnx/node-order.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { encodeForeign, floats, type ForeignNode } from '../../../support/foreign-onnx.ts';

/** Each reads some of those before it. */
const networks = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { maxLength: 20 })
  .map((all): ForeignNode[] =>
    all.map((inputs, i) => ({
      ...{ opType: 'Sum', name: `n${i}`, output: [`v${i}`] },
      input: inputs.map((n) => (i === 0 ? 'x' : `v${n % i}`)),
    })),
  );
const shuffled = networks.chain((nodes) =>
  fc.shuffledSubarray(nodes, { minLength: nodes.length }).map((order) => ({ nodes, order })),
);

describe('the order of nodes', () => {
  it('is that of the file where each stands behind what it reads', () => {
    fc.assert(
      fc.property(networks, (nodes) => {
        expect(inOrder(nodes)).toEqual(nodes);
      }),
    );
  });

  it('is made so that each stands behind what it reads', () => {
    fc.assert(
      fc.property(shuffled, ({ nodes, order }) => {
        const sorted = inOrder(order);
        expect(new Set(sorted)).toEqual(new Set(nodes));
        const made = new Set(['x']);
        for (const { input, output } of sorted) {
          expect(input!.every((name) => made.has(name))).toBe(true);
          made.add(output![0]!);
        }
      }),
    );
  });

  it('is left to be refused where nodes run in circles', () => {
    const nodes = [
      { opType: 'Add', name: 'a', input: ['x', 'c'], output: ['b'] },
      { opType: 'Add', name: 'b', input: ['b', 'x'], output: ['c'] },
    ];
    expect(inOrder(nodes)).toEqual(nodes);
    expect(() => readOnnx(encodeForeign({ nodes }), 'm.onnx')).not.toThrow(RangeError);
  });

  it('have names of their own where the file gives several the same', () => {
    const nodes = ['a', 'b', 'c'].map((output, i) => ({
      ...{ opType: 'Sin', name: i === 2 ? 'same_2' : 'same' },
      ...{ input: [i === 0 ? 'x' : 'a'], output: [output] },
    }));
    const graph = readOnnx(encodeForeign({ nodes, outputs: ['b', 'c'] }), 'm.onnx');
    expect(graph.nodes.map(({ name }) => name)).toEqual(['same', 'same_3', 'same_2']);
  });

  it('of a file may be any', () => {
    const nodes = [
      { opType: 'Relu', name: 'relu', input: ['y'], output: ['z'] },
      { opType: 'Conv', name: 'conv', input: ['x', 'w'], output: ['y'] },
    ];
    const initializers = [floats('w', [4, 3, 3, 3], new Array<number>(108).fill(1))];
    const graph = readOnnx(encodeForeign({ nodes, initializers, output: 'z' }), 'm.onnx');
    expect(graph.nodes.map(({ name }) => name)).toEqual(['conv', 'relu']);
  });
});
