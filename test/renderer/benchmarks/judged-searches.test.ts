import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { judgedRows, candidateCounts } from '../../../renderer/benchmarks/searches/judged-rows.ts';
import { judgedSearches } from '../../support/judged-searches.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge, fakeRun } from '../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(bridge = new FakeBridge()): Promise<FakeBridge> {
  location.hash = '#/benchmarks';
  render(App, { workbench: new WorkbenchShell(bridge) });
  await fireEvent.click(await screen.findByRole('button', { name: 'Searches' }));
  return bridge;
}

describe('the searches on the page of benchmarks', () => {
  it('are started with what the form says', async () => {
    const bridge = await open();
    await screen.findByText(/how many points are lost/);
    await fireEvent.click(screen.getByRole('checkbox', { name: 'NSGA-II' }));
    const type = (name: string, value: string) =>
      fireEvent.input(screen.getByRole('textbox', { name: new RegExp(`^${name}`) }), {
        target: { value },
      });
    await type('Candidates', '40');
    await type('Seeds', '3');
    expect(screen.getByText(/At most 240 scorings/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Run searches' }));
    await waitFor(() => {
      const started = bridge.calls.find(({ method }) => method === 'searchBenchmarks.start');
      expect(started?.args).toEqual([
        {
          settings: {
            ...{ space: 'nats-sss', methods: ['guided', 'random'], count: 40, seeds: 3, seed: 0 },
            ...{ preset: 'robust', beta: 2, termCap: 100 },
            ...{ weights: 'pytorch-default', batches: 4, batchSize: 8 },
          },
        },
      ]);
    });
  });

  it('keep what stands in the form while another page is looked at', async () => {
    await open();
    const seeds = () => screen.findByRole('textbox', { name: /^Seeds/ });
    await fireEvent.input(await seeds(), { target: { value: '3' } });
    await fireEvent.click(screen.getByRole('checkbox', { name: 'NSGA-II' }));
    location.hash = '#/settings';
    await screen.findByRole('heading', { level: 1, name: 'Settings' });
    location.hash = '#/benchmarks';
    expect(((await seeds()) as HTMLInputElement).value).toBe('3');
    expect(screen.getByRole('checkbox', { name: 'NSGA-II' })).toHaveProperty('checked', false);
  });

  it('need a method and figures that can be, and no search beside them', async () => {
    await open();
    const run = () => screen.getByRole('button', { name: 'Run searches' });
    for (const name of ['Guided', 'NSGA-II', 'At random']) {
      await fireEvent.click(screen.getByRole('checkbox', { name }));
    }
    expect(screen.getByRole('alert').textContent).toContain('at least one');
    expect(run()).toHaveProperty('disabled', true);
    await fireEvent.click(screen.getByRole('checkbox', { name: 'Guided' }));
    expect(run()).toHaveProperty('disabled', false);
    await fireEvent.input(screen.getByRole('textbox', { name: /^Seeds/ }), {
      target: { value: '21' },
    });
    expect(screen.getByRole('alert').textContent).toContain('from 1 to 20');
    cleanup();
    await open(new FakeBridge([fakeRun({ run: 'now', state: 'searching', candidates: 3 })]));
    await screen.findByText(/A search is running/);
    expect(run()).toHaveProperty('disabled', true);
  });

  it('show what runs, and can be stopped', async () => {
    const bridge = new FakeBridge();
    const { settings } = judgedSearches('a').summary;
    bridge.judging = {
      running: {
        ...{ settings: settings!, search: { method: 'random', number: 2 }, stopping: false },
        ...{ done: 90, all: 240, kept: 12, secondsLeft: 75 },
      },
      error: null,
    };
    await open(bridge);
    const bar = await screen.findByRole('progressbar');
    expect(bar.getAttribute('aria-valuenow')).toBe('90');
    expect(screen.getByText('At random, 2 of 3')).toBeTruthy();
    expect(screen.getByRole('button', { name: /1 task|Searches are running/ })).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(bridge.calls.some(({ method }) => method === 'searchBenchmarks.stop')).toBe(true);
  });

  it('are a table of regrets, by candidates and measure, beside fronts without scores', async () => {
    const bridge = new FakeBridge();
    bridge.judgedSearches = [judgedSearches('a'), judgedSearches('b')];
    await open(bridge);
    const table = await screen.findByRole('table', { name: /Accuracy lost/ });
    const cells = (row: string) =>
      within(table)
        .getAllByRole('row', { name: new RegExp(`^${row} `) })
        .map((one) =>
          within(one)
            .getAllByRole('cell')
            .map(({ textContent }) => textContent),
        );
    expect(cells('estimates, the whole space')[0]![1]).toMatch(/0\.10.*\(0\.05 to 0\.15\)/);
    expect(cells('By the accuracy itself')[0]![1]).toContain('0.00');
    await fireEvent.click(screen.getByRole('button', { name: '20' }));
    expect(cells('estimates, the whole space')[0]![1]).toContain('0.20');
    await fireEvent.click(screen.getByRole('button', { name: 'Hypervolume' }));
    expect(await screen.findByRole('table', { name: /Share of the true front/ })).toBeTruthy();
    const name = 'NATS-Bench, sizes, 40 candidates, 3 seeds';
    await fireEvent.click(screen.getAllByRole('button', { name: `Delete ${name}` })[0]!);
    await fireEvent.click(screen.getByRole('button', { name: `Really delete ${name}` }));
    await waitFor(() => expect(bridge.judgedSearches).toHaveLength(1));
  });

  it('say why they failed', async () => {
    const bridge = new FakeBridge();
    const error = { code: 'disk-full', message: 'The disk is full.', hint: 'Make room.' };
    bridge.judging = { running: null, error };
    await open(bridge);
    expect((await screen.findByRole('alert')).textContent).toContain('Make room.');
  });
});

it('leaves out the sums of widths where no choice is one', () => {
  const { result } = judgedSearches('a');
  expect(candidateCounts(result)).toEqual([20, 40]);
  const { widths } = result.baselines;
  const one = { median: 1, least: 1, most: 1 };
  const flat = {
    ...result,
    baselines: { ...result.baselines, widths: { ...widths, networks: one } },
  };
  const names = (of: typeof result) => judgedRows(of, 'regret', 40).at(-1)!.rows.length;
  expect([names(result), names(flat)]).toEqual([4, 3]);
});
