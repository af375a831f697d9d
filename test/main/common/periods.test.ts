import { describe, expect, it } from 'vitest';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';
import { generationalDefaults } from '../../../main/common/settings/method.ts';
import { periodsOf } from '../../../main/common/periods.ts';

describe('what candidates are counted by', () => {
  it('is generations, until the settings are known and where there are some', () => {
    for (const settings of [undefined, { ...defaultSearchSettings, ...generationalDefaults }]) {
      const { title, of, named } = periodsOf(settings);
      expect([title, of(3), named(3)]).toEqual(['Generation', '3', 'generation 3']);
    }
    const ten = { ...defaultSearchSettings, ...generationalDefaults };
    expect(periodsOf(ten)).toMatchObject({ planned: 10, last: '9' });
  });

  it('is blocks of twenty where a search has none', () => {
    const { title, of, named, planned, last } = periodsOf(defaultSearchSettings);
    expect([title, of(0), named(3)]).toEqual(['Candidates', '1–20', 'candidates 61–80']);
    expect([planned, last]).toEqual([6, '120']);
    // The last block ends where the search does.
    const short = periodsOf({ ...defaultSearchSettings, candidates: 41 });
    expect([0, 1, 2].map(short.of)).toEqual(['1–20', '21–40', '41']);
    expect([short.upTo(1), short.upTo(2)]).toEqual(['40', '41']);
    expect(short.named(2)).toBe('candidate 41');
    expect(periodsOf({ ...defaultSearchSettings, candidates: 24 }).of(1)).toBe('21–24');
    const timed = { ...defaultSearchSettings, candidates: null };
    expect(periodsOf(timed)).toMatchObject({ planned: null, last: null });
  });
});
