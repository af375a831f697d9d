/** Operators of foreign models on onnxruntime: the shapes inferred here, the values of the reference. */
import { describe, it } from 'vitest';
import { agree } from '../../../support/agree.ts';
import { forAll } from '../../../support/gradient-cases.ts';
import { activationCases } from '../../../support/operator-cases/activations.ts';
import { broadcastingCases } from '../../../support/operator-cases/broadcasting.ts';
import { convolutionCases } from '../../../support/operator-cases/convolutions.ts';
import { movingCases } from '../../../support/operator-cases/moving.ts';
import { normalisationCases } from '../../../support/operator-cases/normalisations.ts';
import { poolCases } from '../../../support/operator-cases/pools.ts';
import { productCases } from '../../../support/operator-cases/products.ts';
import { resizeCases } from '../../../support/operator-cases/resize.ts';
import { samplingCases } from '../../../support/operator-cases/sampling.ts';

const all = {
  ...activationCases,
  ...broadcastingCases,
  ...convolutionCases,
  ...movingCases,
  ...normalisationCases,
  ...poolCases,
  ...productCases,
  ...resizeCases,
  ...samplingCases,
};

describe('shapes and values agree with onnxruntime for', () => {
  it.each(Object.entries(all))(
    '%s',
    async (_name, cases) => {
      await forAll(
        cases,
        async ({ image, build }) => {
          await agree(image, (sketch) => build(sketch, 'image'));
        },
        60,
      );
    },
    30_000,
  );
});
