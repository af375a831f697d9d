/** Every operator that the onednn engine has, over random uses of it. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { builtVersion } from '../../../../main/engine/onednn/addon.ts';
import { nativeSteps } from '../../../../main/engine/onednn/operators.ts';
import {
  around,
  assertGradients,
  assertOperator,
  batchSize,
  classes,
  forAll,
  image,
} from '../../../support/gradient-cases.ts';
import { computedKinds, gradientsByOneDnn } from '../../../support/native-gradients.ts';
import { chained, chains } from '../../../support/chains.ts';
import { activationCases } from '../../../support/operator-cases/activations.ts';
import { broadcastingCases } from '../../../support/operator-cases/broadcasting.ts';
import { four, pair, small } from '../../../support/operator-cases/case.ts';
import { convolutionCases } from '../../../support/operator-cases/convolutions.ts';
import { movingCases } from '../../../support/operator-cases/moving.ts';
import { normalisationCases } from '../../../support/operator-cases/normalisations.ts';
import { poolCases } from '../../../support/operator-cases/pools.ts';
import { productCases } from '../../../support/operator-cases/products.ts';
import { resizeCases } from '../../../support/operator-cases/resize.ts';
import { Sketch } from '../../../support/sketch.ts';

vi.setConfig({ testTimeout: 60_000 });

const cases = {
  ...activationCases,
  ...broadcastingCases,
  ...convolutionCases,
  ...movingCases,
  ...normalisationCases,
  ...poolCases,
  ...productCases,
  ...resizeCases,
};

/**
 * Losses of detection have inputs of their own: test/main/engine/detection-loss.test.ts and
 * test/main/score-model/detection-heads.test.ts.
 */
const detectionKinds = [
  ...['DetectionLoss', 'FocalLossGradient', 'HuberLossGradient'],
  ...['ScalarLoss', 'Detached'],
];

const convolutionsOf = (strides: fc.Arbitrary<readonly [number, number]>, widest: number) =>
  fc
    .record({
      kernel: pair(1, widest),
      strides,
      dilations: pair(1, 2),
      pads: four(0, 2),
      group: small(1, 3),
      channels: small(1, 2),
      inGroup: small(1, 2),
    })
    .filter(({ kernel, dilations, pads }) =>
      ([0, 1] as const).every(
        (axis) => dilations[axis] * (kernel[axis] - 1) + 1 <= 5 + pads[axis] + pads[axis + 2]!,
      ),
    );

describe.skipIf(builtVersion() === null)('onednn agrees with finite differences through', () => {
  it.each(Object.entries(cases))('%s', (_name, uses) =>
    assertOperator(uses, [], { gradientsOf: gradientsByOneDnn, numRuns: 12 }),
  );

  // Those that move on by single places get their image's gradient from turned weights.
  it.each([
    ['any strides', convolutionsOf(pair(1, 3), 3), 12],
    ['single places', convolutionsOf(fc.constant([1, 1] as const), 4), 24],
  ])('convolutions of %s, any pads, dilations and groups', (_name, convolutions, numRuns) =>
    forAll(
      convolutions,
      ({ kernel, group, channels, inGroup, ...attributes }) =>
        assertGradients(
          around(
            (sketch, x) => {
              const weight = [group * channels, inGroup, ...kernel];
              return sketch.conv('tested', x, weight, { ...attributes, group });
            },
            { channels: inGroup * group },
          ),
          { gradientsOf: gradientsByOneDnn },
        ),
      numRuns,
    ),
  );

  it('operators in a row, whichever are fused', () =>
    forAll(
      chains,
      (chain) =>
        assertGradients(
          around((sketch, x) => chained(sketch, x, chain)),
          { gradientsOf: gradientsByOneDnn },
        ),
      60,
    ));

  it('a segmentation loss whose logits are resized, with places that do not count', async () => {
    const sketch = new Sketch(batchSize, image);
    const before = sketch.conv('before', 'image', [3, image[0]!, 3, 3]);
    const logits = sketch.conv('logits', sketch.node('Relu', [before], {}), [classes, 3, 1, 1]);
    await assertGradients(sketch.graph([logits]), {
      masks: [image[1]! * 2, image[2]! + 3],
      gradientsOf: gradientsByOneDnn,
    });
  });

  it('batch normalisation of maps and vectors, with scales and shifts or without', async () => {
    const scale = Float32Array.of(2, -0.5, 1);
    const shift = Float32Array.of(0.3, 0, -1);
    const own = [{}, { scale, shift }, { shift }, { epsilon: 0.5 }];
    for (const options of own) {
      await assertGradients(
        around((sketch, x) => sketch.norm('norm', x, options)),
        { gradientsOf: gradientsByOneDnn },
      );
    }
    const vectors = around((sketch, x) => {
      const flat = sketch.node('Flatten', [x], { axis: 1 });
      const attributes = { alpha: 1, beta: 1, transA: false, transB: false };
      const features = sketch.node('Gemm', [flat, sketch.weights('features', [90, 8])], attributes);
      return sketch.norm('norm', features);
    });
    await assertGradients(vectors, { gradientsOf: gradientsByOneDnn });
  });

  it('a pool over the whole image, and what only names its input', async () => {
    const graph = around((sketch, x) =>
      sketch.node('GlobalAveragePool', [sketch.node('Identity', [x], {})], {}),
    );
    await assertGradients(graph, { gradientsOf: gradientsByOneDnn });
  });

  // The last test: what the others left out would be an operator whose gradient nobody checks.
  it('every operator that the engine has', () => {
    const elsewhere = new Set<string>(detectionKinds);
    const unchecked = Object.keys(nativeSteps).filter(
      (kind) => !computedKinds.has(kind) && !elsewhere.has(kind),
    );
    expect(unchecked).toEqual([]);
  });
});
