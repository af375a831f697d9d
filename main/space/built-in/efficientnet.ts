/**
 * Networks around EfficientNet-B0 (Tan and Le, 2019), in the manner of ZiCo-BC: per stage kernel, width, repeats and
 * convolution; no squeeze-and-excite. B0's own depthwise convolution is among the choices, and its widths and
 * repeats are in every range, so B0 without squeeze-and-excite is one of the networks. Groups have the paper's 32
 * channels where widths are multiples of 16, and 8 in the narrow stages.
 */
import type { Convolution, SpaceDescriptionInput } from '../../common/space-description.ts';
import type { StagedBackbone } from './ffnet.ts';

type Network = SpaceDescriptionInput['network'];
type Stage = StagedBackbone['stages'][number];

export const b0Stem: StagedBackbone['stem'] = [{ channels: 32, stride: 2 }];

const narrow: Convolution[] = ['depthwise', { group: 8 }];
const wide: Convolution[] = ['depthwise', { group: 32 }];

/** After the first stage: B0's strides, the widths and the most repeats that are searched. */
const searched: readonly (readonly [1 | 2, readonly number[], number, Convolution[]])[] = [
  [2, [16, 24, 32], 4, narrow],
  [2, [32, 40, 48, 56], 4, narrow],
  [2, [64, 80, 96, 112], 5, narrow],
  [1, [96, 112, 128, 160], 5, wide],
  [2, [160, 192, 224, 256], 6, wide],
  [1, [256, 320, 384], 3, wide],
];

/** The backbone that both spaces search. */
export const searchedBackbone: StagedBackbone = {
  kind: 'stages',
  stem: b0Stem,
  stages: [
    { block: 'mbconv', kernel: [3, 5], channels: [16, 24], repeats: [1, 2], expansion: 1 },
    ...searched.map(([stride, channels, most, convolution]): Stage => ({
      block: 'mbconv',
      kernel: [3, 5],
      channels: [...channels],
      repeats: { from: 1, to: most, step: 1 },
      stride,
      convolution,
    })),
  ],
};

/** B0 without squeeze-and-excite. */
export const b0Genotype =
  '3:16:1/3:24:depthwise:2/5:40:depthwise:2/3:80:depthwise:3/5:112:depthwise:3/5:192:depthwise:4/3:320:depthwise:1';

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
export function b0Backbone(squeezeExcite: number | false): StagedBackbone {
  const stages = b0.map(([times, kernel, stride, expansion, channels]): Stage => ({
    block: 'mbconv',
    kernel,
    channels,
    repeats: times,
    stride,
    expansion,
    squeezeExcite,
  }));
  return { kind: 'stages', stem: b0Stem, stages };
}

export const efficientNetStyle = { activation: 'swish', normEpsilon: 1e-3 } as const;
export const lastLayer = { kind: 'classifier', channels: 1280 } as const;

export const b0Network = (squeezeExcite: number | false): Network => ({
  ...efficientNetStyle,
  backbone: b0Backbone(squeezeExcite),
  head: lastLayer,
});

export const efficientNet: SpaceDescriptionInput = {
  name: 'efficientnet',
  title: 'Networks around EfficientNet-B0',
  task: 'classification',
  classes: 1000,
  resolution: { scoring: [224, 224], deployment: [224, 224] },
  network: { ...efficientNetStyle, backbone: searchedBackbone, head: lastLayer },
  baselines: [
    { name: 'EfficientNet-B0 without SE', genotype: b0Genotype },
    { name: 'EfficientNet-B0', network: b0Network(0.25) },
  ],
};
