/** Operators that move values. */
import { describe, it } from 'vitest';
import { assertOperator } from '../../../../support/gradient-cases.ts';
import { movingCases } from '../../../../support/operator-cases/moving.ts';

describe('gradients agree with finite differences through', () => {
  it.each(Object.entries(movingCases))('%s', (_name, cases) => assertOperator(cases), 60_000);
});
