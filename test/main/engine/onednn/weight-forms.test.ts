/** Weights in the layouts that convolutions read them in, forwards and turned for the image's gradient. */
import { describe, expect, it } from 'vitest';
import { builtVersion, loadAddon } from '../../../../main/engine/onednn/addon.ts';
import { elements } from '../../../../main/graph/shape.ts';

interface Convolution {
  readonly ins: number;
  readonly outs: number;
  readonly kernel: readonly [number, number];
  readonly group?: number;
  readonly stride?: number;
}

const size = 9;
/** Small integers: sums of their products are exact in any order. */
const integers = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => ((i * 7 + ((i * i) % 11) + seed) % 5) - 2);

/** Output, and the image's gradient for slopes dy, as they are defined. */
function expected(
  c: Convolution,
  out: number[],
  x: Float32Array,
  w: Float32Array,
  dy: Float32Array,
) {
  const { ins, outs, kernel, group = 1, stride = 1 } = c;
  const [rows, columns] = [out[2]!, out[3]!];
  const [own, each] = [ins / group, outs / group];
  const y = new Float32Array(elements(out));
  const dx = new Float32Array(ins * size * size);
  for (let o = 0; o < outs; o++) {
    for (let i = 0; i < own; i++) {
      const image = (Math.floor(o / each) * own + i) * size * size;
      for (let a = 0; a < kernel[0]; a++) {
        for (let b = 0; b < kernel[1]; b++) {
          const weight = w[((o * own + i) * kernel[0] + a) * kernel[1] + b]!;
          for (let row = 0; row < rows; row++) {
            for (let column = 0; column < columns; column++) {
              const to = (o * rows + row) * columns + column;
              const from = image + (row * stride + a) * size + column * stride + b;
              y[to]! += weight * x[from]!;
              dx[from]! += weight * dy[to]!;
            }
          }
        }
      }
    }
  }
  return [y, dx];
}

async function computed(c: Convolution, threads: number) {
  const { ins, outs, kernel, group = 1, stride = 1 } = c;
  const reach = kernel.map((k) => Math.floor((size - k) / stride) + 1);
  const out = [1, outs, ...reach];
  const [image, weights] = [
    [1, ins, size, size],
    [outs, ins / group, ...kernel],
  ];
  const [x, w] = [integers(elements(image), 1), integers(elements(weights), 2)];
  const dy = integers(elements(out), 3);
  const ints = [stride, stride, 0, 0, 0, 0, 1, 1, group];
  const step = (op: string, inputs: number[], output: number) => ({
    ...{ op, name: op, inputs, outputs: [output], ints, floats: [], data: [] },
  });
  const { layers } = await loadAddon().run(
    {
      values: [image, weights, out, out, image].map((dims, value) => ({
        ...{ dims, constant: value === 1 ? w : null },
      })),
      steps: [step('conv', [0, 1], 3), step('conv-input-gradient', [2, 1], 4)],
      inputs: [0, 2],
      gradients: [3, 4],
      batches: [{ inputs: [x, dy], targets: new Int32Array(0) }],
      ...{ termCap: 1, threads, keepGradients: true },
    },
    false,
  );
  return {
    made: layers.map(({ gradients }) => gradients![0]!),
    wanted: expected(c, out, x, w, dy),
  };
}

describe.skipIf(builtVersion() === null)('a convolution', () => {
  const convolutions: Convolution[] = [
    { ins: 32, outs: 48, kernel: [1, 1] },
    { ins: 40, outs: 24, kernel: [1, 1] },
    { ins: 20, outs: 12, kernel: [1, 1] },
    { ins: 32, outs: 64, kernel: [1, 1], group: 2, stride: 2 },
    { ins: 32, outs: 16, kernel: [3, 3] },
    { ins: 48, outs: 32, kernel: [3, 3], stride: 2 },
    { ins: 96, outs: 96, kernel: [3, 3], group: 3 },
    { ins: 64, outs: 64, kernel: [5, 5], group: 2 },
    { ins: 32, outs: 32, kernel: [7, 7], group: 2 },
    { ins: 16, outs: 32, kernel: [1, 5] },
    { ins: 64, outs: 32, kernel: [3, 2], group: 2, stride: 2 },
    { ins: 48, outs: 48, kernel: [3, 3], group: 6 },
  ];
  it.each(convolutions)('reads each weight where it is, %j', async (convolution) => {
    for (const threads of [1, 2]) {
      const { made, wanted } = await computed(convolution, threads);
      expect(made).toEqual(wanted);
    }
  });
});
