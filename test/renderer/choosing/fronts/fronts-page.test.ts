import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../../dom.ts';
import { FakeBridge, fakeRun } from '../../fake-bridge.ts';

vi.setConfig({ testTimeout: 30_000 }); // whole pages, on a machine that may be busy

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
    expect(within(sums).getByRole('rowheader', { name: 'long' })).toBeTruthy();
    expect(within(sums).getByRole('rowheader', { name: 'short' })).toBeTruthy();
    // The longer one has every candidate of the shorter one.
    await screen.findByText(/(long covers [\d.]+ % more|Both cover the same area)/);
    const members = screen.getByRole('table', { name: 'Members of both fronts' });
    expect(within(members).getAllByRole('link').length).toBeGreaterThan(4);
  });

  it('ranks both anew by one beta', async () => {
    open('#/fronts/short/long');
    const sums = await screen.findByRole('table', { name: 'Hypervolume' });
    const before = sums.textContent;
    const slider = screen.getByRole('slider', { name: 'Correction β of both' });
    await fireEvent.input(slider, { target: { value: '0' } });
    await waitFor(() => expect(sums.textContent).not.toBe(before));
  });

  it('says what does not compare, and takes MACs where only one was measured', async () => {
    open('#/fronts/long/counted');
    await screen.findByText(/The first searches nats-sss, the second ffnet/);
    const members = await screen.findByRole('table', { name: 'Members of both fronts' });
    expect(within(members).getByRole('columnheader', { name: 'MACs' })).toBeTruthy();
  });

  it('lets one choose others', async () => {
    open('#/fronts/long/short');
    const second = await screen.findByRole('combobox', { name: 'Second search' });
    await fireEvent.change(second, { target: { value: 'counted' } });
    await waitFor(() => expect(location.hash).toBe('#/fronts/long/counted'));
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
