import fc from 'fast-check';
import { another, images, none, small, type Cases, type OperatorCase } from './case.ts';
import type { Known } from '../../../main/common/known.ts';

/** A weight, or its transpose as exporters in training mode write it, on values of rank 2 to 4. */
const weightProduct = fc
  .record({
    image: images,
    rank: fc.constantFrom(2, 3, 4),
    columns: small(1, 4),
    transposed: fc.boolean(),
  })
  .map(({ image, rank, columns, transposed }): OperatorCase => ({
    image,
    with: { rank, columns, transposed },
    build: (sketch, x) => {
      const shape = { 2: [0, -1], 3: [0, image[0]!, -1], 4: [0, ...image] }[rank] ?? [];
      const value = sketch.node('Reshape', [x], { shape });
      const inner = sketch.shapeOf(value)[rank - 1]!;
      const weight = sketch.weights('linear', transposed ? [columns, inner] : [inner, columns]);
      const right = transposed
        ? sketch.node('Transpose', [weight], { permutation: [1, 0] })
        : weight;
      return sketch.node('MatMul', [value, right], none);
    },
  }));

/** Products of two values, some of whose leading axes have size 1 or are missing. */
const batchedProduct = fc
  .record({
    image: images,
    columns: small(1, 3),
    single: fc.subarray([0, 1]),
    missing: small(0, 2),
    swapped: fc.boolean(),
  })
  .map(({ image, columns, single, missing, swapped }): OperatorCase => ({
    image,
    with: { columns, single, missing, swapped },
    build: (sketch, x) => {
      // N x C x H x W times N x C x W x columns; the second is made from the first.
      const turned = (value: string) => {
        const order = sketch.shapeOf(value).map((_, axis) => axis);
        const [row, column] = order.slice(-2) as Known<number>;
        return sketch.node('Transpose', [value], {
          permutation: [...order.slice(0, -2), column, row],
        });
      };
      const weight = sketch.weights('narrow', [image[1]!, columns]);
      const second = sketch.node('MatMul', [turned(x), weight], none);
      const dropped = [0, 1].slice(0, missing);
      const axes = [0, 1].filter((axis) => dropped.includes(axis) || single.includes(axis));
      const mean =
        axes.length === 0 ? second : sketch.node('ReduceMean', [second], { axes, keepDims: true });
      const right = missing === 0 ? mean : sketch.node('Squeeze', [mean], { axes: dropped });
      return swapped
        ? sketch.node('MatMul', [turned(right), turned(x)], none)
        : sketch.node('MatMul', [x, right], none);
    },
  }));

/** Attention, softmax(q k') v, over the pixels of an image. */
const attention = images.map((image): OperatorCase => ({
  image,
  with: image,
  build: (sketch, x) => {
    const flat = (name: string) =>
      sketch.node('Reshape', [another(sketch, x, 3, name)], { shape: [0, 3, -1] });
    const turned = (value: string) => sketch.node('Transpose', [value], { permutation: [0, 2, 1] });
    const scores = sketch.node('MatMul', [turned(flat('query')), flat('key')], none);
    const shares = sketch.node('Softmax', [scores], { axis: -1 });
    return sketch.node('MatMul', [shares, turned(flat('value'))], none);
  },
}));

const softmax = (kind: 'Softmax' | 'LogSoftmax') =>
  fc
    .record({ image: images, axis: fc.constantFrom(1, 2, 3, -1, -2, -3, 0, -4) })
    .map(({ image, axis }): OperatorCase => ({
      image,
      with: axis,
      build: (sketch, x) => sketch.node(kind, [x], { axis }),
    }));

const gemmBias = fc
  .record({ image: images, beta: fc.constantFrom(1, -0.5), narrow: fc.boolean() })
  .map(({ image, beta, narrow }): OperatorCase => ({
    image,
    with: { beta, narrow },
    build: (sketch, x) => {
      const flat = sketch.node('Flatten', [x], { axis: 1 });
      const features = sketch.shapeOf(flat)[1]!;
      const gemm = { alpha: 1, beta: 1, transA: false, transB: true };
      const c = sketch.node('Gemm', [flat, sketch.weights('bias.of', [4, features])], gemm);
      const bias = narrow ? sketch.node('ReduceMean', [c], { axes: [0], keepDims: false }) : c;
      const weight = sketch.weights('linear', [4, features]);
      return sketch.node('Gemm', [flat, weight, bias], { ...gemm, beta });
    },
  }));

export const productCases: Cases = {
  'MatMul with a weight, transposed or not': weightProduct,
  'MatMul of two values that broadcast': batchedProduct,
  attention: attention,
  'Softmax on any axis': softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
  'Gemm that adds a computed value': gemmBias,
};
