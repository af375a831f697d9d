import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../preload/contract.ts';
import {
  foundRuns,
  listRows,
  runGroupings,
  runSortKeys,
} from '../../../renderer/runs/run-order.ts';
import { processorMs } from '../../support/processor-time.ts';
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
        expect(processorMs(list, 5)).toBeLessThan(100);
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

  it('has one that is in use elsewhere under that, not among what failed', () => {
    const error = { code: 'run-in-use', message: 'It is open elsewhere.', hint: 'Stop it there.' };
    const [first, second, third] = runs;
    const busy: RunSummary = { ...first!, run: 'busy', state: 'failed', error };
    const damaged = { ...busy, run: 'damaged', error: { ...error, code: 'not-a-run-file' } };
    const failed: RunSummary = { ...second!, run: 'failed', state: 'failed' };
    const list = [failed, busy, damaged, third!];
    const found = (term: string) => foundRuns(list, term).map(({ run }) => run);
    expect(found('in use elsewhere')).toEqual(['busy']);
    expect(found('cannot be read')).toEqual(['damaged']);
    expect(found('failed')).toEqual(['failed']);
    const order = { key: 'state', descending: false } as const;
    const rows = listRows(list, order, 'none').flatMap((row) =>
      row.kind === 'run' ? [row.run.run] : [],
    );
    expect(rows).toEqual(['damaged', 'failed', third!.run, 'busy']);
    const heads = listRows(list, order, 'space').flatMap((row) =>
      row.kind === 'head' ? [row.title] : [],
    );
    expect(heads.slice(-2)).toEqual(['Cannot be read', 'In use elsewhere']);
  });

  it('never has the same row twice', () => {
    for (const by of runGroupings) {
      const keys = listRows(runs, { key: 'name', descending: false }, by).map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});
