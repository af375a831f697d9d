import fc from 'fast-check';
import { above, another, images, none, type Cases, type OperatorCase } from './case.ts';

/** Either operand may have axes of size 1 and, if it is the other one, lack axes in front. */
const binary = (kind: 'Add' | 'Sub' | 'Mul' | 'Div'): fc.Arbitrary<OperatorCase> =>
  fc
    .record({
      image: images,
      first: fc.subarray([1, 2, 3]),
      second: fc.subarray([1, 2, 3]),
      batchless: fc.boolean(),
      swapped: fc.boolean(),
      constant: fc.boolean(),
    })
    .map(({ image, first, second, batchless, swapped, constant }) => ({
      image,
      with: { first, second, batchless, swapped, constant },
      build: (sketch, x) => {
        const mean = (value: string, axes: readonly number[], keepDims: boolean) =>
          axes.length === 0 ? value : sketch.node('ReduceMean', [value], { axes, keepDims });
        const a = mean(x, first, true);
        const b = constant
          ? sketch.weights(
              'constant',
              image.map((size, axis) => (second.includes(axis + 1) ? 1 : size)),
            )
          : mean(another(sketch, x, image[0]!), second, true);
        const narrow = batchless && !constant ? mean(b, [0], false) : b;
        const divisor = kind === 'Div' ? above(sketch, narrow) : narrow;
        const divided = kind === 'Div' && swapped ? above(sketch, a, 0.5) : a;
        return sketch.node(kind, swapped ? [divisor, divided] : [a, divisor], none);
      },
    }));

export const broadcastingCases: Cases = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div'),
};
