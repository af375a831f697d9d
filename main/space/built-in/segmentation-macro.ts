/** Topologies for segmentation: HRNet or FFNet, each in several depths and widths, with either head. */
import type { SpaceDescriptionInput } from '../../common/space-description.ts';
import { ffnetNetwork, ffnetStem } from './ffnet.ts';

type Network = SpaceDescriptionInput['network'];

const widths = [
  [48, 64, 80],
  [96, 128, 160],
  [144, 192, 240],
  [240, 320, 400],
];
const depths = [
  { from: 4, to: 8, step: 1 },
  { from: 5, to: 12, step: 1 },
  { from: 6, to: 16, step: 1 },
  { from: 4, to: 8, step: 1 },
];

const hrnetSmall: Network = {
  backbone: { kind: 'hrnet', width: 18, bottlenecks: 2, modules: [1, 3, 2], blocks: 2 },
  head: { kind: 'hrnet' },
};

export const segmentationMacro: SpaceDescriptionInput = {
  name: 'segmentation-macro',
  title: 'Topologies for segmentation: HRNet or FFNet under either head',
  task: 'segmentation',
  classes: 19,
  resolution: { scoring: [256, 256], deployment: [1024, 2048] },
  network: {
    backbone: {
      gene: 'backbone',
      oneOf: {
        hrnet: {
          kind: 'hrnet',
          width: [12, 18, 24, 30],
          bottlenecks: { from: 1, to: 4, step: 1 },
          modules: [1, [1, 2, 3, 4], [1, 2, 3]],
          blocks: [1, 2, 3, 4],
        },
        ffnet: {
          kind: 'stages',
          stem: ffnetStem,
          stages: widths.map((channels, i) => ({
            block: 'basic' as const,
            channels,
            repeats: depths[i],
            stride: 2 as const,
          })),
        },
      },
    },
    head: { gene: 'head', oneOf: { hrnet: { kind: 'hrnet' }, 'up-b': { kind: 'up-b' } } },
  },
  baselines: [
    { name: 'HRNetV2-W18-Small-v2', network: hrnetSmall },
    ...(
      [
        ['FFNet-40S-BBB-mobile', [4, 5, 6, 4]],
        ['FFNet-54S-BBB-mobile', [5, 8, 8, 5]],
        ['FFNet-78S-BBB-mobile', [6, 12, 12, 8]],
        ['FFNet-86S-BBB-mobile', [8, 12, 16, 6]],
      ] as const
    ).map(([name, blocks]) => ({ name, network: ffnetNetwork(blocks) })),
  ],
};
