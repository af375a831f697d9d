/** What a network computes from its weights alone, beside what onnxruntime computes of it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withConstantsFolded } from '../../../main/graph/deployed/constants.ts';
import { toDeployed } from '../../../main/graph/deployed/index.ts';
import { elements } from '../../../main/graph/shape.ts';
import { processorMs } from '../../support/processor-time.ts';
import { noise, Sketch } from '../../support/sketch.ts';
import { runInOnnxruntime } from '../../support/tflite.ts';

const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 });

describe('constants', () => {
  it('of whatever shapes are combined and reduced as the runtime does', async () => {
    const repeated = sizes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        repeats: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
        axes: fc.uniqueArray(fc.nat(shape.length - 1), { minLength: 1 }),
        leading: fc.nat(shape.length),
        kind: fc.constantFrom('ReduceSum', 'ReduceMean', 'ReduceMax'),
      }),
    );
    await fc.assert(
      fc.asyncProperty(repeated, async ({ shape, repeats, axes, leading, kind }) => {
        const sketch = new Sketch(1, [2, 2, 2]);
        const other = shape.map((size, axis) => (repeats[axis] ? 1 : size)).slice(leading);
        const a = sketch.weights('a', shape);
        const b = sketch.weights('b', other);
        const differs = sketch.node('Sub', [a, b], {});
        const least = sketch.node(kind, [differs], { axes, keepDims: true });
        const product = sketch.node('Mul', [least, differs], {});
        const all = shape.map((_, axis) => axis);
        const squares = sketch.node('Mul', [product, a], {});
        const sum = sketch.node('ReduceSum', [squares], { axes: all, keepDims: false });
        const graph = sketch.graph([sketch.node('Add', ['image', sum], {})]);
        const folded = toDeployed(graph);
        expect(folded.nodes).toHaveLength(1);
        const picture = { shape: [1, 2, 2, 2], data: noise(8, 'picture') };
        const [found] = await runInOnnxruntime(folded, picture);
        const [wanted] = await runInOnnxruntime(graph, picture);
        // Sums of some hundred products of either sign, in another order: a wrong place is off by far more.
        wanted!.data.forEach((value, i) => {
          expect(Math.abs(found!.data[i]! - value)).toBeLessThan(
            1e-3 * Math.max(1, Math.abs(value)),
          );
        });
      }),
      { numRuns: 60 },
    );
  });

  it(
    'of millions of numbers, normalised per filter, take less than 40 times as long as plain loops',
    { retry: 2 },
    () => {
      const sketch = new Sketch(1, [256, 4, 4]);
      const shape = [512, 256, 3, 3];
      const weights = sketch.weights('w', shape);
      const of = (x: string) => sketch.node('ReduceMean', [x], { axes: [1, 2, 3], keepDims: true });
      const centred = sketch.node('Sub', [weights, of(weights)], {});
      const variance = of(sketch.node('Mul', [centred, centred], {}));
      const normed = sketch.node('Div', [centred, sketch.node('Sqrt', [variance], {})], {});
      const factors = sketch.weights('factors', [512, 1, 1, 1]);
      const scaled = sketch.node('Mul', [normed, factors], {});
      const graph = sketch.graph([
        sketch.node('Conv', ['image', scaled], {
          ...{ strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1 },
        }),
      ]);
      const fold = () => expect(withConstantsFolded(graph).nodes).toHaveLength(1);
      const numbers = noise(elements(shape), 'loops');
      const loops = processorMs(() => normalised(numbers, 512), 3);
      // Nearly twenty times here; three times that where every number was looked up alone.
      expect(processorMs(fold, 3)).toBeLessThan(40 * loops);
    },
  );
});

/** The same of as many numbers as plain loops have it. */
function normalised(numbers: Float32Array, filters: number): Float32Array {
  const size = numbers.length / filters;
  const found = new Float32Array(numbers.length);
  for (let filter = 0; filter < filters; filter++) {
    const [start, end] = [filter * size, (filter + 1) * size];
    let [sum, squares] = [0, 0];
    for (let i = start; i < end; i++) sum += numbers[i]!;
    for (let i = start; i < end; i++) squares += (numbers[i]! - sum / size) ** 2;
    const deviation = Math.sqrt(squares / size);
    for (let i = start; i < end; i++) found[i] = (numbers[i]! - sum / size) / deviation;
  }
  return found;
}
