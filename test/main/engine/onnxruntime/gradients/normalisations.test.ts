/** Normalisations within an image. */
import { describe, it } from 'vitest';
import { assertOperator } from '../../../../support/gradient-cases.ts';
import { normalisationCases } from '../../../../support/operator-cases/normalisations.ts';

describe('gradients agree with finite differences through', () => {
  it.each(Object.entries(normalisationCases))(
    '%s',
    (_name, cases) => assertOperator(cases),
    60_000,
  );
});
