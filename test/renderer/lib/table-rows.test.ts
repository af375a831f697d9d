import { describe, expect, it } from 'vitest';
import { CandidateColumns } from '../../../renderer/lib/columns.ts';
import { scoreAll } from '../../../renderer/lib/pareto.ts';
import {
  filterRows,
  nextSorting,
  sortRows,
  visibleSlice,
} from '../../../renderer/lib/table-rows.ts';
import { packRows } from '../../../main/electron/pack-rows.ts';
import { rows } from '../fake-bridge.ts';

const columns = new CandidateColumns();
columns.append(packRows(rows(120)));
const score = scoreAll(columns, 1, false);
const front = Uint32Array.of(3, 9, 20);

describe('the table', () => {
  it('lists the front, all up to a generation, or what failed', () => {
    expect(filterRows(columns, front, 'front', Infinity)).toEqual([3, 9, 20]);
    expect(filterRows(columns, front, 'all', 1)).toHaveLength(40);
    const failed = filterRows(columns, front, 'failed', Infinity);
    expect(failed.every((index) => columns.isFailed(index))).toBe(true);
    expect(failed).toHaveLength(columns.failed);
  });

  it('puts what has no score last, whichever way it is sorted', () => {
    for (const descending of [true, false]) {
      const all = filterRows(columns, front, 'all', Infinity);
      const sorted = sortRows(all, columns, score, { key: 'score', descending });
      const tail = sorted.slice(-columns.failed);
      expect(tail.every((index) => columns.isFailed(index))).toBe(true);
      const [first, second] = sorted.map((index) => score[index]);
      expect(descending ? first >= second : first <= second).toBe(true);
    }
  });

  it('starts a new column with what one looks for', () => {
    const byLatency = { key: 'latency', descending: false } as const;
    expect(nextSorting(byLatency, 'score')).toEqual({ key: 'score', descending: true });
    expect(nextSorting(byLatency, 'latency')).toEqual({ key: 'latency', descending: true });
  });

  it('makes only the rows one sees', () => {
    expect(visibleSlice(50_000, 24, 24_000, 240)).toEqual({ from: 992, to: 1018 });
    expect(visibleSlice(5, 24, 0, 240)).toEqual({ from: 0, to: 5 });
    expect(visibleSlice(5, 24, 9_999, 240)).toEqual({ from: 5, to: 5 });
  });
});
