import { expect, it } from 'vitest';
import { chained, chains } from '../../../../support/chains.ts';
import { around, assertGradients, batchSize, forAll } from '../../../../support/gradient-cases.ts';
import { checkGradients } from '../../../../support/gradient-check.ts';
import { Sketch } from '../../../../support/sketch.ts';

it('operators in a row, whatever onnxruntime makes of them', () =>
  forAll(chains, (chain) => assertGradients(around((sketch, x) => chained(sketch, x, chain))), 40));

// onnxruntime's own optimiser takes the zeros for padding of the pool, which is less than any number.
it.each([
  ['around it', [0, 0, 1, 1, 0, 0, 1, 1]],
  ['as wide as its window', [0, 0, 2, 0, 0, 0, 1, 2]],
])('a maximum pool behind zeros %s', async (_name, pads) => {
  const sketch = new Sketch(batchSize, [2, 6, 5]);
  const pooled = sketch.node('MaxPool', [sketch.node('Pad', ['image'], { pads })], {
    ...{ kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], dilations: [1, 1] },
    ceilMode: false,
  });
  const after = sketch.conv('after', pooled, [3, 2, 1, 1]);
  const graph = sketch.graph([sketch.classifier(after, 4)]);
  // No gradient goes through the pool: that several places of a window are its largest does not matter.
  const { lossError, errors, compared } = await checkGradients(graph, batchSize, 4);
  expect(compared).toBeGreaterThan(6);
  expect(lossError).toBeLessThan(1e-5);
  for (const [weight, error] of errors) expect(error, weight).toBeLessThan(1e-4);
});
