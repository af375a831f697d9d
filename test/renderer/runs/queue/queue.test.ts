import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../../renderer/app/workbench.svelte.ts';
import { timeLeft } from '../../../../renderer/runs/queue/time-left.ts';
import { prepareDom } from '../../dom.ts';
import { description, FakeBridge, fakeRun, settings, space } from '../../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(hash: string, prepare: (bridge: FakeBridge) => void): FakeBridge {
  const bridge = new FakeBridge([fakeRun({ run: 'earlier', candidates: 20 })]);
  prepare(bridge);
  location.hash = hash;
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}
const names = async () => {
  const table = await screen.findByRole('table', { name: 'Searches in the queue' });
  return within(table)
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.getAttribute('aria-label'));
};

describe('the page of the queue', () => {
  it('says that nothing waits, and how to change that', async () => {
    open('#/queue', () => undefined);
    expect(await screen.findByText('Nothing waits.')).toBeTruthy();
  });

  it('reorders what waits, and only that', async () => {
    open('#/queue', ({ queue }) => {
      queue.put('one', { settings, state: 'searching', run: 'earlier' });
      for (const name of ['two', 'three']) queue.put(name, { settings });
    });
    expect(await names()).toEqual(['one', 'two', 'three']);
    await fireEvent.click(screen.getByRole('button', { name: 'Move three up' }));
    await vi.waitFor(async () => expect(await names()).toEqual(['one', 'three', 'two']));
    expect(screen.getByRole('button', { name: 'Move three up' })).toHaveProperty('disabled', true);
    expect(screen.queryByRole('button', { name: 'Move one down' })).toBeNull();
    expect(screen.queryByRole('button', { name: /Take one out/ })).toBeNull();
  });

  it('pauses, goes on, and removes all failed', async () => {
    const error = { code: 'x', message: 'The space is gone.', hint: 'Import it again.' };
    const bridge = open('#/queue', ({ queue }) => {
      queue.put('broken', { settings, state: 'failed', error });
      queue.put('done', { settings, state: 'finished', run: 'earlier' });
      queue.put('next', { settings });
    });
    expect(await screen.findByText(/The space is gone/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
    expect(await screen.findByText('Paused: no search begins.')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Go on' }));
    await vi.waitFor(() => expect(bridge.queue.state).toBe('going'));
    await fireEvent.click(screen.getByRole('button', { name: 'Remove all failed' }));
    await vi.waitFor(async () => expect(await names()).toEqual(['done', 'next']));
    await fireEvent.click(screen.getByRole('button', { name: 'Remove ended' }));
    await vi.waitFor(async () => expect(await names()).toEqual(['next']));
  });

  it('lets one that failed wait again', async () => {
    const error = { code: 'x', message: 'It broke.', hint: '' };
    const bridge = open('#/queue', ({ queue }) =>
      queue.put('broken', { settings, state: 'failed', error }),
    );
    await fireEvent.click(await screen.findByRole('button', { name: 'Try broken again' }));
    await vi.waitFor(() => expect(bridge.queue.searches[0]!.state).toBe('waiting'));
  });
});

describe('a queue that an earlier session left', () => {
  it('is offered where the searches are, and goes on at a click', async () => {
    const bridge = open('#/searches', ({ queue }) => {
      queue.state = 'offered';
      for (const name of ['one', 'two']) queue.put(name, { settings });
    });
    expect(
      await screen.findByText('The queue has 2 searches left from the last time.'),
    ).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Go on' }));
    await vi.waitFor(() => expect(bridge.queue.state).toBe('going'));
    await vi.waitFor(() => expect(screen.queryByText(/left from the last time/)).toBeNull());
  });
});

describe('a queue that was not gone on with', () => {
  it('shows that nothing runs, and lets what was begun be taken out', async () => {
    const bridge = open('#/queue', ({ queue }) => {
      queue.state = 'paused';
      queue.put('one', { settings, state: 'searching', run: 'earlier' });
    });
    const row = await screen.findByRole('row', { name: 'one' });
    expect(within(row).getByText('Waiting')).toBeTruthy();
    await fireEvent.click(within(row).getByRole('button', { name: 'Take one out of the queue' }));
    await vi.waitFor(() => expect(bridge.queue.searches).toEqual([]));
  });
});

describe('the time that is left', () => {
  it('counts what waits and the rest of what is at work, by runs that did the same work', () => {
    const { summary } = fakeRun({ run: 'half', candidates: 100, state: 'searching' });
    const run = { ...summary, path: `${description.runsFolder}/half.zico` };
    const queued = { id: 'a', name: 'a', settings, sweep: null, error: null };
    const left = [
      { ...queued, state: 'searching' as const, run: 'half' },
      { ...queued, state: 'waiting' as const, run: null },
      { ...queued, state: 'waiting' as const, run: null, settings: { ...settings, batchSize: 8 } },
    ];
    const { seconds, unknown } = timeLeft(left, [run], [space], description.runsFolder);
    expect(seconds).toBeCloseTo((100 + 200) * 1.1);
    expect(unknown).toBe(1);
  });
});

describe('the page of a sweep', () => {
  const spread = (median: number) => ({ median, least: median / 2, most: median * 2 });
  const row = {
    ...{ group: 'paper', state: 'finished' as const, evaluated: 40, failed: 0, front: 8 },
    ...{ bestScore: 12.5, hypervolume: 1, regret: 1.25, elapsedSeconds: 60, error: null },
  };

  it('shows runs side by side with medians and spread, and regret where truth is known', async () => {
    open('#/sweep/s', ({ queue }) => {
      queue.sweep = {
        ...{ id: 's', title: 'Seeds', truth: 'cifar10_test_acc', truthError: null },
        searches: [
          { ...row, id: 'a', name: 'Seeds, seed 1', run: 'earlier', seed: 1 },
          { ...row, id: 'b', name: 'Seeds, seed 2', run: null, seed: 2, regret: null },
        ],
        groups: [
          {
            ...{ group: 'paper', runs: 2, front: spread(8), bestScore: spread(12) },
            ...{ hypervolume: spread(0.5), regret: spread(1) },
          },
        ],
      };
    });
    expect(await screen.findByText('Sweep Seeds')).toBeTruthy();
    expect(screen.getByText(/gives away of the accuracy on CIFAR-10/)).toBeTruthy();
    expect(screen.getByText('0.500 (0.250 to 1.000)')).toBeTruthy();
    expect(screen.getByText('1.00 (0.50 to 2.00)')).toBeTruthy();
    const runs = screen.getByRole('table', { name: 'Runs side by side' });
    const cells = within(runs)
      .getAllByRole('row')
      .slice(1)
      .map((one) => within(one).getAllByRole('cell').at(-2)!.textContent);
    expect(cells).toEqual(['1.25', '–']);
    await fireEvent.click(within(runs).getByRole('button', { name: 'Open Seeds, seed 1' }));
    expect(location.hash).toBe('#/run/earlier');
  });

  it('says where truth is not known', async () => {
    open('#/sweep/s', ({ queue }) => {
      const searches = [{ ...row, id: 'a', name: 'Seeds, seed 1', run: 'earlier', seed: 1 }];
      const some = { searches, groups: [] };
      queue.sweep = { id: 's', title: 'Seeds', truth: null, truthError: null, ...some };
    });
    expect(await screen.findByText(/so nothing is said about regret/)).toBeTruthy();
    expect(screen.getByText(/Medians over seeds need/)).toBeTruthy();
  });

  it('says nothing about truth before there is a front', async () => {
    open('#/sweep/s', ({ queue }) => {
      const begun = { ...row, state: 'searching' as const, evaluated: 0, front: 0, regret: null };
      const searches = [{ ...begun, id: 'a', name: 'Seeds, seed 1', run: 'earlier', seed: 1 }];
      const some = { searches, groups: [] };
      queue.sweep = { id: 's', title: 'Seeds', truth: null, truthError: null, ...some };
    });
    expect(await screen.findByText('Seeds, seed 1')).toBeTruthy();
    expect(screen.queryByText(/so nothing is said about regret/)).toBeNull();
  });

  it('says at its place why its fronts could not be judged', async () => {
    open('#/sweep/s', ({ queue }) => {
      const truthError = { code: 'x', message: 'The table is damaged.', hint: 'Install again.' };
      const nothing = { searches: [], groups: [] };
      queue.sweep = { id: 's', title: 'Seeds', truth: null, truthError, ...nothing };
    });
    expect(
      await screen.findByText(/Regret could not be worked out: The table is damaged/),
    ).toBeTruthy();
    expect(screen.queryByText(/so nothing is said about regret/)).toBeNull();
  });
});
