/**
 * `efficientnet` of version 0.1: per stage kernel, width, repeats, regular or group convolution. Widths are
 * multiples of 16 from 0.5 to 1.5 of B0's, so that groups of 32 fit the expanded layers; the first stage, which
 * expands nothing and has 16 channels, is regular. Nothing is depthwise, so that its median network has about 94
 * million parameters and 12 billion multiply-adds.
 */
import type { SpaceDescriptionInput } from '../../common/space-description.ts';
import { b0Network, b0Stem, efficientNetStyle, lastLayer } from './efficientnet.ts';
import type { StagedBackbone } from './ffnet.ts';

type Stage = StagedBackbone['stages'][number];

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
export const wideBackbone: StagedBackbone = {
  kind: 'stages',
  stem: b0Stem,
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

export const efficientNetWide: SpaceDescriptionInput = {
  name: 'efficientnet-wide',
  title: 'Networks wider than EfficientNet-B0, nothing depthwise',
  task: 'classification',
  classes: 1000,
  resolution: { scoring: [224, 224], deployment: [224, 224] },
  network: { ...efficientNetStyle, backbone: wideBackbone, head: lastLayer },
  baselines: [
    { name: 'EfficientNet-B0 without SE', network: b0Network(false) },
    { name: 'EfficientNet-B0', network: b0Network(0.25) },
  ],
};
