/** Builds a small network around an operator under test, and asserts that all its gradients are right. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Graph } from '../../main/graph/graph.ts';
import type { Shape } from '../../main/graph/shape.ts';
import { checkGradients, type CheckOptions, type GradientsOf } from './gradient-check.ts';
import type { OperatorCase } from './operator-cases/case.ts';
import { Sketch } from './sketch.ts';

export const batchSize = 3;
export const classes = 4;
export const image: Shape = [2, 6, 5];
const tolerance = 1e-4;
/** Number of seeds tried for inputs and targets until no kink is within rounding. */
const seeds = 20;

/** Asserts every layer's gradient, and those of the `others`. */
export async function assertGradients(graph: Graph, options: CheckOptions = {}): Promise<void> {
  for (let seed = options.seed ?? 0; seed < seeds; seed++) {
    const check = await checkGradients(graph, batchSize, classes, { ...options, seed });
    if (check.kinkDistance <= 1e-5) continue;
    expect(check.compared).toBeGreaterThanOrEqual(6);
    expect(check.lossError).toBeLessThan(1e-4);
    for (const [weight, error] of check.errors) expect(error, weight).toBeLessThan(tolerance);
    return;
  }
  expect.fail('every seed puts some value on a kink');
}

/** A 1x1 convolution, whatever is to be tested, and a classifier. */
export function around(
  tested: (sketch: Sketch, x: string) => string,
  { channels = 3, size = image }: { channels?: number; size?: Shape } = {},
): Graph {
  const sketch = new Sketch(batchSize, size);
  const before = sketch.conv('before', 'image', [channels, size[0]!, 1, 1]);
  const after = tested(sketch, before);
  return sketch.graph([sketch.classifier(after, classes)]);
}

/** Asserts a property over random cases, always the same ones. */
export const forAll = <T>(
  cases: fc.Arbitrary<T>,
  property: (value: T) => Promise<void>,
  numRuns = 25,
): Promise<void> => fc.assert(fc.asyncProperty(cases, property), { seed: 5, numRuns });

/** Asserts the gradients through an operator over random uses of it. */
export const assertOperator = (
  cases: fc.Arbitrary<OperatorCase>,
  others: readonly string[] = [],
  { gradientsOf, numRuns }: { gradientsOf?: GradientsOf; numRuns?: number } = {},
): Promise<void> =>
  forAll(
    cases,
    ({ image: [channels, ...space], build }) =>
      assertGradients(around(build, { channels, size: [2, ...space] }), { others, gradientsOf }),
    numRuns,
  );
