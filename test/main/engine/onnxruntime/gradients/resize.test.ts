/** Resizes, up and down. */
import { describe, it } from 'vitest';
import { assertOperator } from '../../../../support/gradient-cases.ts';
import { resizeCases } from '../../../../support/operator-cases/resize.ts';

describe('gradients agree with finite differences through', () => {
  it.each(Object.entries(resizeCases))('%s', (_name, cases) => assertOperator(cases), 60_000);
});
