import { describe, expect, it } from 'vitest';
import { computeStatistics } from '../../../main/engine/onnxruntime/statistics.ts';
import { builtVersion } from '../../../main/engine/onednn/addon.ts';
import { computeNativeStatistics } from '../../../main/engine/onednn/statistics.ts';
import type { LayerStatistics } from '../../../main/engine/engine.ts';
import { initialNetwork } from '../../../main/space/initial-network.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { randomBatches } from '../../support/random-batches.ts';

const space = spaceNamed('nas-bench-201');
const batches = randomBatches({ batchSize: 4, inputShape: [3, 32, 32], classes: 10 });

const cells = {
  'nothing but cut edges': 'none:none:none:none:none:none',
  'a convolution behind which nothing leads on': 'nor_conv_3x3:none:none:skip_connect:none:none',
  'a convolution that nothing reaches': 'none:none:nor_conv_1x1:none:none:nor_conv_3x3',
  'an output that two edges bring the same value':
    'skip_connect:skip_connect:none:none:skip_connect:skip_connect',
  'pools alone': 'avg_pool_3x3:none:avg_pool_3x3:none:avg_pool_3x3:avg_pool_3x3',
  everything: 'nor_conv_3x3:nor_conv_1x1:avg_pool_3x3:skip_connect:nor_conv_3x3:nor_conv_1x1',
};

const isLive = ({ gradientNorms }: LayerStatistics): boolean =>
  gradientNorms.some((norm) => norm > 0);

describe('cells with dead ends', () => {
  it.each(Object.entries(cells))(
    '%s: scored, layers without a gradient as such',
    async (what, text) => {
      const network = initialNetwork(space, space.parse(text), 'pytorch-default', 1);
      const { layers } = await computeStatistics(network, batches, 100, 1);
      const convolutions = text.split(':').filter((one) => one.startsWith('nor_conv')).length;
      expect(layers).toHaveLength(2 + 6 + 15 * convolutions);
      const live = layers.filter(isLive).length;
      const expected: Readonly<Record<keyof typeof cells, number>> = {
        // The classifier's input is what normalisation makes of zeros: nothing.
        'nothing but cut edges': 0,
        'a convolution behind which nothing leads on': 8,
        'a convolution that nothing reaches': 0,
        'an output that two edges bring the same value': 8,
        'pools alone': 8,
        everything: 8 + 60,
      };
      expect(live).toBe(expected[what as keyof typeof cells]);
      expect(layers.every((layer) => isLive(layer) || layer.sum === 0)).toBe(true);
    },
  );

  it.skipIf(builtVersion() === null).each(Object.entries(cells))(
    '%s: alike on both engines',
    async (_, text) => {
      const network = initialNetwork(space, space.parse(text), 'pytorch-default', 1);
      const portable = await computeStatistics(network, batches, 100, 1);
      const native = await computeNativeStatistics(network, batches, 100, 1);
      expect(native.layers.map(isLive)).toEqual(portable.layers.map(isLive));
      native.layers.forEach(({ gradientNorms }, i) =>
        gradientNorms.forEach((norm, b) => {
          const other = portable.layers[i]!.gradientNorms[b]!;
          expect(Math.abs(norm - other)).toBeLessThanOrEqual(5e-3 * other);
        }),
      );
    },
  );
});
