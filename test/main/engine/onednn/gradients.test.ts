/** Every operator that the onednn engine has, over random uses of it. */
import fc from 'fast-check';
import { describe, it, vi } from 'vitest';
import { builtVersion } from '../../../../main/engine/onednn/addon.ts';
import {
  around,
  assertGradients,
  assertOperator,
  batchSize,
  classes,
  forAll,
  image,
} from '../../../support/gradient-cases.ts';
import { gradientsByOneDnn } from '../../../support/native-gradients.ts';
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

const convolutions = fc
  .record({
    kernel: pair(1, 3),
    strides: pair(1, 3),
    dilations: pair(1, 2),
    pads: four(0, 2),
    group: small(1, 3),
    channels: small(1, 2),
  })
  .filter(({ kernel, dilations, pads }) =>
    ([0, 1] as const).every(
      (axis) => dilations[axis] * (kernel[axis] - 1) + 1 <= 5 + pads[axis] + pads[axis + 2],
    ),
  );

describe.skipIf(builtVersion() === null)('onednn agrees with finite differences through', () => {
  it.each(Object.entries(cases))('%s', (_name, uses) =>
    assertOperator(uses, [], { gradientsOf: gradientsByOneDnn, numRuns: 12 }),
  );

  it('convolutions of any strides, pads, dilations and groups', () =>
    forAll(
      convolutions,
      ({ kernel, group, channels, ...attributes }) =>
        assertGradients(
          around(
            (sketch, x) => {
              const weight = [group * channels, 2, ...kernel];
              return sketch.conv('tested', x, weight, { ...attributes, group });
            },
            { channels: 2 * group },
          ),
          { gradientsOf: gradientsByOneDnn },
        ),
      12,
    ));

  it('a segmentation loss whose logits are resized, with places that do not count', async () => {
    const sketch = new Sketch(batchSize, image);
    const before = sketch.conv('before', 'image', [3, image[0], 3, 3]);
    const logits = sketch.conv('logits', sketch.node('Relu', [before], {}), [classes, 3, 1, 1]);
    await assertGradients(sketch.graph([logits]), {
      masks: [image[1] * 2, image[2] + 3],
      gradientsOf: gradientsByOneDnn,
    });
  });
});
