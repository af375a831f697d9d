import fc from 'fast-check';
import { above, another, images, none, type Cases, type OperatorCase } from './case.ts';

/** Either operand may have axes of size 1, and the second may lack leading axes. */
const binary = (kind: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min'): fc.Arbitrary<OperatorCase> =>
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

/** A power of a positive base, with an exponent per channel or per element. */
const power = fc
  .record({ image: images, perChannel: fc.boolean() })
  .map(({ image, perChannel }): OperatorCase => ({
    image,
    with: perChannel,
    build: (sketch, x) => {
      const exponent = perChannel
        ? sketch.weights('exponent', [image[0]!, 1, 1])
        : another(sketch, x, image[0]!, 'exponent');
      return sketch.node('Power', [above(sketch, x), exponent], none);
    },
  }));

/** A mask made from numbers that no gradient reaches; what it hides stays hidden, however large. */
const masked = (kind: 'GreaterMask' | 'EqualMask') =>
  images.map((image): OperatorCase => ({
    image,
    with: kind,
    build: (sketch, x) => {
      const size = image.map((_, axis) => (axis === 2 ? image[2]! : 1));
      const some = Float32Array.from({ length: image[2]! }, (_, i) => i % 3);
      const numbers = sketch.weights('numbers', size, some);
      const one = sketch.weights('one', [], Float32Array.of(1));
      const mask = sketch.node(kind, [numbers, one], none);
      const shown = sketch.node('Masked', [mask, x], none);
      const far = sketch.weights('far', [], Float32Array.of(-3e38));
      const hidden = sketch.node('Masked', [sketch.node('Sub', [one, one], none), far], none);
      return sketch.node('Add', [shown, hidden], none);
    },
  }));

export const broadcastingCases: Cases = {
  Max: binary('Max'),
  Min: binary('Min'),
  Power: power,
  'GreaterMask and Masked': masked('GreaterMask'),
  'EqualMask and Masked': masked('EqualMask'),
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div'),
};
