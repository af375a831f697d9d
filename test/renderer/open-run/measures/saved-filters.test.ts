import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  writeRange,
  type Measure,
  type MeasureKey,
} from '../../../../renderer/open-run/measures/measures.ts';
import { SavedFilters } from '../../../../renderer/open-run/measures/saved-filters.svelte.ts';
import { RunSession } from '../../../../renderer/open-run/session.svelte.ts';
import { FakeBridge, fakeRun } from '../../fake-bridge.ts';

beforeEach(() => localStorage.clear());
afterEach(() => localStorage.clear());

const watch = new Map<MeasureKey, { from: number; to: number }>([
  ['macs', { from: -Infinity, to: 2e7 }],
  ['latency', { from: -Infinity, to: 10 }],
  ['score', { from: 50, to: Infinity }],
]);

async function open(settings = {}): Promise<RunSession> {
  const bridge = new FakeBridge([fakeRun({ run: 'r', candidates: 60, settings })]);
  const session = new RunSession(bridge, 'r', (error) => {
    throw error;
  });
  await session.open();
  return session;
}

describe('a filter with a name', () => {
  it('comes back with its open ends, replaces one of its name, and can be deleted', () => {
    new SavedFilters(localStorage).save(' for the watch ', watch);
    const again = new SavedFilters(localStorage);
    expect(again.list).toEqual([{ name: 'for the watch', ranges: watch }]);
    again.save('for the watch', new Map([['score', { from: 1, to: 2 }]]));
    expect(again.list).toHaveLength(1);
    expect(again.list[0]!.ranges.size).toBe(1);
    again.remove('for the watch');
    expect(new SavedFilters(localStorage).list).toEqual([]);
  });

  it('needs a name and a range', () => {
    const filters = new SavedFilters(localStorage);
    filters.save('  ', watch);
    filters.save('empty', new Map());
    expect(filters.list).toEqual([]);
  });

  it.each([
    '{',
    '7',
    '{"name":"x"}',
    '[null,{"name":"","ranges":[["macs",1,2]]},{"name":"x","ranges":[]}]',
    '[{"name":"x","ranges":[["macs",null,null],["macs",3,2],["macs","1",2],7]}]',
  ])('is none where %s was stored', (stored) => {
    localStorage.setItem('zico.filters', stored);
    expect(new SavedFilters(localStorage).list).toEqual([]);
  });

  it('is applied as far as the run has its measures, and says what it has not', async () => {
    const session = await open({ latency: 'macs' });
    expect(session.applyFilter({ name: 'for the watch', ranges: watch })).toEqual(['latency']);
    expect([...session.filter.ranges.keys()]).toEqual(['macs', 'score']);
    expect(session.filter.passing).toBeGreaterThan(0);
    const nothingHere = new Map<MeasureKey, { from: number; to: number }>([
      ['gene:of-another-space', { from: 1, to: 2 }],
    ]);
    expect(session.applyFilter({ name: 'other', ranges: nothingHere })).toEqual([
      'gene:of-another-space',
    ]);
    // What was filtered before stays.
    expect(session.filter.parts).toHaveLength(2);
    session.close();
  });
});

describe('a filter that matches nothing', () => {
  it('names the part without which most would pass', async () => {
    const session = await open();
    session.filter.set({ macs: { from: -Infinity, to: 1 }, score: { from: 0, to: Infinity } });
    expect(session.filter.passing).toBe(0);
    expect(session.filter.hindering?.part.measure.key).toBe('macs');
    expect(session.filter.hindering?.left).toBeGreaterThan(10);
    // Of one range alone nothing more is to be said.
    session.filter.set({ score: null });
    expect(session.filter.hindering).toBeNull();
    session.close();
  });
});

describe('a range in words', () => {
  const measure: Measure = {
    ...{ key: 'macs', title: 'MACs', divisor: 1e6, unit: 'M', decimals: 1 },
    ...{ values: [], choices: null },
  };
  it.each([
    [{ from: 1e6, to: 2e7 }, '1.0 to 20.0 M'],
    [{ from: -Infinity, to: 2e7 }, 'up to 20.0 M'],
    [{ from: 1e6, to: Infinity }, 'from 1.0 M'],
    [{ from: 1e6, to: 1e6 }, '1.0 M'],
  ])('of %o is %s', (range, words) => {
    expect(writeRange(measure, range)).toBe(words);
  });
});
