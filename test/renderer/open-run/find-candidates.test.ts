import { describe, expect, it } from 'vitest';
import { foundFirst, foundMask } from '../../../renderer/open-run/find-candidates.ts';

const genotypes = ['8:8:64', '8:16:64', '64:8:8', '16:16:16'];
const candidates = {
  length: genotypes.length,
  // Columns have more room than rows.
  ids: Int32Array.of(1, 2, 7, 17, 99),
  genotypeOf: (index: number): string => genotypes[index]!,
};
const names: Readonly<Record<number, string>> = { 2: 'For the Watch', 17: 'watch 7' };
const nameOf = (id: number): string => names[id] ?? '';
const found = (term: string): number[] => foundFirst(candidates, term, nameOf, 10);

describe('candidates are found', () => {
  it('by number, name or genotype, every word of what is typed', () => {
    expect([...foundMask(candidates, '8:8', nameOf)!]).toEqual([1, 0, 1, 0]);
    expect([...foundMask(candidates, 'WATCH', nameOf)!]).toEqual([0, 1, 0, 1]);
    expect([...foundMask(candidates, 'watch 16:16', nameOf)!]).toEqual([0, 0, 0, 1]);
    expect([...foundMask(candidates, 'c-0017', nameOf)!]).toEqual([0, 0, 0, 1]);
    expect([...foundMask(candidates, 'nothing', nameOf)!]).toEqual([0, 0, 0, 0]);
  });

  it('not at all where nothing is typed', () => {
    expect(foundMask(candidates, '  ', nameOf)).toBeNull();
    expect(found(' ')).toEqual([]);
  });

  it('with the one whose number it is first, then those with a name', () => {
    expect(found('7')).toEqual([2, 3]);
    expect(found('c-0007')).toEqual([2]);
    expect(found('64')).toEqual([1, 0, 2]);
    expect(foundFirst(candidates, '8', nameOf, 2)).toEqual([1, 0]);
  });
});
