/**
 * Networks around FFNet-78S (Mehta et al., 2022), as ZiCo-BC searches them: per stage blocks, channels, and
 * regular convolution or groups of 32, 64 or 128 channels; every kernel 3x3, the Up-B head fixed. A group size
 * is offered where it divides the number of channels and is smaller than that. 44,044,000 networks.
 */
import type { SpaceDescriptionInput } from '../../common/space-description.ts';

type Network = SpaceDescriptionInput['network'];
export type StagedBackbone = Extract<Network['backbone'], { kind: 'stages' }>;
type Stage = StagedBackbone['stages'][number];

const stem: StagedBackbone['stem'] = [
  { channels: 32, stride: 2 },
  { channels: 64, stride: 2 },
];

const groups = [32, 64, 128];

function searchedStage(from: number, to: number, channels: readonly number[]): Stage {
  const offered = groups.flatMap((group) => {
    const fitting = channels.filter((width) => width % group === 0 && width > group);
    return fitting.length === 0 ? [] : [{ group, channels: fitting }];
  });
  return {
    block: 'basic',
    channels: [...channels],
    repeats: { from, to, step: 1 },
    stride: 2,
    convolution: ['regular', ...offered],
  };
}

/** FFNet of these depths, with the widths of the published ones. */
export function ffnetBackbone(depths: readonly number[]): StagedBackbone {
  const stages = [64, 128, 192, 320].map((channels, i): Stage => ({
    block: 'basic',
    channels,
    repeats: depths[i],
    stride: 2,
  }));
  return { kind: 'stages', stem, stages };
}

export function ffnetNetwork(depths: readonly number[]): Network {
  return { backbone: ffnetBackbone(depths), head: { kind: 'up-b' } };
}

export const ffnet: SpaceDescriptionInput = {
  name: 'ffnet',
  title: 'Networks around FFNet-78S',
  task: 'segmentation',
  classes: 19,
  resolution: { scoring: [256, 256], deployment: [1024, 2048] },
  network: {
    backbone: {
      kind: 'stages',
      stem,
      stages: [
        searchedStage(4, 8, [32, 64, 96, 128]),
        searchedStage(5, 14, [96, 128, 160, 192]),
        searchedStage(6, 16, [128, 192, 256, 320]),
        searchedStage(4, 10, [256, 320, 384]),
      ],
    },
    head: { kind: 'up-b' },
  },
  baselines: [
    {
      name: 'FFNet-78S-BBB-mobile',
      genotype: '64:regular:6/128:regular:12/192:regular:12/320:regular:8',
    },
    { name: 'FFNet-40S-BBB-mobile', network: ffnetNetwork([4, 5, 6, 4]) },
    { name: 'FFNet-54S-BBB-mobile', network: ffnetNetwork([5, 8, 8, 5]) },
    { name: 'FFNet-86S-BBB-mobile', network: ffnetNetwork([8, 12, 16, 6]) },
    { name: 'FFNet-150S-BBB-mobile', network: ffnetNetwork([16, 18, 28, 12]) },
  ],
};
