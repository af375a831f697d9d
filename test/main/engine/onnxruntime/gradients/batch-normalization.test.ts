import { describe, expect, it } from 'vitest';
import { around, assertGradients, batchSize, classes } from '../../../../support/gradient-cases.ts';
import { checkGradients } from '../../../../support/gradient-check.ts';
import { noise, sameConv } from '../../../../support/sketch.ts';

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
