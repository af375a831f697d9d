import fc from 'fast-check';
import { four, pair, small, type Cases, type OperatorCase } from './case.ts';

const transposed = fc
  .record({
    size: pair(1, 5),
    inPerGroup: small(1, 2),
    outPerGroup: small(1, 2),
    group: small(1, 3),
    kernel: pair(1, 3),
    strides: pair(1, 3),
    pads: four(0, 2),
    dilations: pair(1, 3),
    outputPadding: pair(0, 2),
    bias: fc.boolean(),
  })
  .filter(({ size, kernel, strides, pads, dilations, outputPadding }) =>
    ([0, 1] as const).every(
      (a) =>
        outputPadding[a] < Math.max(strides[a], dilations[a]) &&
        (size[a] - 1) * strides[a] + dilations[a] * (kernel[a] - 1) + 1 - pads[a] - pads[a + 2]! >=
          1,
    ),
  )
  .map(({ size, inPerGroup, outPerGroup, kernel, bias, ...attributes }): OperatorCase => ({
    image: [inPerGroup * attributes.group, ...size],
    with: { inPerGroup, outPerGroup, kernel, bias, attributes },
    build: (sketch, x) => {
      const { group } = attributes;
      const weight = sketch.weights('transposed', [inPerGroup * group, outPerGroup, ...kernel]);
      const inputs = [x, weight];
      if (bias) inputs.push(sketch.weights('bias', [outPerGroup * group]));
      return sketch.node('ConvTranspose', inputs, attributes);
    },
  }));

export const convolutionCases: Cases = { ConvTranspose: transposed };
