import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../../dom.ts';
import { FakeBridge, fakeRun } from '../../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(hash: string): FakeBridge {
  location.hash = hash;
  const bridge = new FakeBridge([
    fakeRun({ run: 'short', candidates: 40, createdAt: '2026-03-03T09:41:00.000Z' }),
    fakeRun({ run: 'long', candidates: 90 }),
    fakeRun({ run: 'counted', candidates: 20, settings: { latency: 'macs', space: 'ffnet' } }),
  ]);
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}

describe('comparing the fronts of two searches', () => {
  it('begins from the menu of one, with another of the same space', async () => {
    open('#/fronts/long');
    const sums = await screen.findByRole('table', { name: 'Hypervolume' });
    expect(within(sums).getByRole('rowheader', { name: 'A long' })).toBeTruthy();
    expect(within(sums).getByRole('rowheader', { name: 'B short' })).toBeTruthy();
    // The longer one has every candidate of the shorter one.
    await screen.findByText(/(A covers most, [\d.]+ % more than B|All cover the same area)/);
    const members = screen.getByRole('table', { name: 'Members of all fronts' });
    expect(within(members).getAllByRole('link').length).toBeGreaterThan(4);
  });

  it('takes as many as eight, each with its letter, and lets them go again', async () => {
    open('#/fronts/long/short');
    const more = await screen.findByRole('combobox', { name: 'Add a search to the comparison' });
    expect(screen.queryByRole('button', { name: /^Remove/ })).toBeNull();
    await fireEvent.change(more, { target: { value: 'counted' } });
    await waitFor(() => expect(location.hash).toBe('#/fronts/long/short/counted'));
    const sums = await screen.findByRole('table', { name: 'Hypervolume' });
    await within(sums).findByRole('rowheader', { name: 'C counted' });
    await fireEvent.click(screen.getByRole('button', { name: 'Remove short from the comparison' }));
    await waitFor(() => expect(location.hash).toBe('#/fronts/long/counted'));
  });

  it('compares as much of each as the shortest has, where they differ in length', async () => {
    open('#/fronts/long/short');
    const sums = await screen.findByRole('table', { name: 'Hypervolume' });
    const candidates = (): (string | undefined)[] =>
      within(sums)
        .getAllByRole('row')
        .slice(1, 3)
        .map((row) => within(row).getAllByRole('cell')[0]?.textContent?.trim());
    expect(candidates()).toEqual(['90', '40']);
    const length = screen.getByRole('combobox', { name: 'Compared after' });
    await fireEvent.change(length, { target: { value: 'equal' } });
    await waitFor(() => expect(candidates()).toEqual(['40', '40']));
    // Both are made by one formula: as far as the shorter got, they are the same run.
    await screen.findByText('All cover the same area.');
  });

  it('tells the runs apart two by two, by area and by networks', async () => {
    open('#/fronts/long/short');
    await screen.findByRole('table', { name: 'Hypervolume' });
    await fireEvent.click(screen.getByRole('button', { name: 'Differences' }));
    const areas = screen.getByRole('table', { name: 'Differences' });
    expect(
      within(areas).getByTitle(
        /^After 40 candidates each, the front of A covers 0.0 % (more|less) than that of B/,
      ),
    ).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'In common' }));
    const networks = screen.getByRole('table', { name: 'In common' });
    expect(within(networks).getByTitle(/^A and B both tried \d+ networks/).textContent).toMatch(
      /^\d+ \(\d+\)$/,
    );
  });

  it('walks the members of all fronts with the keyboard, and opens one', async () => {
    open('#/fronts/long/short');
    await screen.findByRole('table', { name: 'Hypervolume' });
    const chart = screen.getByRole('application', { name: 'Fronts: score against cost' });
    await fireEvent.keyDown(chart, { key: 'ArrowRight' });
    const card = await within(chart).findByRole('status');
    expect(card.textContent).toMatch(/[AB]\s*c-\d{4}/);
    await fireEvent.keyDown(chart, { key: 'Enter' });
    await waitFor(() => expect(location.hash).toMatch(/^#\/run\/(long|short)\/\d+$/));
  });

  it('ranks both anew by one beta', async () => {
    open('#/fronts/short/long');
    const sums = await screen.findByRole('table', { name: 'Hypervolume' });
    const before = sums.textContent;
    const slider = screen.getByRole('slider', { name: 'Correction β of all' });
    await fireEvent.input(slider, { target: { value: '0' } });
    await waitFor(() => expect(sums.textContent).not.toBe(before));
  });

  it('says what does not compare, and takes MACs where only one was measured', async () => {
    open('#/fronts/long/counted');
    await screen.findByText(/different spaces \(A: nats-sss; B: ffnet\)/);
    const members = await screen.findByRole('table', { name: 'Members of all fronts' });
    expect(within(members).getByRole('columnheader', { name: 'MACs' })).toBeTruthy();
  });
});

describe('the list of searches', () => {
  it('draws how each front grew, asked for once', async () => {
    const bridge = open('#/searches');
    const line = await screen.findByRole('img', { name: /^How the front of long grew/ });
    await waitFor(() => expect(line.querySelector('path')).not.toBeNull());
    const asked = bridge.calls.filter(({ method }) => method === 'runs.trend');
    expect(asked).toHaveLength(3);
  });
});

describe('a file dropped onto the window', () => {
  const drop = (...names: string[]) =>
    fireEvent.drop(window, { dataTransfer: { files: names.map((name) => new File([], name)) } });

  it('is opened where it is a run', async () => {
    const bridge = open('#/searches');
    await screen.findByRole('table', { name: 'Searches' });
    await drop('from a colleague.zico');
    expect(bridge.dropped.map(({ name }) => name)).toEqual(['from a colleague.zico']);
  });

  it('is refused with a hint where it is something else', async () => {
    const bridge = open('#/searches');
    await screen.findByRole('table', { name: 'Searches' });
    await drop('photo.jpg');
    await screen.findByText('photo.jpg is not a run file.');
    expect(bridge.dropped).toEqual([]);
  });
});
