/** Pools and reductions. */
import { describe, it } from 'vitest';
import { assertOperator } from '../../../../support/gradient-cases.ts';
import { poolCases } from '../../../../support/operator-cases/pools.ts';

describe('gradients agree with finite differences through', () => {
  it.each(Object.entries(poolCases))('%s', (_name, cases) => assertOperator(cases), 60_000);
});
