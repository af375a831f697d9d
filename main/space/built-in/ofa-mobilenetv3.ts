/**
 * MobileNetV3 of once-for-all (Cai et al., "Once-for-All: Train One Network and Specialize It for Efficient
 * Deployment", ICLR 2020), width 1.0: five stages of 2 to 4 blocks, each block with a kernel of 3, 5 or 7 and an
 * expansion of 3, 4 or 6, so (9^2 + 9^3 + 9^4)^5 networks for each of the 25 resolutions.
 */
import type { SpaceDescriptionInput } from '../../common/space-description.ts';
import type { StagedBackbone } from './ffnet.ts';

type Stage = StagedBackbone['stages'][number];

/** Channels, stride, and the parts of MobileNetV3-Large: where the cheaper activation is, and where squeeze-and-excite. */
const searched: readonly (readonly [number, 1 | 2, 'relu' | 'hard-swish', boolean])[] = [
  [24, 2, 'relu', false],
  [40, 2, 'relu', true],
  [80, 2, 'hard-swish', false],
  [112, 1, 'hard-swish', true],
  [160, 2, 'hard-swish', true],
];

export const ofaMobileNetV3: SpaceDescriptionInput = {
  name: 'ofa-mobilenetv3',
  title: 'MobileNetV3 of once-for-all',
  task: 'classification',
  classes: 1000,
  resolution: { scoring: [224, 224], deployment: { from: 128, to: 224, step: 4 } },
  network: {
    activation: 'hard-swish',
    backbone: {
      kind: 'stages',
      stem: [{ channels: 16, stride: 2 }],
      stages: [
        { block: 'mbconv', channels: 16, expansion: 1, activation: 'relu' },
        ...searched.map(([channels, stride, activation, squeezes]): Stage => ({
          block: 'mbconv',
          channels,
          stride,
          activation,
          kernel: [3, 5, 7],
          expansion: [3, 4, 6],
          repeats: [2, 3, 4],
          perBlock: ['kernel', 'expansion'],
          squeezeExcite: squeezes ? 'mobilenetv3' : false,
        })),
      ],
    },
    head: { kind: 'classifier', channels: 960, hidden: 1280 },
  },
};
