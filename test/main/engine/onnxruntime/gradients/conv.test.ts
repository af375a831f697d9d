import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConvAttributes } from '../../../../../main/graph/operators/attributes.ts';
import { checkGradients } from '../../../../support/gradient-check.ts';
import { Sketch } from '../../../../support/sketch.ts';

interface ConvCase {
  readonly image: readonly [number, number];
  /** Of one group. */
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: readonly [number, number];
  readonly attributes: ConvAttributes;
  readonly bias: boolean;
}

const pointwise = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1 } as const;
const plain: ConvCase = {
  image: [7, 6],
  inChannels: 2,
  outChannels: 3,
  kernel: [3, 3],
  attributes: { ...pointwise, pads: [1, 1, 1, 1] },
  bias: false,
};

/** A convolution between a 1x1 convolution, whose gradient passes through it, and a classifier. */
async function check(conv: ConvCase): Promise<number> {
  const { group } = conv.attributes;
  const channels = conv.inChannels * group;
  const sketch = new Sketch(2, [2, ...conv.image]);
  const before = sketch.conv('before', 'image', [channels, 2, 1, 1]);
  const shape = [conv.outChannels * group, conv.inChannels, ...conv.kernel];
  const inputs = [before, sketch.weights('tested', shape)];
  if (conv.bias) inputs.push(sketch.weights('bias', [shape[0]!]));
  const after = sketch.node('Conv', inputs, conv.attributes);
  const { errors, lossError, compared } = await checkGradients(
    sketch.graph([sketch.classifier(after, 4)]),
    2,
    4,
  );
  expect([...errors.keys()]).toEqual(['before', 'tested', 'classifier']);
  expect(compared).toBeGreaterThan(10);
  expect(lossError).toBeLessThan(1e-4);
  return Math.max(...errors.values());
}

const tolerance = 1e-4;

describe('gradients of a convolution agree with finite differences', () => {
  const named: Record<string, ConvCase> = {
    'dense 3x3': plain,
    'with a bias': { ...plain, bias: true },
    'stride 2 that leaves a row and a column unused': {
      ...plain,
      image: [8, 8],
      attributes: { ...plain.attributes, strides: [2, 2], pads: [0, 0, 0, 0] },
    },
    'stride 2 that uses everything': {
      ...plain,
      image: [7, 7],
      attributes: { ...plain.attributes, strides: [2, 2] },
    },
    'stride 3 and kernel 2, which skips values': {
      ...plain,
      image: [8, 7],
      kernel: [2, 2],
      attributes: { ...pointwise, strides: [3, 3] },
    },
    'dilation 2': { ...plain, attributes: { ...plain.attributes, dilations: [2, 2] } },
    'dilation 2 with stride 2': {
      ...plain,
      attributes: { ...plain.attributes, dilations: [2, 2], strides: [2, 2], pads: [2, 2, 2, 2] },
    },
    'asymmetric padding': { ...plain, attributes: { ...plain.attributes, pads: [0, 2, 1, 0] } },
    'padding beyond the kernel, which the flipped convolution has to crop': {
      ...plain,
      kernel: [1, 3],
      attributes: { ...pointwise, pads: [1, 3, 2, 0] },
    },
    '1x1': { ...plain, kernel: [1, 1], attributes: pointwise },
    '1x1 with stride 2, even size': {
      ...plain,
      image: [6, 8],
      kernel: [1, 1],
      attributes: { ...pointwise, strides: [2, 2] },
    },
    '1x1 with stride 2, odd size': {
      ...plain,
      image: [7, 5],
      kernel: [1, 1],
      attributes: { ...pointwise, strides: [2, 2] },
    },
    '1x1 with strides 3 and 1, one axis short and the other whole': {
      ...plain,
      image: [8, 5],
      kernel: [1, 1],
      attributes: { ...pointwise, strides: [3, 1] },
    },
    '1x1 with padding': { ...plain, kernel: [1, 1], attributes: plain.attributes },
    'two groups': { ...plain, attributes: { ...plain.attributes, group: 2 } },
    'three groups, stride 2, 5x5': {
      ...plain,
      kernel: [5, 5],
      attributes: { ...plain.attributes, group: 3, strides: [2, 2], pads: [2, 2, 2, 2] },
    },
    '1x1 in groups': { ...plain, kernel: [1, 1], attributes: { ...pointwise, group: 3 } },
    'one input channel': { ...plain, inChannels: 1 },
  };
  for (const kernel of [3, 5]) {
    for (const stride of [1, 2]) {
      for (const image of [[8, 8] as const, [7, 9] as const]) {
        const half = (kernel - 1) / 2;
        named[`depthwise ${kernel}x${kernel}, stride ${stride}, ${image.join(' x ')}`] = {
          image,
          inChannels: 1,
          outChannels: 1,
          kernel: [kernel, kernel],
          attributes: {
            strides: [stride, stride],
            pads: [half, half, half, half],
            dilations: [1, 1],
            group: 4,
          },
          bias: false,
        };
      }
    }
  }
  named['depthwise, dilation 2'] = {
    ...named['depthwise 3x3, stride 1, 8 x 8']!,
    attributes: { strides: [1, 1], pads: [2, 2, 2, 2], dilations: [2, 2], group: 4 },
  };
  named['depthwise, dilation 2 and stride 2'] = {
    ...named['depthwise 3x3, stride 1, 8 x 8']!,
    attributes: { strides: [2, 2], pads: [2, 2, 2, 2], dilations: [2, 2], group: 4 },
  };
  named['depthwise with two outputs a channel'] = {
    ...named['depthwise 3x3, stride 1, 8 x 8']!,
    outChannels: 2,
  };

  it.each(Object.entries(named))('%s', async (_name, conv) => {
    expect(await check(conv)).toBeLessThan(tolerance);
  });

  it('for any kernel, strides, pads, dilations and groups', async () => {
    const small = (min: number, max: number) => fc.integer({ min, max });
    const cases = fc
      .record({
        image: fc.tuple(small(3, 9), small(3, 9)),
        inChannels: small(1, 3),
        outChannels: small(1, 3),
        kernel: fc.tuple(small(1, 4), small(1, 4)),
        strides: fc.tuple(small(1, 3), small(1, 3)),
        pads: fc.tuple(small(0, 3), small(0, 3), small(0, 3), small(0, 3)),
        dilations: fc.tuple(small(1, 2), small(1, 2)),
        group: small(1, 3),
        bias: fc.boolean(),
      })
      .filter(({ image, kernel, pads, dilations }) =>
        [0, 1].every(
          (axis) =>
            image[axis]! + pads[axis]! + pads[axis + 2]! >=
            dilations[axis]! * (kernel[axis]! - 1) + 1,
        ),
      )
      .map(({ strides, pads, dilations, group, ...rest }) => ({
        ...rest,
        attributes: { strides, pads, dilations, group },
      }));
    await fc.assert(
      fc.asyncProperty(cases, async (conv) => {
        expect(await check(conv)).toBeLessThan(tolerance);
      }),
      { seed: 11, numRuns: 60 },
    );
  }, 60_000);
});
