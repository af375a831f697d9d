/** Operators of two operands, either one broadcast. */
import { describe, it } from 'vitest';
import { assertOperator } from '../../../../support/gradient-cases.ts';
import { broadcastingCases } from '../../../../support/operator-cases/broadcasting.ts';

describe('gradients agree with finite differences through', () => {
  it.each(Object.entries(broadcastingCases))('%s', (_name, cases) => assertOperator(cases), 60_000);
});
