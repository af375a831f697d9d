import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunProgress } from '../../../../preload/contract.ts';
import { CandidateColumns } from '../../../../renderer/open-run/columns/columns.ts';
import { pageSize, RunLoader } from '../../../../renderer/open-run/columns/run-loader.ts';
import { FakeBridge, fakeRun, Refusal, rows } from '../../fake-bridge.ts';

const all = rows(60);

function open(state: 'searching' | 'finished' = 'searching', candidates = 10) {
  const bridge = new FakeBridge([fakeRun({ run: 'r', state, candidates })]);
  const columns = new CandidateColumns();
  const loaded: { progress: RunProgress; added: number }[] = [];
  const pages: number[] = [];
  const errors: unknown[] = [];
  let hidden = false;
  const loader = new RunLoader({
    bridge,
    run: 'r',
    columns,
    isHidden: () => hidden,
    onLoaded: (progress, added) => loaded.push({ progress, added }),
    onPage: () => pages.push(columns.length),
    onError: (error) => errors.push(error),
    pauseMs: 80,
  });
  const hide = (value: boolean): void => {
    hidden = value;
  };
  const asked = () =>
    bridge.calls.filter((call) => call.method === 'runs.candidates').map((call) => call.args);
  return { bridge, columns, loader, loaded, pages, errors, hide, asked };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the loader', () => {
  it('asks only for candidates after the last one it has', async () => {
    const { bridge, columns, loader, asked } = open();
    await loader.load();
    expect(columns.length).toBe(10);
    bridge.add('r', all.slice(10, 13));
    await vi.advanceTimersByTimeAsync(200);
    expect(columns.length).toBe(13);
    expect(asked()).toEqual([
      [{ run: 'r', after: 0, most: pageSize }],
      [{ run: 'r', after: 10, most: pageSize }],
    ]);
  });

  it('shows a new candidate within 100 ms, and many at once with one question', async () => {
    const { bridge, columns, loader, asked } = open();
    await loader.load();
    for (let i = 10; i < 30; i++) bridge.add('r', [all[i]!]);
    await vi.advanceTimersByTimeAsync(100);
    expect(columns.length).toBe(30);
    expect(asked()).toHaveLength(2);
  });

  it('reads a long run page by page', async () => {
    const { columns, loader, loaded, pages, asked } = open('finished', pageSize + 5);
    await loader.load();
    expect(columns.length).toBe(pageSize + 5);
    expect(pages).toEqual([pageSize]); // the last one is told together with the progress
    expect(loaded.map(({ added }) => added)).toEqual([pageSize + 5]);
    expect(asked()).toMatchObject([[{ after: 0 }], [{ after: pageSize }]]);
  });

  it('fills a gap: candidate 12 may be stored before candidate 11', async () => {
    const { bridge, columns, loader } = open();
    await loader.load();
    bridge.add('r', [all[11]!]);
    await vi.advanceTimersByTimeAsync(100);
    bridge.add('r', [all[10]!]);
    await vi.advanceTimersByTimeAsync(100);
    expect(columns.length).toBe(12);
    expect(columns.contiguous).toBe(12);
  });

  it('does not ask while the window is hidden, and catches up afterwards', async () => {
    const { bridge, columns, loader, hide, asked } = open();
    await loader.load();
    hide(true);
    bridge.add('r', all.slice(10, 20));
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked()).toHaveLength(1);
    hide(false);
    loader.shown();
    await vi.advanceTimersByTimeAsync(100);
    expect(columns.length).toBe(20);
  });

  it('does not lose a change that comes while it is asking', async () => {
    const { bridge, columns, loader } = open();
    const loading = loader.load();
    bridge.add('r', all.slice(10, 12));
    await loading;
    await vi.advanceTimersByTimeAsync(200);
    expect(columns.length).toBe(12);
  });

  it('leaves other runs alone', async () => {
    const { bridge, loader, asked } = open();
    await loader.load();
    bridge.emit('run.changed', { run: 'another', revision: 3 });
    await vi.advanceTimersByTimeAsync(200);
    expect(asked()).toHaveLength(1);
  });

  it('reports an error and goes on with the next change', async () => {
    const { bridge, columns, loader, errors } = open();
    bridge.overrides['runs.progress'] = () => {
      throw new Refusal({ code: 'busy', message: 'Busy.', hint: '' });
    };
    await loader.load();
    expect(errors).toHaveLength(1);
    delete bridge.overrides['runs.progress'];
    bridge.changed('r');
    await vi.advanceTimersByTimeAsync(200);
    expect(columns.length).toBe(10);
  });

  it('is silent after it was closed', async () => {
    const { bridge, loader, loaded } = open();
    const loading = loader.load();
    loader.close();
    await loading;
    bridge.changed('r');
    await vi.advanceTimersByTimeAsync(200);
    expect(loaded).toHaveLength(0);
  });
});
