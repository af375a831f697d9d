/** Transposed convolutions: no layers of the method, but gradients pass through them. */
import { expect, describe, it } from 'vitest';
import { layersOf } from '../../../../../main/graph/layers.ts';
import { around, assertOperator } from '../../../../support/gradient-cases.ts';
import { convolutionCases } from '../../../../support/operator-cases/convolutions.ts';

describe('a transposed convolution', () => {
  it(
    'has gradients of input and weight that agree with finite differences',
    () => assertOperator(convolutionCases['ConvTranspose']!, ['transposed']),
    60_000,
  );

  it('is no layer', () => {
    const graph = around((sketch, x) =>
      sketch.node('ConvTranspose', [x, sketch.weights('up', [3, 2, 2, 2])], {
        strides: [2, 2],
        pads: [0, 0, 0, 0],
        dilations: [1, 1],
        group: 1,
        outputPadding: [0, 0],
      }),
    );
    expect(layersOf(graph).map(({ name }) => name)).toEqual(['before', 'classifier']);
  });
});
