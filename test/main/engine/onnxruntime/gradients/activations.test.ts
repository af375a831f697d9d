/** Elementwise functions, away from their bends. */
import { describe, it } from 'vitest';
import { assertOperator } from '../../../../support/gradient-cases.ts';
import { activationCases } from '../../../../support/operator-cases/activations.ts';

describe('gradients agree with finite differences through', () => {
  it.each(Object.entries(activationCases))('%s', (_name, cases) => assertOperator(cases), 60_000);
});
