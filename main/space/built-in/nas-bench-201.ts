/**
 * The topology space of NAS-Bench-201 (Dong & Yang, "NAS-Bench-201: Extending the Scope of Reproducible Neural
 * Architecture Search", ICLR 2020), which NATS-Bench calls its topology space: one cell of six edges and five
 * operations, so 5^6 = 15,625 networks of one width. Genotypes are the benchmark's own architecture strings.
 */
import type { SpaceDescriptionInput } from '../../common/space-description.ts';

export const nasBench201Space: SpaceDescriptionInput = {
  name: 'nas-bench-201',
  title: 'NAS-Bench-201 topology space',
  task: 'classification',
  classes: 10,
  resolution: { scoring: [32, 32], deployment: [32, 32] },
  network: {
    backbone: { kind: 'nas-bench-201' },
    head: { kind: 'classifier', norm: true },
  },
  baselines: [
    {
      name: 'ResNet cell',
      genotype: 'nor_conv_3x3:none:nor_conv_3x3:skip_connect:none:skip_connect',
    },
  ],
};
