import { describe, it } from 'vitest';
import { around, assertGradients } from '../../../../support/gradient-cases.ts';
import type { Sketch } from '../../../../support/sketch.ts';

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
