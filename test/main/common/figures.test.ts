import { expect, it } from 'vitest';
import { integer } from '../../../main/common/figures.ts';

it('whole numbers are read in groups of three digits, the same in every language setting', () => {
  expect([0, 999, 1000, 713_674, -40_960].map(integer)).toEqual([
    '0',
    '999',
    '1,000',
    '713,674',
    '-40,960',
  ]);
});

it('a number of networks beyond what floats count exactly keeps its digits in groups', () => {
  expect(integer(1e21)).toBe('1,000,000,000,000,000,000,000');
});
