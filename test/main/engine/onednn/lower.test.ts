import { describe, expect, it } from 'vitest';
import { lowerToPlan } from '../../../../main/engine/onednn/lower.ts';
import { nativeSteps } from '../../../../main/engine/onednn/operators.ts';
import { withTaskLoss } from '../../../../main/engine/task-loss.ts';
import { differentiate } from '../../../../main/graph/differentiate.ts';
import { layersOf } from '../../../../main/graph/layers.ts';
import { operators } from '../../../../main/graph/operators/index.ts';
import { generatorFor } from '../../../../main/random.ts';
import { builtInSpaces } from '../../../../main/space/index.ts';
import { initialNetwork } from '../../../../main/space/initial-network.ts';

describe('the onednn engine', () => {
  it.each(builtInSpaces().map((space) => [space.name, space] as const))(
    'refuses nothing in a network of %s',
    (name, space) => {
      const genotype = space.sample(generatorFor('lower', name));
      const network = initialNetwork(space, genotype, 'pytorch-default', 1, 'scoring');
      const [, ...inputShape] = network.inputs[0]!.shape as [null, number, number, number];
      const { task, classes } = space;
      const { graph } = withTaskLoss(network, { task, batchSize: 2, classes, inputShape });
      const weights = layersOf(graph).map(({ weight }) => weight);
      const { steps, gradients } = lowerToPlan(differentiate(graph, 2, weights));
      expect(gradients).toHaveLength(weights.length);
      expect(steps.length).toBeGreaterThan(3 * weights.length - 2);
    },
    60_000,
  );

  it('has every operator but those that docs/native.md names', () => {
    const missing = Object.keys(operators).filter((kind) => !Object.hasOwn(nativeSteps, kind));
    // The last two are of GridSample's gradients.
    expect(missing).toEqual(['GridSample', 'FetchFromPlaces', 'BringToPlaces']);
  });
});
