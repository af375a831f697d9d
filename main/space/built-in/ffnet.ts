/**
 * Networks around FFNet (Mehta et al., 2022), as ZiCo-BC searches them: per stage blocks, channels, and regular
 * convolution or groups of 32, 64 or 128 channels; every kernel 3x3, the Up-B head fixed. The depths reach from
 * FFNet-40S to beyond the 74 blocks of FFNet-150S and of the paper's own ZiCo-BC model; the paper does not state
 * its ranges, nor the model: of the networks with 74 blocks the baseline comes closest to its parameters (23.28
 * million) and multiply-adds (79.85 billion).
 */
import type { SpaceDescriptionInput } from '../../common/space-description.ts';

type Network = SpaceDescriptionInput['network'];
export type StagedBackbone = Extract<Network['backbone'], { kind: 'stages' }>;
type Stage = StagedBackbone['stages'][number];

export const ffnetStem: StagedBackbone['stem'] = [
  { channels: 32, stride: 2 },
  { channels: 64, stride: 2 },
];

const groups = [32, 64, 128];

/** A group size is offered where it divides the number of channels and is smaller than that. */
export function searchedFfnetStage(from: number, to: number, channels: readonly number[]): Stage {
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
  return { kind: 'stages', stem: ffnetStem, stages };
}

export function ffnetNetwork(depths: readonly number[]): Network {
  return { backbone: ffnetBackbone(depths), head: { kind: 'up-b' } };
}

const published = (depths: readonly number[]): string =>
  [64, 128, 192, 320].map((channels, i) => `${channels}:regular:${depths[i]}`).join('/');

export const ffnet: SpaceDescriptionInput = {
  name: 'ffnet',
  title: 'Networks around FFNet, up to 86 blocks',
  task: 'segmentation',
  classes: 19,
  resolution: { scoring: [256, 256], deployment: [1024, 2048] },
  network: {
    backbone: {
      kind: 'stages',
      stem: ffnetStem,
      stages: [
        searchedFfnetStage(4, 20, [32, 64, 96, 128]),
        searchedFfnetStage(5, 20, [96, 128, 160, 192]),
        searchedFfnetStage(6, 32, [128, 192, 256, 320]),
        searchedFfnetStage(4, 14, [256, 320, 384]),
      ],
    },
    head: { kind: 'up-b' },
  },
  baselines: [
    { name: 'FFNet-78S-BBB-mobile', genotype: published([6, 12, 12, 8]) },
    { name: 'FFNet-40S-BBB-mobile', genotype: published([4, 5, 6, 4]) },
    { name: 'FFNet-54S-BBB-mobile', genotype: published([5, 8, 8, 5]) },
    { name: 'FFNet-86S-BBB-mobile', genotype: published([8, 12, 16, 6]) },
    { name: 'FFNet-150S-BBB-mobile', genotype: published([16, 18, 28, 12]) },
    {
      name: 'as large as the 74-block ZiCo-BC model',
      genotype: '96:g32:13/96:g32:16/256:g32:32/256:regular:13',
    },
  ],
};
