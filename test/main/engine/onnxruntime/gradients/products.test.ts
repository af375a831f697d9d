import { describe, it } from 'vitest';
import type { GemmAttributes } from '../../../../../main/graph/operators/attributes.ts';
import { elements } from '../../../../../main/graph/shape.ts';
import { around, assertGradients } from '../../../../support/gradient-cases.ts';

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
