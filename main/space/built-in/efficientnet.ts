/**
 * Networks around EfficientNet-B0 (Tan and Le, 2019), as ZiCo-BC searches them: per stage kernel, width,
 * repeats, regular or group convolution; no squeeze-and-excite. Widths are multiples of 16 from 0.5 to 1.5
 * of B0's, so that groups of 32 fit the expanded layers; the first stage, which expands nothing and has 16
 * channels, is regular.
 */
import type { SpaceDescriptionInput } from '../../common/space-description.ts';

type Network = SpaceDescriptionInput['network'];
type Backbone = Extract<Network['backbone'], { kind: 'stages' }>;
type Stage = Backbone['stages'][number];

const stem: Backbone['stem'] = [{ channels: 32, stride: 2 }];
const repeats = { from: 1, to: 6, step: 1 };

/** B0's strides, and the widths that are searched. */
const searched: readonly (readonly [stride: 1 | 2, from: number, to: number])[] = [
  [2, 16, 32],
  [2, 32, 48],
  [2, 48, 112],
  [1, 64, 160],
  [2, 96, 288],
  [1, 160, 480],
];

/** The backbone that both spaces search. */
export const searchedBackbone: Backbone = {
  kind: 'stages',
  stem,
  stages: [
    {
      block: 'mbconv',
      kernel: [3, 5],
      channels: 16,
      repeats,
      expansion: 1,
      convolution: 'regular',
    },
    ...searched.map(([stride, from, to]): Stage => ({
      block: 'mbconv',
      kernel: [3, 5],
      channels: { from, to, step: 16 },
      repeats,
      stride,
      convolution: ['regular', { group: 32 }],
    })),
  ],
};

/** Repeats, kernel, stride, expansion, channels. */
const b0: readonly (readonly [number, number, 1 | 2, number, number])[] = [
  [1, 3, 1, 1, 16],
  [2, 3, 2, 6, 24],
  [2, 5, 2, 6, 40],
  [3, 3, 2, 6, 80],
  [3, 5, 1, 6, 112],
  [4, 5, 2, 6, 192],
  [1, 3, 1, 6, 320],
];

/** @param squeezeExcite share of a block's input channels */
export function b0Backbone(squeezeExcite: number | false): Backbone {
  const stages = b0.map(([times, kernel, stride, expansion, channels]): Stage => ({
    block: 'mbconv',
    kernel,
    channels,
    repeats: times,
    stride,
    expansion,
    squeezeExcite,
  }));
  return { kind: 'stages', stem, stages };
}

export const efficientNetStyle = { activation: 'swish', normEpsilon: 1e-3 } as const;
const head = { kind: 'classifier', channels: 1280 } as const;
const baseline = (squeezeExcite: number | false): Network => ({
  ...efficientNetStyle,
  backbone: b0Backbone(squeezeExcite),
  head,
});

export const efficientNet: SpaceDescriptionInput = {
  name: 'efficientnet',
  title: 'Networks around EfficientNet-B0',
  task: 'classification',
  classes: 1000,
  resolution: { scoring: [224, 224], deployment: [224, 224] },
  network: { ...efficientNetStyle, backbone: searchedBackbone, head },
  baselines: [
    { name: 'EfficientNet-B0 without SE', network: baseline(false) },
    { name: 'EfficientNet-B0', network: baseline(0.25) },
  ],
};
