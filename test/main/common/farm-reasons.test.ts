import { describe, expect, it } from 'vitest';
import {
  failuresByReason,
  getNothingText,
  unfitByReason,
} from '../../../main/common/farm-reasons.ts';

describe('what went wrong on a farm', () => {
  it('is told once for all workers that get nothing for the same reason', () => {
    const unfit = ['a', 'b', 'c', 'd', 'e'].map((worker) => ({
      worker,
      why: worker === 'c' ? 'another version' : 'another engine',
    }));
    const reasons = unfitByReason(unfit);
    expect(reasons).toEqual([
      { why: 'another engine', workers: ['a', 'b', 'd', 'e'] },
      { why: 'another version', workers: ['c'] },
    ]);
    expect(reasons.map(({ workers }) => getNothingText(workers))).toEqual([
      '4 workers get nothing',
      'c gets nothing',
    ]);
    expect(getNothingText(['a', 'b'])).toBe('a and b get nothing');
  });

  it('is counted over all workers, the most frequent first', () => {
    const workers = [{ b: 1, c: 1 }, {}, { b: 1, a: 1 }].map((reasons) => ({
      reasons: reasons as Record<string, number>,
    }));
    expect(failuresByReason(workers)).toEqual([
      ['b', 2],
      ['a', 1],
      ['c', 1],
    ]);
  });
});
