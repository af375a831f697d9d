import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PhoneActivity } from '../../../../preload/contract.ts';
import App from '../../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../../dom.ts';
import { FakeBridge, fakeRun } from '../../fake-bridge.ts';
import { phoneAtWork } from '../../fake-phones.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(working: readonly PhoneActivity[], candidates = 60) {
  location.hash = '#/run/demo';
  const bridge = new FakeBridge([fakeRun({ run: 'demo', state: 'searching', candidates })]);
  bridge.working = working;
  render(App, { workbench: new WorkbenchShell(bridge) });
  await screen.findByRole('heading', { name: 'demo' });
  const tell = (phones: readonly PhoneActivity[], run = 'demo') => {
    bridge.working = phones;
    bridge.emit('search.phonesChanged', { run });
  };
  return { bridge, tell };
}
const strip = () => screen.findByRole('region', { name: 'Phones of this search' });

describe('the phones of a search', () => {
  it('show what they do, how they are and what they measured last', async () => {
    await open([phoneAtWork('RF8M'), phoneAtWork('R38M', { failed: 1, lastMs: null })]);
    const phones = within(await strip());
    const one = within(phones.getByRole('group', { name: 'Galaxy S10 RF8M' }));
    expect(one.getByText('Measuring')).toBeTruthy();
    expect(one.getByText('31.6 °C')).toBeTruthy();
    expect(one.getByText('2.73')).toBeTruthy();
    expect(one.getByText('84 %').parentElement?.textContent).toMatch(/84 %\s*USB/);
    expect(one.getByText('Last').parentElement?.textContent).toMatch(/82\.780 ms/);
    expect(one.getByRole('img', { name: 'Latencies of the last 3 candidates' })).toBeTruthy();
    const other = phones.getByRole('group', { name: 'Galaxy S10 R38M' });
    expect(other.textContent).toMatch(/Measured\s*12\s*1 failed/);
    expect(other.textContent).toMatch(/Last\s*–/);
  });

  it('hold the search up: what it does now says so, and its time goes on', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    // An odd number of candidates: one is being measured.
    const { tell } = await open([phoneAtWork('RF8M')], 61);
    await strip();
    const now = within(screen.getByRole('region', { name: 'Progress' }));
    const taken = () => now.getByText('Time taken').parentElement!.textContent;
    expect(now.getByText('Measuring')).toBeTruthy();
    const before = taken();
    tell([phoneAtWork('RF8M', { state: 'waiting', message: 'The battery is 41.0 °C.' })]);
    await now.findByText('Waiting for the phone');
    // As a text, since a tooltip is nothing for a keyboard; and once, with its phone, for which the strip has room.
    expect(within(await strip()).getByText('The battery is 41.0 °C.')).toBeTruthy();
    expect(now.queryByText('The battery is 41.0 °C.')).toBeNull();
    expect(now.getByText(/^Waiting for the phone: The battery is 41.0 °C\. \d/)).toBeTruthy();
    await vi.advanceTimersByTimeAsync(3000);
    expect(taken()).not.toBe(before);
    tell([phoneAtWork('RF8M')]);
    expect(await now.findByText('Measuring')).toBeTruthy();
    // That it measures again is no news: what was said last stays.
    expect(now.getByText(/^Waiting for the phone: The battery is 41.0 °C\. \d/)).toBeTruthy();
    vi.useRealTimers();
  });

  it('are not said to repeat on this computer, and only its own networks are', async () => {
    for (const latency of ['phone', 'host'] as const) {
      location.hash = '#/run/demo';
      const settings = { latency };
      const run = fakeRun({ run: 'demo', state: 'searching', candidates: 61, settings });
      render(App, { workbench: new WorkbenchShell(new FakeBridge([run])) });
      const now = within(await screen.findByRole('region', { name: 'Progress' }));
      await now.findByText('Measuring');
      expect(now.queryAllByText(/until it is steady/)).toHaveLength(latency === 'host' ? 1 : 0);
      cleanup();
    }
  });

  it('say why they wait, for how long and for how long at most, and go on', async () => {
    const { tell, bridge } = await open([phoneAtWork('RF8M')]);
    await strip();
    const message = 'The battery is 41.0 °C, above 35 °C.';
    tell([phoneAtWork('RF8M', { state: 'waiting', message, waitedMs: 62_000, limitMs: 600_000 })]);
    await screen.findByText(message);
    expect(screen.getByText('1 min 2 s of 10 min at most')).toBeTruthy();
    expect(screen.getByText('Waiting')).toBeTruthy();
    // Another run's phones are none of this page's business.
    const asked = bridge.calls.filter(({ method }) => method === 'search.phones').length;
    tell([phoneAtWork('RF8M')], 'another');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bridge.calls.filter(({ method }) => method === 'search.phones').length).toBe(asked);
    expect(screen.queryByText(message)).toBeTruthy();

    const hint = 'Plug it in: the search then continues by itself.';
    const gone = 'The phone RF8M is not plugged in.';
    tell([phoneAtWork('RF8M', { state: 'away', message: gone, hint, conditions: null })]);
    await screen.findByText(gone);
    expect(screen.getByText('Away')).toBeTruthy();
    expect(screen.getByText(gone).parentElement?.parentElement?.title).toBe(`${gone} ${hint}`);
    expect(screen.getAllByText('unknown')).toHaveLength(3);

    tell([phoneAtWork('RF8M')]);
    await screen.findByText('Measuring');
  });

  it('take no room where none measures, and leave with the search', async () => {
    const { tell } = await open([]);
    await screen.findByRole('region', { name: 'Progress' });
    expect(screen.queryByRole('region', { name: 'Phones of this search' })).toBeNull();
    tell([phoneAtWork('RF8M')]);
    await strip();
    tell([]);
    await waitFor(() =>
      expect(screen.queryByRole('region', { name: 'Phones of this search' })).toBeNull(),
    );
  });
});
