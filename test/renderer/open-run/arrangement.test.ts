import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { arranged, moved, remembered } from '../../../renderer/open-run/arrangement.ts';
import { Arrangement, kindOfRun } from '../../../renderer/open-run/arrangement.svelte.ts';
import { settings } from '../fake-bridge.ts';

beforeEach(() => localStorage.clear());
afterEach(() => localStorage.clear());

const keyed = (keys: string) => [...keys].map((key) => ({ key }));
const keysOf = (all: readonly { readonly key: string }[]): string =>
  all.map(({ key }) => key).join('');

describe('an order that a person chose', () => {
  it('places what is new behind what it usually follows, and passes over what is gone', () => {
    expect(keysOf(arranged(keyed('abcd'), ['d', 'a', 'x', 'c']))).toBe('dabc');
    expect(keysOf(arranged(keyed('abc'), []))).toBe('abc');
    expect(keysOf(arranged(keyed('abc'), ['c', 'b']))).toBe('acb');
  });

  it('has everything once, whatever was remembered', () => {
    const letters = fc.array(fc.constantFrom(...'abcdefgh'));
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...'abcdefgh')), letters, (all, order) => {
        const placed = arranged(keyed(all.join('')), [...new Set(order)]);
        expect([...keysOf(placed)].sort()).toEqual([...all].sort());
      }),
    );
  });

  it('moves one, never beyond an end, and keeps what other runs have', () => {
    expect(moved(['a', 'b', 'c'], 'a', 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 'a', 9)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 'x', 1)).toEqual(['a', 'b', 'c']);
    expect(remembered(['b', 'a'], ['a', 'gene:of-another-space'])).toEqual([
      ...['b', 'a', 'gene:of-another-space'],
    ]);
  });
});

describe('an arrangement', () => {
  const open = (changes: Partial<typeof settings> = {}): Arrangement => {
    const arrangement = new Arrangement(localStorage);
    arrangement.restore({ ...settings, ...changes });
    return arrangement;
  };

  it('comes back with every run of the kind, and with no other', () => {
    const first = open();
    first.columns.toggle('bias');
    first.columns.move(['genotype', 'score', 'latency'], 'latency', -2);
    first.axes.toggle('macs');
    const again = open({ seed: 7, space: 'ffnet' });
    expect(again.columns.isMarked('bias')).toBe(true);
    expect(again.axes.isMarked('macs')).toBe(true);
    expect(
      keysOf(again.columns.of([{ key: 'genotype' }, { key: 'score' }, { key: 'latency' }])),
    ).toBe('latencygenotypescore');
    expect(open({ search: 'guided' }).columns.untouched).toBe(true);
    expect(kindOfRun({ ...settings, latency: 'macs' })).not.toBe(kindOfRun(settings));
  });

  it('can be as it was again, with nothing left behind', () => {
    const arrangement = open();
    arrangement.columns.toggle('bias');
    expect(localStorage.length).toBe(1);
    arrangement.columns.reset();
    expect(arrangement.columns.untouched).toBe(true);
    expect(localStorage.length).toBe(0);
  });

  it.each(['{', '7', 'null', '{"order":7,"marked":{"a":1}}', '{"order":[null,3]}'])(
    'is the usual one where %s was stored',
    (stored) => {
      localStorage.setItem(`zico.columns.${kindOfRun(settings)}`, stored);
      expect(open().columns.untouched).toBe(true);
    },
  );
});
