import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  constrainedDominates,
  dominates,
  type Individual,
} from '../../../main/common/dominance.ts';

// Few distinct values, so that ties and equal vectors are common.
const objectives = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 2 });
const individual: fc.Arbitrary<Individual> = fc.record({
  objectives,
  violation: fc.integer({ min: 0, max: 2 }),
});

describe('dominance', () => {
  it('is better somewhere and worse nowhere', () => {
    expect(dominates([1, 2], [1, 3])).toBe(true);
    expect(dominates([1, 2], [1, 2])).toBe(false);
    expect(dominates([0, 4], [1, 3])).toBe(false);
  });

  it('puts feasible before infeasible, and the smaller violation first among infeasible ones', () => {
    const good = { objectives: [0, 0], violation: 2 };
    const poor = { objectives: [9, 9] };
    expect(constrainedDominates(poor, good)).toBe(true);
    expect(constrainedDominates({ objectives: [9, 9], violation: 1 }, good)).toBe(true);
    expect(constrainedDominates({ objectives: [0, 0] }, poor)).toBe(true);
  });

  it.each([
    ['dominates', objectives, dominates] as const,
    ['constrainedDominates', individual, constrainedDominates] as const,
  ])('%s is a strict partial order', (_name, values, relation) => {
    const better = relation as (a: unknown, b: unknown) => boolean;
    const any = values as fc.Arbitrary<unknown>;
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(better(a, a)).toBe(false);
        if (better(a, b)) expect(better(b, a)).toBe(false);
        if (better(a, b) && better(b, c)) expect(better(a, c)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
