/** Values at computed places: gradients of the map and of the places. */
import { describe, it } from 'vitest';
import { assertOperator } from '../../../../support/gradient-cases.ts';
import { samplingCases } from '../../../../support/operator-cases/sampling.ts';

describe('gradients agree with finite differences through', () => {
  it.each(Object.entries(samplingCases))('%s', (_name, cases) => assertOperator(cases), 60_000);
});
