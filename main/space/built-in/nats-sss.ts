/**
 * The size search space of NATS-Bench (Dong et al., TPAMI 2021): one topology, five channel widths.
 * Genotype c0:c1:c2:c3:c4, each one of 8, 16, ..., 64, so 8^5 = 32,768 networks.
 */
import type { SpaceDescriptionInput } from '../../common/space-description.ts';

const width = (gene: string) => ({ gene, from: 8, to: 64, step: 8 });

export const natsSizeSpace: SpaceDescriptionInput = {
  name: 'nats-sss',
  title: 'NATS-Bench size space',
  task: 'classification',
  classes: 10,
  resolution: { scoring: [32, 32], deployment: [32, 32] },
  network: {
    backbone: {
      kind: 'stages',
      stem: [{ channels: width('c0'), activation: 'none' }],
      stages: [
        { block: 'nats-cell', channels: 'same' },
        { block: 'nats-reduction', channels: width('c1') },
        { block: 'nats-cell', channels: width('c2') },
        { block: 'nats-reduction', channels: width('c3') },
        { block: 'nats-cell', channels: width('c4') },
      ],
    },
    head: { kind: 'classifier', norm: true },
  },
  baselines: [{ name: 'widest', genotype: '64:64:64:64:64' }],
};
