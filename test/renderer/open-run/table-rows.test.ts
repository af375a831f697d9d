import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CandidateColumns } from '../../../renderer/open-run/columns/columns.ts';
import { scoreAll } from '../../../renderer/open-run/ranking/pareto.ts';
import {
  filterRows,
  KeptRows,
  nextSorting,
  sortKeys,
  sortRows,
} from '../../../renderer/open-run/table-rows.ts';
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
      const [first, second] = [score[sorted[0]!]!, score[sorted[1]!]!];
      expect(descending ? first >= second : first <= second).toBe(true);
    }
  });

  it('keeps all in the order of a column while more arrive', () => {
    const some = fc.uniqueArray(fc.integer({ min: 0, max: 119 }), { maxLength: 60 });
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 6 });
    const sorting = fc.record({
      key: fc.constantFrom(...sortKeys),
      descending: fc.boolean(),
    });
    const every = rows(120).map((row) => ({ ...row, zico: row.zico && Math.round(row.zico / 50) }));
    fc.assert(
      fc.property(
        some,
        sizes,
        sorting,
        fc.integer({ min: 0, max: 3 }),
        (those, by, sorted, beta) => {
          const growing = new CandidateColumns();
          const kept = new KeptRows();
          let left = those.map((at) => every[at]!);
          for (const size of [...by, 120]) {
            // Within a page ids rise; pages come in any order.
            const page = left.slice(0, size).sort((a, b) => a.id - b.id);
            left = left.slice(size);
            growing.append(packRows(page));
            const scores = scoreAll(growing, beta, false);
            const all = filterRows(growing, front, 'all', Infinity);
            const expected = sortRows(all, growing, scores, sorted);
            expect([...kept.of(growing, scores, sorted, [beta])]).toEqual(expected);
          }
        },
      ),
    );
  });

  it('sorts anew by another column or another beta', () => {
    const kept = new KeptRows();
    for (const [key, beta] of [
      ['score', 0],
      ['score', 3],
      ['latency', 3],
      ['id', 3],
    ] as const) {
      const scores = scoreAll(columns, beta, false);
      const all = filterRows(columns, front, 'all', Infinity);
      const sorting = { key, descending: true };
      expect([...kept.of(columns, scores, sorting, [beta])]).toEqual(
        sortRows(all, columns, scores, sorting),
      );
    }
  });

  it('starts a new column with what one looks for', () => {
    const byLatency = { key: 'latency', descending: false } as const;
    expect(nextSorting(byLatency, 'score')).toEqual({ key: 'score', descending: true });
    expect(nextSorting(byLatency, 'latency')).toEqual({ key: 'latency', descending: true });
  });
});
