import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../../main/graph/graph.ts';
import type {
  GemmAttributes,
  AveragePoolAttributes,
} from '../../../../main/graph/operators/attributes.ts';
import { elements, type Shape } from '../../../../main/graph/shape.ts';
import { checkGradients } from '../../../support/gradient-check.ts';
import { noise, sameConv, Sketch } from '../../../support/sketch.ts';

const batchSize = 3;
const classes = 4;
const tolerance = 1e-4;
const image: Shape = [2, 6, 5];

/** Asserts every layer's gradient; `seed` moves inputs and targets where a Relu sits on its kink. */
async function assertGradients(graph: Graph, seed = 0): Promise<void> {
  const check = await checkGradients(graph, batchSize, classes, seed);
  expect(check.kinkDistance).toBeGreaterThan(1e-5);
  expect(check.compared).toBeGreaterThanOrEqual(6);
  expect(check.lossError).toBeLessThan(1e-4);
  for (const [weight, error] of check.errors) expect(error, weight).toBeLessThan(tolerance);
}

/** A 1x1 convolution, whatever is to be tested, and a classifier. */
function around(
  tested: (sketch: Sketch, x: string) => string,
  { channels = 3, size = image }: { channels?: number; size?: Shape } = {},
): Graph {
  const sketch = new Sketch(batchSize, size);
  const before = sketch.conv('before', 'image', [channels, size[0], 1, 1]);
  const after = tested(sketch, before);
  return sketch.graph([sketch.classifier(after, classes)]);
}

describe('gradients agree with finite differences through', () => {
  it('Relu', async () => {
    await assertGradients(around((sketch, x) => sketch.node('Relu', [x], {})));
  });

  it('Identity', async () => {
    await assertGradients(around((sketch, x) => sketch.node('Identity', [x], {})));
  });

  it('Flatten at any axis that keeps the batch apart, negative ones too', async () => {
    for (const axis of [1, -3]) {
      await assertGradients(around((sketch, x) => sketch.node('Flatten', [x], { axis })));
    }
  });

  it('Reshape, with copied and inferred sizes', async () => {
    for (const shape of [
      [0, 3, 5, 6],
      [0, -1],
      [3, 0, -1, 1],
    ]) {
      await assertGradients(around((sketch, x) => sketch.node('Reshape', [x], { shape })));
    }
  });

  it('Pad, padding and cropping', async () => {
    const pads = [0, 0, 1, -2, 0, 1, 2, 1];
    await assertGradients(around((sketch, x) => sketch.node('Pad', [x], { pads })));
  });

  it('GlobalAveragePool', async () => {
    await assertGradients(
      around((sketch, x) => {
        // Its gradient is the same everywhere; a convolution before it tells the places apart.
        const y = sketch.conv('between', x, [4, 3, 3, 3], { pads: [1, 1, 1, 1] });
        return sketch.node('GlobalAveragePool', [sketch.node('Relu', [y], {})], {});
      }),
    );
  });

  it('ReduceMean over any axes but the batch, kept or dropped, counted from either end', async () => {
    for (const axes of [[2, 3], [-1, -2], [3], [1], [-3, 3], [1, 2, 3]]) {
      for (const keepDims of [true, false]) {
        await assertGradients(
          around((sketch, x) => sketch.node('ReduceMean', [x], { axes, keepDims })),
        );
      }
    }
  });
});

describe('gradients agree with finite differences through Add', () => {
  it('of two branches of one value (fan-out)', async () => {
    await assertGradients(
      around((sketch, x) => {
        const left = sketch.conv('left', x, [3, 3, 1, 1]);
        const right = sketch.conv('right', x, [3, 3, 3, 3], { pads: [1, 1, 1, 1] });
        return sketch.node('Add', [sketch.node('Add', [left, right], {}), x], {});
      }),
    );
  });

  it('of a value with itself', async () => {
    await assertGradients(around((sketch, x) => sketch.node('Add', [x, x], {})));
  });

  it('of a constant, which needs no gradient', async () => {
    await assertGradients(
      around((sketch, x) => sketch.node('Add', [sketch.weights('offset', [3, 1, 1]), x], {})),
    );
  });

  it.each<[string, (sketch: Sketch, x: string) => string]>([
    [
      'one value a channel',
      (sketch, x) => sketch.node('ReduceMean', [x], { axes: [2, 3], keepDims: true }),
    ],
    [
      'one row for all rows',
      (sketch, x) => sketch.node('ReduceMean', [x], { axes: [2], keepDims: true }),
    ],
    [
      'a matrix without batch and channels',
      (sketch, x) => sketch.node('ReduceMean', [x], { axes: [0, 1], keepDims: false }),
    ],
    [
      'a scalar',
      (sketch, x) => sketch.node('ReduceMean', [x], { axes: [0, 1, 2, 3], keepDims: false }),
    ],
  ])('of a broadcast operand: %s', async (_name, narrow) => {
    for (const swapped of [false, true]) {
      const graph = around((sketch, x) => {
        const small = narrow(sketch, sketch.conv('small', x, [3, 3, 1, 1]));
        return sketch.node('Add', swapped ? [small, x] : [x, small], {});
      });
      await assertGradients(graph);
    }
  });

  it('of two operands that are both broadcast', async () => {
    await assertGradients(
      around((sketch, x) => {
        const row = sketch.node('ReduceMean', [x], { axes: [2], keepDims: true });
        const y = sketch.conv('other', x, [3, 3, 1, 1]);
        const column = sketch.node('ReduceMean', [y], { axes: [3], keepDims: true });
        return sketch.node('Add', [row, column], {});
      }),
    );
  });
});

describe('gradients agree with finite differences through BatchNormalization with batch statistics', () => {
  it('of feature maps', async () => {
    await assertGradients(around((sketch, x) => sketch.norm('norm', x)));
  });

  it('with a scale and a shift of its own', async () => {
    await assertGradients(
      around((sketch, x) =>
        sketch.norm('norm', x, {
          scale: Float32Array.of(2, -0.5, 1),
          shift: Float32Array.of(0.3, 0, -1),
        }),
      ),
    );
  });

  it('with a shift alone', async () => {
    await assertGradients(
      around((sketch, x) => sketch.norm('norm', x, { shift: Float32Array.of(0.3, 0.1, -1) })),
    );
  });

  it('with a large epsilon', async () => {
    await assertGradients(around((sketch, x) => sketch.norm('norm', x, { epsilon: 0.5 })));
  });

  it('of vectors (rank 2)', async () => {
    for (const scale of [undefined, noise(8, 'scale')]) {
      await assertGradients(
        around((sketch, x) => {
          const flat = sketch.node('Flatten', [x], { axis: 1 });
          const weight = sketch.weights('features', [90, 8]);
          const attributes = { alpha: 1, beta: 1, transA: false, transB: false };
          return sketch.norm('norm', sketch.node('Gemm', [flat, weight], attributes), { scale });
        }),
      );
    }
  });

  it('before and after Relu and convolutions, as networks have it', async () => {
    await assertGradients(
      around((sketch, x) => {
        const one = sketch.node('Relu', [sketch.norm('norm1', x)], {});
        const y = sketch.conv('between', one, [4, 3, 3, 3], {
          strides: [2, 2],
          pads: [1, 1, 1, 1],
        });
        return sketch.node('Relu', [sketch.norm('norm2', y)], {});
      }),
      1,
    );
  });

  it('of channels that do not vary at all: finite', async () => {
    const constants = Float32Array.from({ length: 32 }, (_, i) => (i - 16) * 37.3);
    const graph = around((sketch, x) => {
      const inputs = [
        x,
        sketch.weights('dead', [32, 3, 1, 1], new Float32Array(96)),
        sketch.weights('bias', [32], constants),
      ];
      return sketch.norm('norm', sketch.node('Conv', inputs, sameConv));
    });
    const { errors, lossError } = await checkGradients(graph, batchSize, classes);
    expect(lossError).toSatisfy(Number.isFinite);
    expect([...errors.values()].every(Number.isFinite)).toBe(true);
  });
});

describe('gradients agree with finite differences through AveragePool', () => {
  const pool = (attributes: AveragePoolAttributes, size = image) =>
    assertGradients(around((sketch, x) => sketch.node('AveragePool', [x], attributes), { size }));
  const tiles: AveragePoolAttributes = {
    kernel: [2, 2],
    strides: [2, 2],
    pads: [0, 0, 0, 0],
    dilations: [1, 1],
    ceilMode: false,
    countIncludePad: false,
  };

  it('whose windows tile the image', () => pool(tiles, [2, 6, 4]));
  it('whose windows leave a rest', () => pool(tiles, [2, 7, 5]));
  it('whose windows overlap and reach into the padding (3, stride 2, pad 1)', () =>
    pool({
      kernel: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
      dilations: [1, 1],
      ceilMode: false,
      countIncludePad: false,
    }));
  it('that counts the padding', () =>
    pool({
      kernel: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
      dilations: [1, 1],
      ceilMode: false,
      countIncludePad: true,
    }));
  it('whose windows tile the padded image, but not the image (3, stride 3, pad 1 on 9)', () =>
    pool(
      {
        kernel: [3, 3],
        strides: [3, 3],
        pads: [1, 1, 1, 1],
        dilations: [1, 1],
        ceilMode: false,
        countIncludePad: false,
      },
      [2, 9, 9],
    ));
  it('padded on one side alone', () => pool({ ...tiles, pads: [1, 0, 0, 0] }, [2, 4, 4]));

  it('with any kernel, strides and pads', async () => {
    const small = (min: number, max: number) => fc.integer({ min, max });
    const cases = fc
      .record({
        height: small(2, 9),
        width: small(2, 9),
        kernel: fc.tuple(small(1, 4), small(1, 4)),
        strides: fc.tuple(small(1, 4), small(1, 4)),
        pads: fc.tuple(small(0, 3), small(0, 3), small(0, 3), small(0, 3)),
        dilations: fc.constant([1, 1] as const),
        ceilMode: fc.boolean(),
        countIncludePad: fc.boolean(),
      })
      .filter(
        ({ height, width, kernel, pads }) =>
          pads.every((pad, i) => pad < kernel[i % 2]) && // ONNX's rule: no window in the padding alone
          height + pads[0] + pads[2] >= kernel[0] &&
          width + pads[1] + pads[3] >= kernel[1],
      );
    await fc.assert(
      fc.asyncProperty(cases, ({ height, width, ...attributes }) =>
        pool(attributes, [2, height, width]),
      ),
      { seed: 5, numRuns: 60 },
    );
  }, 60_000);
});

describe('gradients agree with finite differences through Gemm', () => {
  it.each<Partial<GemmAttributes>>([
    {},
    { transB: true },
    { alpha: 0.5, beta: 2 },
    { alpha: -2, transB: true },
  ])('with %o', async (some) => {
    const attributes = { alpha: 1, beta: 1, transA: false, transB: false, ...some };
    await assertGradients(
      around((sketch, x) => {
        const flat = sketch.node('Flatten', [x], { axis: 1 });
        const features = elements(sketch.shapeOf(flat).slice(1));
        const shape = attributes.transB ? [5, features] : [features, 5];
        const inputs = [flat, sketch.weights('tested', shape), sketch.weights('bias', [5])];
        return sketch.node('Gemm', inputs, attributes);
      }),
    );
  });

  it('whose first operand is the weight, transposed and not', async () => {
    for (const transA of [false, true]) {
      for (const transB of [false, true]) {
        const graph = around((sketch, x) => {
          const flat = sketch.node('Flatten', [x], { axis: 1 }); // 3 x 90
          // (5 x 3) times (3 x 90), or with the second operand transposed (5 x 90) times (90 x 3).
          const inner = transB ? 90 : 3;
          const left = sketch.weights('left', transA ? [inner, 5] : [5, inner]);
          const product = sketch.node('Gemm', [left, flat], {
            alpha: 1.5,
            beta: 1,
            transA,
            transB,
          });
          return sketch.node('Reshape', [product], { shape: [3, -1] });
        });
        await assertGradients(graph);
      }
    }
  });
});

describe('weights that several nodes share', () => {
  it('get the sum of their gradients', async () => {
    await assertGradients(
      around((sketch, x) => {
        const shared = sketch.weights('shared', [3, 3, 3, 3]);
        const attributes = {
          strides: [1, 1],
          pads: [1, 1, 1, 1],
          dilations: [1, 1],
          group: 1,
        } as const;
        const once = sketch.node('Relu', [sketch.node('Conv', [x, shared], attributes)], {});
        const twice = sketch.node('Conv', [once, shared], attributes);
        return sketch.node('Conv', [twice, shared], { ...attributes, strides: [2, 2] });
      }),
    );
  });
});
