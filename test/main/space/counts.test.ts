import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarise } from '../../../main/graph/summary.ts';
import { generatorFor } from '../../../main/random.ts';
import { biasTerm } from '../../../main/proxy/zico.ts';
import { describedSpace } from '../../../main/space/described-space.ts';
import { descriptionSchema } from '../../../main/common/space-description.ts';
import { builtInSpaces } from '../../../main/space/index.ts';
import type { Purpose } from '../../../main/space/space.ts';

/** Blocks, heads and sizes that no built-in space has, odd ones among them. */
const unusual = describedSpace(
  descriptionSchema.parse({
    name: 'unusual',
    title: 'Unusual',
    task: 'classification',
    classes: 7,
    resolution: { scoring: [37, 51], deployment: [61, 45] },
    network: {
      activation: 'hard-swish',
      backbone: {
        kind: 'stages',
        stem: [{ channels: [8, 24], stride: 2 }],
        stages: [
          { block: 'conv', channels: 16, kernel: [1, 3, 5], repeats: [1, 3], stride: 2 },
          { block: 'basic', channels: [16, 32], convolution: ['regular', 'depthwise'] },
          { block: 'bottleneck', channels: 32, expansion: [1, 2, 4], stride: 2 },
          { block: 'mbconv', channels: 24, expansion: [1, 3], squeezeExcite: 0.25 },
          { block: 'fused-mbconv', channels: 40, expansion: [1, 4], squeezeExcite: 0.25 },
        ],
      },
      head: { kind: 'classifier', channels: [64, 96], norm: true },
    },
  }),
);

describe.each([...builtInSpaces(), unusual].map((space) => [space.name, space] as const))(
  'counts of %s',
  (_, space) => {
    it('are those of the graph', () => {
      // By a seed, not by place: there are spaces with more networks than whole numbers are exact.
      const seed = fc.integer({ min: 0, max: 1_000_000 });
      const purpose = fc.constantFrom<Purpose>('scoring', 'deployment');
      fc.assert(
        fc.property(seed, purpose, (one, wanted) => {
          const genotype = space.sample(generatorFor('counts', one));
          const { parameters, macs, layers } = summarise(space.decode(genotype, wanted));
          const counts = space.counts(genotype, wanted);
          expect(counts).toMatchObject({ parameters, macs });
          const bias = layers.reduce((sum, layer) => sum + biasTerm(layer), 0);
          expect(counts.bias).toBeCloseTo(bias, 9);
          const parts = [...counts.parts.values()].reduce((sum, part) => sum + part, 0);
          expect(parts).toBeCloseTo(macs, 3);
        }),
        { numRuns: 12 },
      );
    });
  },
);
