/** What stands in the file of a new space. */
import type { Json } from './space-json.ts';

/** A space to begin with. */
export function newSpace(name: string): Json {
  return {
    name,
    title: 'My space',
    task: 'classification',
    classes: 10,
    resolution: { scoring: [32, 32], deployment: [32, 32] },
    network: {
      activation: 'relu',
      backbone: {
        kind: 'stages',
        stem: [{ channels: 32 }],
        stages: [
          { block: 'basic', channels: [32, 48, 64], repeats: { from: 1, to: 3, step: 1 } },
          {
            block: 'basic',
            channels: [64, 96, 128],
            repeats: { from: 1, to: 3, step: 1 },
            stride: 2,
            convolution: ['regular', { group: 32 }],
          },
          {
            block: 'basic',
            channels: [128, 192, 256],
            repeats: { from: 1, to: 3, step: 1 },
            stride: 2,
            convolution: ['regular', { group: 32 }],
          },
        ],
      },
      head: { kind: 'classifier' },
    },
    baselines: [],
  };
}
