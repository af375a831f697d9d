import { describe, expect, it } from 'vitest';
import { decimal, typedDuration, oneOf, positive, wholeNumber } from '../../main/cli/options.ts';
import { bar } from '../../main/cli/progress.ts';
import { abbreviated, span, table } from '../../main/cli/table.ts';

describe('option values', () => {
  it('are whole numbers in their range, with suffixes where a size is meant', () => {
    const size = wholeNumber({ min: 1 }, true);
    expect(['1', '500k', '80M', '96.14G', '1.1k'].map(size)).toEqual([
      1, 500_000, 80_000_000, 96_140_000_000, 1100,
    ]);
    for (const text of ['', '0', '1.5', '1.0001k', '-1', '1e3', '0x10', 'k', ' 1']) {
      expect(() => size(text), text).toThrow(/whole number/);
    }
    const plain = wholeNumber({ min: 0, max: 9 });
    expect(plain('9')).toBe(9);
    for (const text of ['10', '1k', '1.0']) expect(() => plain(text), text).toThrow(/0 to 9/);
  });

  it('are decimal numbers in their range', () => {
    const beta = decimal({ min: 0, max: 10 });
    expect(['0', '1.', '.5', '+2', '1e-3', '10'].map(beta)).toEqual([0, 1, 0.5, 2, 0.001, 10]);
    for (const text of ['', '.', '-1', '10.1', 'NaN', 'Infinity', '1,5', '0x1']) {
      expect(() => beta(text), text).toThrow(/number, 0 to 10/);
    }
    expect(() => positive('0')).toThrow(/more than 0/);
  });

  it('are durations', () => {
    expect(['90', '90s', '15m', '1.5h', '1h30m', '1h0m5s'].map(typedDuration)).toEqual([
      90, 90, 900, 5400, 5400, 3605,
    ]);
    for (const text of ['', '0', '-5', 'soon', '5x', '1m1h', '1.2.3s', 's']) {
      expect(() => typedDuration(text), text).toThrow(/such as 90s/);
    }
  });

  it('are one of a few words', () => {
    expect(oneOf(['host', 'macs'])('macs')).toBe('macs');
    expect(() => oneOf(['host', 'macs'])('constructor')).toThrow('It must be host or macs.');
  });
});

describe('text for people', () => {
  it('aligns tables by their widest cells', () => {
    const columns = [{ title: 'name', align: 'left' as const }, { title: 'n' }];
    expect(
      table(columns, [
        ['a', '100'],
        ['longer', '1'],
      ]),
    ).toBe('name      n\na       100\nlonger    1');
  });

  it('writes numbers and times as one reads them', () => {
    expect([10, 1500, 96.14e9].map(abbreviated)).toEqual(['10', '1.50k', '96.14G']);
    expect([0.4, 59, 61, 900, 4530].map(span)).toEqual([
      '0 s',
      '59 s',
      '1 min 1 s',
      '15 min',
      '1 h 15 min',
    ]);
  });

  it('draws a share as a bar of constant width', () => {
    expect([0, 0.5, 1, 2].map((share) => bar(share, 4))).toEqual([
      '[    ]',
      '[=>  ]',
      '[====]',
      '[====]',
    ]);
  });
});
