import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunModel } from '../../../../preload/contract.ts';
import App from '../../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../../renderer/app/workbench.svelte.ts';
import { predictedAt } from '../../../../renderer/choosing/scatter/scatter.ts';
import { RunSession } from '../../../../renderer/open-run/session.svelte.ts';
import { effectPictures, rangeAfterPress } from '../../../../renderer/choosing/model/effects.ts';
import { prepareDom, wholeRun } from '../../dom.ts';
import { FakeBridge, fakeRun } from '../../fake-bridge.ts';

beforeEach(() => {
  prepareDom();
  localStorage.clear();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const model: RunModel = {
  candidates: 60,
  estimates: { ids: [1, 2, 3], scores: [12, 9, 20], deviations: [0.5, 0.4, 0.25] },
  front: [
    {
      genotype: '8:8:8:8:8',
      scored: false,
      id: null,
      cost: 2e6,
      score: 10,
      deviation: 0.5,
      frontShare: 1,
    },
    {
      genotype: '8:8:8:8:16',
      scored: true,
      id: 3,
      cost: 4e6,
      score: 20,
      deviation: 0.25,
      frontShare: 0.6,
    },
  ],
  knowledge: {
    foretold: 48,
    rankCorrelation: 0.914,
    course: [
      { known: 10, foretold: 6, rankCorrelation: 0.41 },
      { known: 16, foretold: 10, rankCorrelation: null },
      { known: 26, foretold: 32, rankCorrelation: 0.93 },
    ],
    genes: [
      {
        gene: 'c1',
        choices: [
          { choice: '8', value: 8, score: -0.5, logCost: -0.1 },
          { choice: '64', value: 64, score: 0.5, logCost: 0.1 },
        ],
      },
      {
        gene: 'c0',
        choices: [
          { choice: '8', value: 8, score: -2, logCost: -0.5 },
          { choice: '64', value: 64, score: 2, logCost: 0.5 },
        ],
      },
    ],
  },
};

async function open(shown: RunModel | null): Promise<FakeBridge> {
  location.hash = '#/run/demo';
  const bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 60 })]);
  bridge.model = shown;
  render(App, { workbench: new WorkbenchShell(bridge) });
  await wholeRun();
  await fireEvent.click(screen.getByRole('button', { name: 'Model' }));
  return bridge;
}

describe('what the model expects', () => {
  it('is its front, scored or not, and how well it foretold what came out', async () => {
    const bridge = await open(model);
    const table = await screen.findByRole('table', { name: 'What the model expects' });
    const [first, second] = within(table).getAllByRole('row').slice(1);
    expect(first!.textContent).toContain('8:8:8:8:8');
    expect(first!.textContent).toContain('not yet');
    expect(first!.textContent).toMatch(/10\.0 ± 0\.5/);
    await fireEvent.click(within(second!).getByRole('button', { name: 'c-0003' }));
    await waitFor(() => expect(second!.getAttribute('aria-current')).toBe('true'));
    expect(screen.getByText(/48 scores before they were computed: Kendall τ 0\.91/)).toBeTruthy();
    expect(screen.getByRole('button', { name: /c0: 8 score −2\.0, cost −39 %/ })).toBeTruthy();
    expect(bridge.calls.filter(({ method }) => method === 'runs.model')).toHaveLength(1);
  });

  it('says where nothing was scored', async () => {
    await open(null);
    expect(await screen.findByText(/Nothing has been scored yet/)).toBeTruthy();
  });
});

describe('a network that was not scored', () => {
  it('is scored on the spot, and exported', async () => {
    const bridge = await open(model);
    await fireEvent.click(await screen.findByRole('button', { name: 'Score 8:8:8:8:8' }));
    await waitFor(() => expect(screen.getByText('besides')).toBeTruthy());
    expect(screen.queryByRole('button', { name: 'Score 8:8:8:8:8' })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'Export 8:8:8:8:8' }));
    await waitFor(() => expect(screen.getByText(/Exported to .*Exports\/network/)).toBeTruthy());
    const asked = bridge.calls.find(({ method }) => method === 'candidate.exportNetwork');
    expect(asked?.args).toMatchObject([{ run: 'demo', genotype: '8:8:8:8:8' }]);
  });
});

describe('a network that was not scored, beside candidates', () => {
  it('is measured on the spot, and its latency is said with its conditions', async () => {
    const bridge = await open(model);
    await fireEvent.click(await screen.findByRole('button', { name: 'Measure 8:8:8:8:8' }));
    const said = await screen.findByText(/8:8:8:8:8: 3\.\d+ ms \(3\.\d+ to 3\.\d+\)\./);
    expect(said.textContent).toContain('Median of 20 runs');
    expect(await screen.findByText(/^3\.\d+ ms$/)).toBeTruthy();
    const asked = bridge.calls.find(({ method }) => method === 'candidate.measureNetwork');
    expect(asked?.args).toEqual([{ run: 'demo', genotype: '8:8:8:8:8' }]);
  });

  it('is scored and compared with a candidate', async () => {
    const bridge = await open(model);
    await fireEvent.click(await screen.findByRole('button', { name: 'Compare 8:8:8:8:8' }));
    expect(await screen.findByRole('button', { name: /Unpin 8:8:8:8:8/ })).toBeTruthy();
    expect(bridge.calls.some(({ method }) => method === 'candidate.scoreNetwork')).toBe(true);
    await fireEvent.click(screen.getByRole('button', { name: 'c-0003' }));
    await fireEvent.click(await screen.findByRole('button', { name: /Pin c-0003/ }));
    await fireEvent.click(await screen.findByRole('button', { name: 'Compare 2' }));
    const table = await screen.findByRole('table', { name: 'Compare' });
    await waitFor(() => expect(within(table).getByText('Network A')).toBeTruthy());
    expect(within(table).getByText('c-0003')).toBeTruthy();
    // ZiCo 12.5 - beta 1 * bias 1.
    expect(within(table).getByText('11.5')).toBeTruthy();
    // It has no number, so nobody can star it.
    expect(screen.queryByRole('button', { name: /Star Network A/ })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: /Remove Network A/ }));
    expect(JSON.parse(localStorage.getItem('zico.pins.demo')!)).toEqual([3]);
  });

  it('is scored once when it is chosen in the chart, where no candidate is nearer', async () => {
    const marks = [
      { x: 10, y: 10, genotype: 'scored', scored: true, chosen: false },
      { x: 12, y: 10, genotype: 'predicted', scored: false, chosen: false },
    ];
    expect(predictedAt({ x: 10, y: 10 }, 8, marks, null)).toBe('predicted');
    expect(predictedAt({ x: 10, y: 10 }, 8, marks, { x: 11, y: 10 })).toBeNull();
    expect(predictedAt({ x: 30, y: 10 }, 8, marks, null)).toBeNull();

    const bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 60 })]);
    bridge.model = model;
    const session = new RunSession(bridge, 'demo', (error) => {
      throw error;
    });
    await session.open();
    await session.model.follow();
    const scorings = () =>
      bridge.calls.filter(({ method }) => method === 'candidate.scoreNetwork').length;
    await session.model.choose('8:8:8:8:8');
    expect(session.model.chosen).toBe('8:8:8:8:8');
    expect(scorings()).toBe(1);
    await session.model.choose('8:8:8:8:8');
    expect(scorings()).toBe(1);
    session.close();
  });
});

describe('a ranking by estimates', () => {
  it('has front, table and figures go by them, with the scores beside', async () => {
    await open(model);
    await fireEvent.click(screen.getByRole('button', { name: 'Table' }));
    const table = (): HTMLElement => screen.getByRole('table', { name: 'Candidates' });
    expect(within(table()).queryByText('On front')).toBeNull();
    const way = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Ranked by' });
    expect(way.value).toBe('scores');
    await fireEvent.change(way, { target: { value: 'estimates' } });
    await waitFor(() => expect(within(table()).getByText('On front')).toBeTruthy());
    const rows = within(table())
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.textContent);
    // Only what is estimated can be on the front, and the dominated one of the three is not.
    expect(rows.length).toBeLessThanOrEqual(2);
    const third = rows.find((text) => text.includes('c-0003'));
    expect(third).toMatch(/20\.0.*0\.3.*60 %/);
    expect(within(table()).getByTitle(/^Estimate of .*β 1\.00/)).toBeTruthy();
    // The dashed line that comes along is explained in the chart.
    expect(screen.getByText('expected by the model, not scored')).toBeTruthy();
  });

  it('is that of the scores as long as there is no estimate for the beta', async () => {
    await open({ ...model, estimates: { ids: [], scores: [], deviations: [] } });
    const way = screen.getByRole('combobox', { name: 'Ranked by' });
    await fireEvent.change(way, { target: { value: 'estimates' } });
    await fireEvent.change(way, { target: { value: 'scores' } });
    expect(screen.queryByTitle(/^Estimate of /)).toBeNull();
  });
});

describe('which genes matter', () => {
  it('is drawn on one scale, what moves the score most first', () => {
    const [first, second] = effectPictures(model.knowledge!.genes);
    expect([first!.gene, second!.gene]).toEqual(['c0', 'c1']);
    expect(first!.spread).toBe(4);
    expect(first!.columns.map(({ scoreShare }) => scoreShare)).toEqual([-1, 1]);
    expect(second!.spreadShare).toBe(0.25);
    expect(second!.columns.map(({ costShare }) => costShare)).toEqual([-0.2, 0.2]);
    expect(effectPictures([])).toEqual([]);
  });

  it('keeps a choice, up to another one, and none again', () => {
    expect(rangeAfterPress(null, 8)).toEqual({ from: 8, to: 8 });
    expect(rangeAfterPress({ from: 8, to: 8 }, 8)).toBeNull();
    expect(rangeAfterPress({ from: 8, to: 8 }, 32)).toEqual({ from: 8, to: 32 });
    expect(rangeAfterPress({ from: 16, to: 32 }, 8)).toEqual({ from: 8, to: 32 });
    expect(rangeAfterPress({ from: 8, to: 32 }, 16)).toEqual({ from: 16, to: 16 });
  });

  it('filters the chart by a press, as every other part of the filter', async () => {
    await open(model);
    const picture = await screen.findByRole('group', { name: /^Which genes matter/ });
    const choice = within(picture).getByRole('button', { name: /^c0: 64 score/ });
    await fireEvent.click(choice);
    expect(choice.getAttribute('aria-pressed')).toBe('true');
    const filter = screen.getByRole('group', { name: 'Filter' });
    const chip = await within(filter).findByRole('button', { name: /^c0 64/ });
    await fireEvent.click(chip);
    await waitFor(() => expect(choice.getAttribute('aria-pressed')).toBe('false'));
  });
});

describe('how the search went over time', () => {
  it('tells hypervolume, best score and how well the model foretold, and moves the timeline', async () => {
    await open(model);
    await fireEvent.click(screen.getByRole('button', { name: 'Over time' }));
    const view = await screen.findByRole('group', { name: 'How the search went' });
    expect(within(view).getByText('100.0 %')).toBeTruthy();
    // Of the last model that has a correlation.
    expect(await within(view).findByText('0.93')).toBeTruthy();
    await fireEvent.keyDown(screen.getByRole('slider', { name: 'Generation' }), { key: 'Home' });
    await waitFor(() => expect(within(view).queryByText('100.0 %')).toBeNull());
    expect(within(view).getByText('0.41')).toBeTruthy();
  });
});
