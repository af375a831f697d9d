import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BenchmarkView } from '../../../preload/contract.ts';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge, fakeBenchmark, fakeRun } from '../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(benchmarks: BenchmarkView[] = [], bridge = new FakeBridge()) {
  location.hash = '#/benchmarks';
  bridge.benchmarks = benchmarks;
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}
const cells = async (table: string, row: string | RegExp) =>
  within(within(await screen.findByRole('table', { name: table })).getByRole('row', { name: row }))
    .getAllByRole('cell')
    .map((cell) => cell.textContent?.trim());
/** The first line of each cell: the value. */
const correlation = async (row: string | RegExp, table = 'Kendall τ-b') =>
  (await cells(table, row)).map((cell) => cell?.split(/\s/)[0]);
const beta = () => screen.findByRole('slider', { name: 'Correction β' });

describe('the page of benchmarks', () => {
  it('invites to the first one and starts it with what the form says', async () => {
    const bridge = open();
    await screen.findByText(/No benchmark has been run yet/);
    await fireEvent.input(screen.getByRole('textbox', { name: /Networks/ }), {
      target: { value: '12' },
    });
    await fireEvent.click(screen.getByRole('switch', { name: 'Score twice more' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Run benchmark' }));
    await waitFor(() =>
      expect(bridge.calls.map(({ method }) => method)).toContain('benchmarks.start'),
    );
    expect(bridge.calls.find(({ method }) => method === 'benchmarks.start')?.args).toEqual([
      {
        settings: {
          ...{ space: 'nats-sss', count: 12, seed: 0, weights: 'pytorch-default' },
          ...{ repeatability: true, preset: 'robust', batches: 4, batchSize: 8, termCap: 100 },
          ...{ biasSize: 'deployment', biasLayers: 'live', draws: 1 },
        },
      },
    ]);
    await screen.findByRole('progressbar');
  });

  it('keeps what stands in the form while another page is looked at', async () => {
    open();
    await fireEvent.input(await screen.findByRole('textbox', { name: /Networks/ }), {
      target: { value: '12' },
    });
    location.hash = '#/settings';
    await screen.findByRole('heading', { level: 1, name: 'Settings' });
    location.hash = '#/benchmarks';
    const field = await screen.findByRole('textbox', { name: /Networks/ });
    expect((field as HTMLInputElement).value).toBe('12');
  });

  it('refuses a count that cannot be, at the field', async () => {
    open();
    const field = await screen.findByRole('textbox', { name: /Networks/ });
    await fireEvent.input(field, { target: { value: '1' } });
    expect((await screen.findByRole('alert')).textContent).toContain('from 2 to 32,768');
    expect(screen.getByRole('button', { name: 'Run benchmark' })).toHaveProperty('disabled', true);
  });

  it('is not offered beside a search, and says why', async () => {
    const bridge = new FakeBridge([fakeRun({ run: 'now', state: 'searching', candidates: 3 })]);
    open([], bridge);
    await screen.findByText(/A search is running/);
    expect(screen.getByRole('button', { name: 'Run benchmark' })).toHaveProperty('disabled', true);
  });

  it('starts one of cells, with several draws, as its preset has it', async () => {
    const bridge = open();
    await fireEvent.change(await screen.findByRole('combobox', { name: 'Space' }), {
      target: { value: 'nas-bench-201' },
    });
    await fireEvent.change(screen.getByRole('combobox', { name: 'Draws' }), {
      target: { value: '3' },
    });
    const count = screen.getByRole('textbox', { name: /Networks/ });
    await fireEvent.input(count, { target: { value: '20000' } });
    expect((await screen.findByRole('alert')).textContent).toContain('from 2 to 15,625');
    await fireEvent.input(count, { target: { value: '50' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Run benchmark' }));
    await waitFor(() =>
      expect(bridge.calls.find(({ method }) => method === 'benchmarks.start')?.args).toMatchObject([
        { settings: { space: 'nas-bench-201', draws: 3, count: 50, batches: 4, batchSize: 8 } },
      ]),
    );
    await screen.findByText('50 networks, NAS-Bench-201, seed 0, 3 draws');
  });

  it('shows every predictor with the paper beside it', async () => {
    open([fakeBenchmark('a', { networks: 12 })]);
    for (const row of ['ZiCo', 'ZiCo-BC, β 1.00', 'ZiCo, capped at 100', 'Parameters', 'MACs']) {
      expect(await correlation(new RegExp(`^${row} -?[0-9]`))).toEqual(
        Array.from({ length: 3 }, () => expect.stringMatching(/^-?\d\.\d{3}$/) as string),
      );
    }
    expect(await correlation(/^ZiCo-BC in the paper/)).toEqual(['0.780', '0.600', '0.790']);
    await fireEvent.click(screen.getByRole('button', { name: 'ρ' }));
    expect(await correlation(/^ZiCo-BC in the paper/, 'Spearman ρ')).toEqual([
      ...['0.940', '0.790', '0.940'],
    ]);
  });

  it('shows each measure with its interval, and says what a baseline costs', async () => {
    const bridge = open([fakeBenchmark('a', { networks: 12 })]);
    await screen.findByText(/: at equal MACs ZiCo-BC, β 1\.00 is/);
    for (const [chip, table] of [
      ['nDCG@10', 'nDCG of the first ten'],
      ['Equal MACs', 'Concordance at equal MACs'],
      ['Regret', 'Regret within ten budgets of MACs'],
    ] as const) {
      await fireEvent.click(screen.getByRole('button', { name: chip }));
      for (const cell of await cells(table, /^Parameters/)) {
        expect(cell).toMatch(/^-?\d\.\d+\s+-?\d\.\d+ to -?\d\.\d+$/);
      }
    }
    await fireEvent.click(screen.getByRole('button', { name: 'Model of 40' }));
    await screen.findByText('A model needs at least 40 scored networks.');
    expect(await cells('Regret of a model of 40 networks', /^Parameters/)).toEqual(['–', '–', '–']);
    expect(bridge.calls.filter(({ method }) => method === 'benchmarks.judge')).toHaveLength(1);
  });

  it('asks once, however often it hears how far that is, and not again after an error', async () => {
    const bridge = new FakeBridge();
    const call = bridge.call.bind(bridge);
    let asked = 0;
    let refuse: () => void = () => undefined;
    const refused = new Promise<void>((resolve) => (refuse = resolve));
    bridge.call = async (method, ...args) => {
      if (method !== 'benchmarks.judge') return call(method, ...args);
      asked++;
      await refused;
      return { ok: false, error: { code: 'judge-crashed', message: 'It ended.', hint: 'Again.' } };
    };
    open([fakeBenchmark('a', { networks: 12 })], bridge);
    await waitFor(() => expect(asked).toBe(1));
    for (let done = 1; done <= 4; done++) {
      bridge.emit('benchmarks.judging', { benchmark: 'a', done, all: 18 });
      await new Promise((resolve) => setTimeout(resolve, 450));
    }
    expect(asked).toBe(1);
    refuse();
    await screen.findByText('It ended.');
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(asked).toBe(1);
  });

  it('fits models when a person asks, shows how far that is, and can be cancelled', async () => {
    const bridge = open([fakeBenchmark('a', { networks: 60 })]);
    await screen.findByText(/: at equal MACs ZiCo-BC/);
    await fireEvent.click(screen.getByRole('button', { name: 'Model of 100' }));
    await fireEvent.click(await screen.findByRole('button', { name: 'Fit models' }));
    await waitFor(async () =>
      expect(await cells('Regret of a model of 100 networks', /^Parameters/)).toEqual(
        Array.from({ length: 3 }, () => expect.stringMatching(/\d to /) as string),
      ),
    );
    expect(screen.queryByRole('button', { name: 'Fit models' })).toBeNull();
    // Of another beta models are fitted anew; cancelled, nothing of the rest is lost.
    let answer: (value: null) => void = () => undefined;
    const slow = new Promise<null>((resolve) => (answer = resolve));
    const call = bridge.call.bind(bridge);
    await fireEvent.input(await beta(), { target: { value: '0.5' } });
    await waitFor(() =>
      expect(bridge.calls.filter(({ method }) => method === 'benchmarks.judge')).toHaveLength(3),
    );
    expect(bridge.calls.at(-1)?.args).toMatchObject([{ only: ['zicoBc', 'zicoBcCapped'] }]);
    bridge.call = (async (method, ...asked) => {
      if (method !== 'benchmarks.judge') return call(method, ...asked);
      return { ok: true, value: await slow };
    }) as typeof bridge.call;
    await fireEvent.click(await screen.findByRole('button', { name: 'Fit models' }));
    bridge.emit('benchmarks.judging', { benchmark: 'a', done: 7, all: 18 });
    await screen.findByText('7 of 18 scores');
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(bridge.calls).toContainEqual({ method: 'benchmarks.cancelJudging', args: [] });
    answer(null);
    await screen.findByRole('button', { name: 'Fit models' });
  });

  it('ranks anew at once when beta moves, without asking the main side', async () => {
    const bridge = open([fakeBenchmark('a')]);
    const before = await correlation(/^ZiCo-BC, β 1.00 -?[0-9]/);
    const plain = await correlation(/^ZiCo -?[0-9]/);
    const asked = bridge.calls.length;
    await fireEvent.input(await beta(), { target: { value: '0' } });
    const now = await correlation(/^ZiCo-BC, β 0.00 -?[0-9]/);
    expect(now).not.toEqual(before);
    expect(now).toEqual(plain);
    expect(bridge.calls.length).toBe(asked);
  });

  it('shows how far ranks repeat, and that capped terms repeat better', async () => {
    open([fakeBenchmark('a')]);
    const [plain, capped] = [
      await cells('Repeatability', /^ZiCo [0-9]/),
      await cells('Repeatability', /^ZiCo, capped/),
    ];
    expect(Number(capped[0])).toBeGreaterThan(Number(plain[0]));
  });

  it('tells in a table what the chart shows, and selects by the keyboard', async () => {
    open([fakeBenchmark('a')]);
    const table = await screen.findByRole('table', { name: 'Networks, best score first' });
    const rows = within(table).getAllByRole('row').slice(1);
    const [first, second] = rows.map((row) => row.getAttribute('aria-label'));
    const chart = screen.getByRole('application', { name: /Score against accuracy/ });
    await fireEvent.keyDown(chart, { key: 'ArrowLeft' });
    const current = () =>
      within(table)
        .getAllByRole('row')
        .find((row) => row.getAttribute('aria-current') === 'true')
        ?.getAttribute('aria-label');
    await waitFor(() => expect(current()).toBe(first));
    await fireEvent.keyDown(chart, { key: 'ArrowLeft' });
    await waitFor(() => expect(current()).toBe(second));
  });

  it('opens another result, and deletes one after asking', async () => {
    const bridge = open([
      fakeBenchmark('a', { networks: 9 }),
      fakeBenchmark('b', { networks: 7, settings: { count: 7, repeatability: false } }),
    ]);
    await screen.findByRole('table', { name: 'Kendall τ-b' }); // the newest is shown first
    await fireEvent.click(screen.getByRole('button', { name: 'Open 7 networks, seed 0' }));
    await screen.findByText('This benchmark scored its networks once.');
    await fireEvent.click(screen.getByRole('button', { name: 'Delete 7 networks, seed 0' }));
    expect(bridge.benchmarks).toHaveLength(2);
    await fireEvent.click(screen.getByRole('button', { name: /^Really delete/ }));
    await waitFor(() => expect(bridge.benchmarks).toHaveLength(1));
  });

  it('follows the one that runs, and stops it', async () => {
    const bridge = open([fakeBenchmark('a', { state: 'running', networks: 3 })]);
    expect((await screen.findByRole('progressbar')).getAttribute('aria-valuenow')).toBe('3');
    bridge.benchmarks = [fakeBenchmark('a', { state: 'running', networks: 5 })];
    bridge.emit('benchmarks.changed', {});
    await waitFor(() =>
      expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('5'),
    );
    await fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(bridge.calls).toContainEqual({ method: 'benchmarks.stop', args: [] });
  });
});
