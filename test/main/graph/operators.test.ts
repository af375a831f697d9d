/** Every operator against onnxruntime: the shape inferred here, and the values of the reference evaluator. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shape } from '../../../main/graph/shape.ts';
import { agree, imagesInBatch as batchSize } from '../../support/agree.ts';
import { noise, type Sketch } from '../../support/sketch.ts';

const small = (min: number, max: number) => fc.integer({ min, max });
const pair = (min: number, max: number) => fc.tuple(small(min, max), small(min, max));
const pads = (max: number) => fc.tuple(small(0, max), small(0, max), small(0, max), small(0, max));
const images = fc.tuple(small(1, 4), small(2, 9), small(2, 9));

/** Windows that fit, counted one by one. */
function windows(size: number, extent: number, stride: number): number {
  let count = 0;
  for (let start = 0; start + extent <= size; start += stride) count++;
  return count;
}

const check = <T>(cases: fc.Arbitrary<T>, property: (value: T) => Promise<void>, numRuns = 60) =>
  fc.assert(fc.asyncProperty(cases, property), { seed: 3, numRuns });

describe('shapes and values of', () => {
  it('Conv, with any kernel, strides, pads, dilations, groups, depthwise too', async () => {
    const cases = fc
      .record({
        size: pair(2, 9),
        group: small(1, 4),
        inPerGroup: small(1, 3),
        outPerGroup: small(1, 3),
        kernel: pair(1, 4),
        strides: pair(1, 3),
        pads: pads(3),
        dilations: pair(1, 2),
        bias: fc.boolean(),
      })
      .filter(({ size, kernel, pads, dilations }) =>
        [0, 1].every((a) => size[a]! + pads[a]! + pads[a + 2]! > dilations[a]! * (kernel[a]! - 1)),
      );
    await check(cases, async ({ size, group, inPerGroup, outPerGroup, kernel, bias, ...rest }) => {
      const shape = await agree([inPerGroup * group, ...size], (sketch) => {
        const inputs = ['image', sketch.weights('w', [outPerGroup * group, inPerGroup, ...kernel])];
        if (bias) inputs.push(sketch.weights('b', [outPerGroup * group]));
        return sketch.node('Conv', inputs, { ...rest, group });
      });
      const [height, width] = [0, 1].map((axis) =>
        windows(
          size[axis]! + rest.pads[axis]! + rest.pads[axis + 2]!,
          rest.dilations[axis]! * (kernel[axis]! - 1) + 1,
          rest.strides[axis]!,
        ),
      );
      expect(shape).toEqual([batchSize, outPerGroup * group, height, width]);
    });
  });

  it('AveragePool, with any kernel, strides and pads, the padding counted or not', async () => {
    const cases = fc
      .record({
        image: images,
        kernel: pair(1, 4),
        strides: pair(1, 3),
        pads: pads(3),
        countIncludePad: fc.boolean(),
      })
      .filter(
        ({ image, kernel, pads }) =>
          pads.every((pad, i) => pad < kernel[i % 2]!) &&
          [0, 1].every((a) => image[a + 1]! + pads[a]! + pads[a + 2]! >= kernel[a]!),
      );
    await check(cases, async ({ image, ...attributes }) => {
      const { kernel, strides, pads } = attributes;
      const shape = await agree(image, (sketch) =>
        sketch.node('AveragePool', ['image'], {
          ...attributes,
          dilations: [1, 1],
          ceilMode: false,
        }),
      );
      const [height, width] = [0, 1].map((axis) =>
        windows(image[axis + 1]! + pads[axis]! + pads[axis + 2]!, kernel[axis]!, strides[axis]!),
      );
      expect(shape).toEqual([batchSize, image[0], height, width]);
    });
  });

  it('Pad, which crops where a pad is negative', async () => {
    const each = fc.array(small(-2, 3), { minLength: 8, maxLength: 8 });
    const cases = fc
      .record({ image: images, pads: each })
      .filter(({ image, pads }) =>
        [batchSize, ...image].every(
          (size, axis) =>
            size + pads[axis]! + pads[axis + 4]! >= 1 &&
            size + Math.min(0, pads[axis]!) + Math.min(0, pads[axis + 4]!) >= 1,
        ),
      );
    await check(cases, async ({ image, pads }) => {
      const shape = await agree(image, (sketch) => sketch.node('Pad', ['image'], { pads }));
      expect(shape).toEqual([batchSize, ...image].map((n, a) => n + pads[a]! + pads[a + 4]!));
    });
  });

  it('Reshape, with sizes copied (0) and inferred (-1)', async () => {
    const cases = fc.record({
      image: images,
      copied: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      inferred: small(0, 3),
    });
    await check(cases, async ({ image, copied, inferred }) => {
      const sizes = [batchSize, ...image];
      const wanted = sizes.map((size, axis) => (axis === inferred ? -1 : copied[axis] ? 0 : size));
      const same = await agree(image, (sketch) =>
        sketch.node('Reshape', ['image'], { shape: wanted }),
      );
      expect(same).toEqual(sizes);
      const swapped = [image[2], -1, image[1]];
      const other = await agree(image, (sketch) =>
        sketch.node('Reshape', ['image'], { shape: swapped }),
      );
      expect(other).toEqual([image[2], batchSize * image[0], image[1]]);
    });
  });

  it('Flatten at every axis, counted from either end', async () => {
    for (let axis = -4; axis <= 4; axis++) {
      const shape = await agree([3, 4, 5], (sketch) => sketch.node('Flatten', ['image'], { axis }));
      const rows = [1, 2, 6, 24, 120][axis < 0 ? axis + 4 : axis]!;
      expect(shape).toEqual([rows, 120 / rows]);
    }
  });

  it('ReduceMean over any axes, in any order, kept or dropped', async () => {
    const cases = fc.record({
      image: images,
      axes: fc.uniqueArray(small(0, 3), { minLength: 1, maxLength: 4 }),
      fromTheEnd: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      keepDims: fc.boolean(),
    });
    await check(cases, async ({ image, axes, fromTheEnd, keepDims }) => {
      const written = axes.map((axis) => (fromTheEnd[axis] ? axis - 4 : axis));
      const shape = await agree(image, (sketch) =>
        sketch.node('ReduceMean', ['image'], { axes: written, keepDims }),
      );
      const sizes = [batchSize, ...image];
      expect(shape).toEqual(
        keepDims
          ? sizes.map((size, axis) => (axes.includes(axis) ? 1 : size))
          : sizes.filter((_, axis) => !axes.includes(axis)),
      );
    });
  });

  it('GlobalAveragePool, Relu and Identity', async () => {
    await check(
      images,
      async (image) => {
        const x = 'image';
        expect(await agree(image, (s) => s.node('GlobalAveragePool', [x], {}))).toEqual([
          batchSize,
          image[0],
          1,
          1,
        ]);
        expect(await agree(image, (s) => s.node('Relu', [x], {}))).toEqual([batchSize, ...image]);
        expect(await agree(image, (s) => s.node('Identity', [x], {}))).toEqual([
          batchSize,
          ...image,
        ]);
      },
      15,
    );
  });

  it('Add, broadcasting either operand', async () => {
    const cases = fc.record({
      image: images,
      ones: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      rank: small(0, 4),
      swapped: fc.boolean(),
    });
    await check(cases, async ({ image, ones, rank, swapped }) => {
      const other = [batchSize, ...image].map((size, a) => (ones[a] ? 1 : size)).slice(4 - rank);
      const shape = await agree(image, (sketch) => {
        const operands = ['image', sketch.weights('other', other)];
        return sketch.node('Add', swapped ? operands.reverse() : operands, {});
      });
      expect(shape).toEqual([batchSize, ...image]);
    });
    const outer = await agree([1, 4, 1], (sketch) =>
      sketch.node('Add', ['image', sketch.weights('other', [3, 1, 5])], {}),
    );
    expect(outer).toEqual([batchSize, 3, 4, 5]);
  });

  it('Gemm, with either operand transposed, factors, and any bias that broadcasts', async () => {
    const cases = fc.record({
      features: small(1, 6),
      columns: small(1, 5),
      transA: fc.boolean(),
      transB: fc.boolean(),
      alpha: fc.constantFrom(1, 0.5, -2),
      beta: fc.constantFrom(1, 0, 3),
      bias: fc.constantFrom(null, 'row', 'column', 'matrix', 'one', 'scalar'),
    });
    await check(cases, async ({ features, columns, bias, ...attributes }) => {
      const shape = await agree([features, 1, 1], (sketch) => {
        const a = sketch.node('Flatten', ['image'], { axis: 1 }); // 2 x features
        const [rows, inner] = attributes.transA ? [features, batchSize] : [batchSize, features];
        const b = sketch.weights('b', attributes.transB ? [columns, inner] : [inner, columns]);
        const shapes: Record<NonNullable<typeof bias>, Shape> = {
          row: [columns],
          column: [rows, 1],
          matrix: [rows, columns],
          one: [1],
          scalar: [],
        };
        const c = bias === null ? [] : [sketch.weights('c', shapes[bias])];
        return sketch.node('Gemm', [a, b, ...c], attributes);
      });
      expect(shape).toEqual([attributes.transA ? features : batchSize, columns]);
    });
  });

  it('BatchNormalization by running statistics, of maps and of vectors', async () => {
    await check(
      fc.record({ image: images, epsilon: fc.constantFrom(1e-5, 1e-3, 0.1) }),
      async ({ image, epsilon }) => {
        const inputs = (sketch: Sketch, x: string) => [
          x,
          ...['scale', 'shift', 'mean'].map((name) => sketch.weights(name, [image[0]])),
          sketch.weights(
            'variance',
            [image[0]],
            noise(image[0], 'v').map((v) => v * v + 0.1),
          ),
        ];
        const attributes = { epsilon, training: false };
        const maps = await agree(image, (s) =>
          s.node('BatchNormalization', inputs(s, 'image'), attributes),
        );
        expect(maps).toEqual([batchSize, ...image]);
        const vectors = await agree([image[0], 1, 1], (s) =>
          s.node(
            'BatchNormalization',
            inputs(s, s.node('Flatten', ['image'], { axis: 1 })),
            attributes,
          ),
        );
        expect(vectors).toEqual([batchSize, image[0]]);
      },
      15,
    );
  });
});
