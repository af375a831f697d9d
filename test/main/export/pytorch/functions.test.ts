/** Every operator that can be written as PyTorch code computes there what it computes in onnxruntime. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pytorchModule } from '../../../../main/export/pytorch/module-file.ts';
import type { Graph } from '../../../../main/graph/graph.ts';
import { WorkbenchError } from '../../../../main/errors.ts';
import { activationCases } from '../../../support/operator-cases/activations.ts';
import { broadcastingCases } from '../../../support/operator-cases/broadcasting.ts';
import { convolutionCases } from '../../../support/operator-cases/convolutions.ts';
import { movingCases } from '../../../support/operator-cases/moving.ts';
import { normalisationCases } from '../../../support/operator-cases/normalisations.ts';
import { poolCases } from '../../../support/operator-cases/pools.ts';
import { productCases } from '../../../support/operator-cases/products.ts';
import { resizeCases } from '../../../support/operator-cases/resize.ts';
import { checkModules } from '../../../support/pytorch-modules.ts';
import { Sketch } from '../../../support/sketch.ts';

const cases = Object.entries({
  ...activationCases,
  ...broadcastingCases,
  ...convolutionCases,
  ...movingCases,
  ...normalisationCases,
  ...poolCases,
  ...productCases,
  ...resizeCases,
});

it('or is refused by name', async () => {
  const written: { name: string; graph: Graph }[] = [];
  const refused = new Set<string>();
  for (const [name, arbitrary] of cases) {
    for (const { image, build } of fc.sample(arbitrary, { numRuns: 30, seed: 7 })) {
      const channels = image.length === 3 ? image : [1, ...image];
      const sketch = new Sketch(1, channels);
      const output = build(sketch, 'image');
      const inputs = [{ name: 'image', shape: [1, ...channels], type: 'float32' }] as const;
      const graph = { ...sketch.graph([output]), inputs, name };
      try {
        pytorchModule(graph, { title: name, about: ['x'], weights: 'w' });
        written.push({ name, graph });
      } catch (error) {
        if (!(error instanceof WorkbenchError && error.code === 'not-exportable')) throw error;
        refused.add(name);
      }
    }
  }
  const results = await checkModules(written.map(({ graph }) => graph));
  const wrong = results.flatMap(({ difference, largest, outputs, expected, sameWeights }, i) =>
    difference < 1e-4 * Math.max(1, largest) && sameWeights && String(outputs) === String(expected)
      ? []
      : [`${written[i].name}: ${difference}, ${String(outputs)} and ${String(expected)}`],
  );
  expect(wrong).toEqual([]);
  console.log(`${written.length} agree; refused: ${[...refused].join(', ')}`);
  expect(new Set(written.map(({ name }) => name)).size).toBeGreaterThan(0.7 * cases.length);
}, 120_000);
