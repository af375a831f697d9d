import { describe, expect, it } from 'vitest';
import {
  candidateName,
  count,
  duration,
  fixed,
  latencyDecimals,
  moment,
  runTitle,
  signed,
} from '../../../../renderer/ground/words/format.ts';

describe('figures', () => {
  it('have a true minus sign, and none before zero', () => {
    expect(fixed(-3.14159, 2)).toBe('−3.14');
    expect(fixed(-0.001, 1)).toBe('0.0');
    expect(signed(2, 1)).toBe('+2.0');
    expect(signed(-2, 1)).toBe('−2.0');
  });

  it('carry the unit that suits them', () => {
    expect(count(713_674)).toBe('714 k');
    expect(count(9_800)).toBe('9800');
    expect(count(1_094_000_000)).toBe('1.09 G');
    expect(count(0)).toBe('0');
  });

  it('show quick latencies with more decimals, but not with invented ones', () => {
    expect(latencyDecimals(0.4)).toBe(3);
    expect(latencyDecimals(0.012)).toBe(3);
    expect(latencyDecimals(57)).toBe(1);
    expect(latencyDecimals(400)).toBe(1);
  });
});

describe('times', () => {
  it('have two figures at most', () => {
    expect(duration(45.2)).toBe('45 s');
    expect(duration(170)).toBe('2 min 50 s');
    expect(duration(180)).toBe('3 min');
    expect(duration(5040)).toBe('1 h 24 min');
    expect(duration(273_600)).toBe('3 d 4 h');
  });

  it('never show 60 seconds', () => {
    expect(duration(59.7)).toBe('1 min');
  });

  it('name today and yesterday', () => {
    const now = new Date(2026, 2, 2, 12, 0);
    expect(moment(new Date(2026, 2, 2, 9, 41).toISOString(), now)).toBe('today 09:41');
    expect(moment(new Date(2026, 2, 1, 22, 3).toISOString(), now)).toBe('yesterday 22:03');
    expect(moment(new Date(2025, 11, 24, 8, 0).toISOString(), now)).toBe('24 Dec 2025 08:00');
    expect(moment('not a time', now)).toBe('not a time');
  });
});

describe('names', () => {
  it('of candidates line up', () => {
    expect(candidateName(7)).toBe('c-0007');
    expect(candidateName(12_345)).toBe('c-12345');
  });

  it('of runs lose the ending of the file', () => {
    expect(runTitle('first try.zico')).toBe('first try');
    expect(runTitle('.zico')).toBe('.zico');
  });
});
