/** Descriptions of version 0.1 mean what they meant: the same genotypes, networks and drawings. */
import { describe, expect, it } from 'vitest';
import { answerOf, answers, descriptions } from './spaces-0.1.ts';

const expected = answers();

describe('descriptions of version 0.1', () => {
  it('are thirty', () => {
    expect(descriptions).toHaveLength(30);
    expect(expected).toHaveLength(30);
  });

  it.each(descriptions.map((one, i) => [one.name, i] as const))('%s', (_, i) => {
    expect(answerOf(descriptions[i])).toEqual(expected[i]);
  });
});
