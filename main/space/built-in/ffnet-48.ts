/**
 * `ffnet` of version 0.1: the networks around FFNet-78S, of at most 48 blocks. 44,044,000 networks.
 */
import type { SpaceDescriptionInput } from '../../common/space-description.ts';
import { ffnetNetwork, searchedFfnetStage, ffnetStem } from './ffnet.ts';

export const ffnet48: SpaceDescriptionInput = {
  name: 'ffnet-48',
  title: 'Networks around FFNet-78S, at most 48 blocks',
  task: 'segmentation',
  classes: 19,
  resolution: { scoring: [256, 256], deployment: [1024, 2048] },
  network: {
    backbone: {
      kind: 'stages',
      stem: ffnetStem,
      stages: [
        searchedFfnetStage(4, 8, [32, 64, 96, 128]),
        searchedFfnetStage(5, 14, [96, 128, 160, 192]),
        searchedFfnetStage(6, 16, [128, 192, 256, 320]),
        searchedFfnetStage(4, 10, [256, 320, 384]),
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
