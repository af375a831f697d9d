import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { AveragePoolAttributes } from '../../../../../main/graph/operators/attributes.ts';
import { around, assertGradients, image } from '../../../../support/gradient-cases.ts';

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
          pads.every((pad, i) => pad < kernel[i % 2]!) && // ONNX's rule: no window in the padding alone
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
