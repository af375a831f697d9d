import { expect, it } from 'vitest';
import { LeastOfLate } from '../../../main/latency/least-of-late.ts';

it('the least value is remembered for ten minutes: what stays slow is steady then', () => {
  const best = new LeastOfLate();
  expect(best.at(0)).toBe(Infinity);
  best.note(0, 0.1);
  const noteUntil = (from: number, to: number) => {
    for (let minute = from; minute <= to; minute++) best.note(minute * 60_000, 0.12);
  };
  noteUntil(1, 9);
  expect(best.at(9 * 60_000)).toBe(0.1);
  noteUntil(10, 12);
  expect(best.at(12 * 60_000)).toBe(0.12);
});
