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
import { samplingCases } from '../../../support/operator-cases/sampling.ts';
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
  ...samplingCases,
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
      : [`${written[i]!.name}: ${difference}, ${String(outputs)} and ${String(expected)}`],
  );
  expect(wrong).toEqual([]);
  console.log(`${written.length} agree; refused: ${[...refused].join(', ')}`);
  expect(new Set(written.map(({ name }) => name)).size).toBeGreaterThan(0.7 * cases.length);
}, 120_000);

const forms: Readonly<Record<string, (sketch: Sketch) => string>> = {
  'a part of the batch': (sketch) => {
    const part = { axes: [0, 2], starts: [0, 1], ends: [1, 3], steps: [1, 1] };
    const first = sketch.node('Slice', ['image'], part);
    return sketch.node(
      'Sub',
      [sketch.node('Slice', ['image'], { ...part, ends: [9, 3] }), first],
      {},
    );
  },
  'as many channels as another value has': (sketch) => {
    const mean = sketch.node('ReduceMean', ['image'], { axes: [1], keepDims: true });
    return sketch.node('Expand', [mean], { shape: [1, 5, 1, 1] });
  },
  'all in one row': (sketch) => sketch.node('Flatten', ['image'], { axis: 4 }),
};

it('for any number of images', async () => {
  const graphs = Object.values(forms).map((build) => {
    const sketch = new Sketch(1, [2, 4, 3]);
    return sketch.graph([build(sketch)]);
  });
  for (const { difference, outputs, expected } of await checkModules(graphs, 3)) {
    expect(outputs).toEqual(expected);
    expect(difference).toBeLessThan(1e-6);
  }
});

it('with the axes that a constant adds, and numbers that are none', () => {
  const source = (shape: readonly number[], value: number): string => {
    const sketch = new Sketch(1, [2, 4, 3]);
    const flat = sketch.node('Flatten', ['image'], { axis: 1 });
    const constant = sketch.weights('c', shape, Float32Array.of(value));
    const graph = sketch.graph([sketch.node('Mul', [flat, constant], {})]);
    const values = { ...graph.initializers.get('c')!, constant: true };
    const initializers = new Map([['c', values]]);
    return pytorchModule({ ...graph, initializers }, { title: 't', about: [], weights: 'w' })
      .source;
  };
  expect(source([1, 1], 2)).toContain('* 2');
  expect(source([1, 1, 1], 2)).toMatch(/\* self\.\w+/);
  expect(source([], NaN)).toContain('* float("nan")');
});
