import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  combined,
  needsZico,
  objectiveAsText,
  objectiveLabel,
  objectiveParts,
  partsInText,
  proxiesComputed,
  valueOfPart,
} from '../../../main/common/objectives.ts';
import { averageRanks } from '../../../main/common/rank-correlation.ts';

const parts = fc.uniqueArray(fc.constantFrom(...objectiveParts), { minLength: 1 });

describe('the names of what ranks', () => {
  it('come back in one order, whatever the order typed', () => {
    fc.assert(
      fc.property(parts, (some) => {
        const text = objectiveAsText(some);
        expect(new Set(partsInText(some.join(' + ')))).toEqual(new Set(some));
        expect(objectiveAsText(partsInText(text)!)).toBe(text);
      }),
    );
  });

  it.each(['', '+', 'near+', 'near+near', 'zen', 'near,synflow', 'ZICO', 'none', 'all'])(
    'refuse %j',
    (text) => expect(partsInText(text)).toBeNull(),
  );

  it('say what has to be computed', () => {
    expect(proxiesComputed({ score: 'near+synflow', proxies: 'none' })).toEqual([
      'near',
      'synflow',
    ]);
    expect(proxiesComputed({ score: 'zico-bc', proxies: 'near' })).toEqual(['near']);
    expect(['zico', 'zico-bc+near', 'near', 'meco+naswot'].map(needsZico)).toEqual([
      ...[true, true, false, false],
    ]);
    expect(objectiveLabel('near+synflow')).toBe('NEAR + SynFlow, ranks');
  });
});

describe('what ranks', () => {
  it('is the sum of ranks among those with every value', () => {
    const value = fc.option(fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1 }), (networks) => {
        const whole = networks.filter(([a, b]) => a !== null && b !== null) as [number, number][];
        const [first, second] = [0, 1].map((k) => averageRanks(whole.map((one) => one[k]!)));
        const sums = combined([networks.map(([a]) => a), networks.map(([, b]) => b)]);
        let next = 0;
        for (const [i, [a, b]] of networks.entries()) {
          const last = a === null || b === null;
          expect(sums[i]).toBe(last ? -Infinity : first![next]! + second![next++]!);
        }
      }),
    );
  });

  it('is finite of a network that lets nothing through', () => {
    const scored = { zico: null, zicoCapped: null, bias: null, proxies: { synflow: 0 } };
    const ranking = { beta: 1, termCap: null };
    expect(valueOfPart('synflow', scored, ranking)).toBeLessThan(-600);
    expect(valueOfPart('zico-bc', scored, ranking)).toBeNull();
    expect(valueOfPart('near', scored, ranking)).toBeNull();
  });
});
