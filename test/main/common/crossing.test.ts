import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinationsOf, countCombinations } from '../../../main/common/crossing.ts';

const lists = fc.uniqueArray(
  fc.record({
    key: fc.string({ minLength: 1, maxLength: 3 }),
    choices: fc.uniqueArray(fc.integer(), { maxLength: 4 }),
  }),
  { maxLength: 4, selector: ({ key }) => key },
);

describe('crossing lists', () => {
  it('makes every combination once, and as many as were counted', () => {
    fc.assert(
      fc.property(lists, (varied) => {
        const all = combinationsOf(varied);
        expect(all).toHaveLength(countCombinations(varied));
        expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(all.length);
        for (const one of all) {
          expect(one.map(({ key }) => key)).toEqual(varied.map(({ key }) => key));
          for (const [i, { value, index }] of one.entries()) {
            expect(varied[i]!.choices[index]).toBe(value);
          }
        }
      }),
    );
  });

  it('varies the last list fastest', () => {
    const varied = [
      { key: 'beta', choices: [0, 1] },
      { key: 'seed', choices: [1, 2] },
    ];
    const values = combinationsOf(varied).map((one) => one.map(({ value }) => value));
    expect(values).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
    ]);
  });
});
