/** How the models round: what decides on which side of a Relu a number falls. */
import { Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { lowerBatchNormalization } from '../../../../main/engine/onnxruntime/batch-normalization.ts';
import type { LoweringContext } from '../../../../main/engine/onnxruntime/context.ts';
import { lowerConv } from '../../../../main/engine/onnxruntime/conv.ts';
import { createSession } from '../../../../main/engine/onnxruntime/session.ts';
import { OnnxBuilder } from '../../../../main/graph/onnx/builder.ts';
import { elements, type Shape } from '../../../../main/graph/shape.ts';
import { noise } from '../../../support/sketch.ts';
import type { Known } from '../../../../main/common/known.ts';

type Tensors = Readonly<Record<string, { readonly shape: Shape; readonly data: Float32Array }>>;

/** Runs what `write` lowers, with the first of the values as its input and the others as constants. */
async function run<Output extends string>(
  values: Tensors,
  outputs: Readonly<Record<Output, Shape>>,
  write: (context: LoweringContext) => void,
): Promise<Readonly<Record<Output, Float32Array>>> {
  const builder = new OnnxBuilder();
  const [input, ...constants] = Object.keys(values) as Known<string>;
  builder.input(input, values[input]!.shape, 'float32');
  for (const name of constants) builder.floats(name, values[name]!.shape, () => values[name]!.data);
  write({
    builder,
    shapeOf: (name) => values[name]?.shape ?? outputs[name as Output],
    constantOf: (name) => (constants.includes(name) ? values[name]!.data : null),
  });
  for (const [name, shape] of Object.entries<Shape>(outputs))
    builder.output(name, shape, 'float32');
  const session = await createSession(builder.encode('test', ''), 1);
  try {
    const { data, shape } = values[input]!;
    const found = await session.run({ [input]: new Tensor('float32', data, shape) });
    return Object.fromEntries(
      Object.keys(outputs).map((name) => [name, found[name]!.data as Float32Array]),
    ) as Record<Output, Float32Array>;
  } finally {
    await session.release();
  }
}

// With multiply-add in one rounding, which every x64 processor of the last ten years has.
it.skipIf(process.arch !== 'x64')(
  'adds up images of few channels place by place of the kernel, channels innermost',
  async () => {
    const size = 6;
    const channels = 3;
    const x = noise(channels * size * size, 'image');
    const w = noise(2 * channels * 9, 'weights');
    const { y } = await run(
      {
        x: { shape: [1, channels, size, size], data: x },
        w: { shape: [2, channels, 3, 3], data: w },
      },
      { y: [1, 2, size, size] },
      (context) => {
        const one = [1, 1] as const;
        const attributes = {
          strides: one,
          dilations: one,
          pads: [...one, ...one],
          group: 1,
        } as const;
        lowerConv(
          { kind: 'Conv', name: 'conv', inputs: ['x', 'w'], outputs: ['y'], attributes },
          context,
        );
      },
    );
    const expected = Float32Array.from(y, (_, i) => {
      const [out, row, column] = [Math.floor(i / size ** 2), Math.floor(i / size) % size, i % size];
      let sum = 0;
      for (let k = 0; k < 9; k++) {
        const [r, c] = [row + Math.floor(k / 3) - 1, column + (k % 3) - 1];
        if (r < 0 || r >= size || c < 0 || c >= size) continue;
        for (let channel = 0; channel < channels; channel++) {
          // The product of two floats is exact in double precision.
          const product =
            x[(channel * size + r) * size + c]! * w[(out * channels + channel) * 9 + k]!;
          sum = Math.fround(sum + product);
        }
      }
      return sum;
    });
    expect(y).toEqual(expected);
  },
);

it('computes mean and deviation of a large feature map as double precision does', async () => {
  const shape: Shape = [2, 2, 96, 128];
  const places = 96 * 128;
  const x = noise(elements(shape), 'map').map((value) => value + 1);
  const ones = { shape: [2], data: Float32Array.of(1, 1) };
  const zeros = { shape: [2], data: Float32Array.of(0, 0) };
  const { mean, deviation } = await run(
    { x: { shape, data: x }, scale: ones, shift: zeros },
    { y: shape, mean: [2], deviation: [2] },
    (context) => {
      lowerBatchNormalization(
        {
          kind: 'BatchNormalization',
          name: 'norm',
          inputs: ['x', 'scale', 'shift'],
          outputs: ['y', 'mean', 'deviation'],
          attributes: { training: true, epsilon: 1e-5 },
        },
        context,
      );
    },
  );
  for (const channel of [0, 1]) {
    const own = x.filter((_, i) => Math.floor(i / places) % 2 === channel);
    const average = own.reduce((sum, value) => sum + value, 0) / own.length;
    const variance = own.reduce((sum, value) => sum + (value - average) ** 2, 0) / own.length;
    expect(Math.abs(mean[channel]! / average - 1)).toBeLessThan(1.2e-7);
    expect(Math.abs(deviation[channel]! * Math.sqrt(variance + 1e-5) - 1)).toBeLessThan(3e-7);
  }
});
