/** Random networks of the spaces of larger images as .tflite files; they have tens of millions of weights. */
import { expect, it } from 'vitest';
import { writeTflite } from '../../../main/tflite/index.ts';
import { generatorFor } from '../../../main/random.ts';
import { spaceNamed, withResolution } from '../../../main/space/index.ts';
import { initialNetwork } from '../../../main/space/initial-network.ts';
import { differences } from '../../support/tflite.ts';

it.each(['efficientnet', 'efficientdet-d0', 'ffnet', 'segmentation-macro'])(
  'random networks of %s',
  { timeout: 600_000 },
  async (name) => {
    const space = withResolution(spaceNamed(name), { deployment: [128, 128] });
    const random = generatorFor('tflite', name);
    for (let i = 0; i < 2; i++) {
      const graph = initialNetwork(space, space.sample(random), 'kaiming-normal-fan-out', i);
      const file = writeTflite(graph, 'float32', 'test');
      const off = await differences(graph, file, space.inputShape, { litert: i === 0 });
      expect(off.tflite).toBeLessThan(1e-4);
      expect(off.litert).toBeLessThan(1e-4);
    }
  },
);
