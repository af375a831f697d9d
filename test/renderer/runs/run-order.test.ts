import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../preload/contract.ts';
import {
  foundRuns,
  listRows,
  runGroupings,
  runSortKeys,
} from '../../../renderer/runs/run-order.ts';
import { settings } from '../fake-bridge.ts';

const runs = Array.from({ length: 500 }, (_, i): RunSummary => ({
  ...{ run: `id ${i}`, name: `night ${i}`, path: `/runs/night ${i}.zico`, state: 'finished' },
  settings: { ...settings, seed: i, space: i % 3 === 0 ? 'ffnet' : 'nats-sss' },
  createdAt: new Date(Date.UTC(2025, i % 18, 1 + (i % 28))).toISOString(),
  ...{ evaluated: 400 - (i % 7), failed: i % 5, elapsedSeconds: (i * 37) % 1000 },
  ...{ tags: i % 4 === 0 ? ['paper', 'phone'] : [], error: null },
}));

describe('a list of 500 runs', () => {
  it('is found, sorted and put into groups within 100 ms', () => {
    for (const by of runGroupings) {
      for (const key of runSortKeys) {
        const order = { key, descending: true };
        const list = () => listRows(foundRuns(runs, 'night finished'), order, by);
        // The quickest of a few: others may have the processor in between.
        const tookMs = Array.from({ length: 5 }, () => {
          const began = performance.now();
          list();
          return performance.now() - began;
        });
        expect(Math.min(...tookMs)).toBeLessThan(100);
        const rows = list();
        expect(rows.filter(({ kind }) => kind === 'run')).toHaveLength(by === 'tag' ? 625 : 500);
      }
    }
  });

  it('finds by every word, in whatever order', () => {
    expect(foundRuns(runs, '499 NIGHT').map(({ run }) => run)).toEqual(['id 499']);
    expect(foundRuns(runs, 'phone ffnet')).toHaveLength(42);
    expect(foundRuns(runs, 'nothing like it')).toEqual([]);
  });

  it('never has the same row twice', () => {
    for (const by of runGroupings) {
      const keys = listRows(runs, { key: 'name', descending: false }, by).map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});
