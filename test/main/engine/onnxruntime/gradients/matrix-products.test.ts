/** Matrix products and Softmax. */
import { describe, it } from 'vitest';
import { assertOperator } from '../../../../support/gradient-cases.ts';
import { productCases } from '../../../../support/operator-cases/products.ts';

describe('gradients agree with finite differences through', () => {
  it.each(Object.entries(productCases))('%s', (_name, cases) => assertOperator(cases), 60_000);
});
