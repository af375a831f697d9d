/** What the form of a new search says before it begins: how long it takes, and with what it may begin. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
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

function open(bridge: FakeBridge): FakeBridge {
  location.hash = '#/new';
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}
const asked = ({ calls }: FakeBridge, name: string) =>
  calls.filter(({ method }) => method === name).map(({ args }) => (args as unknown[])[0]);

describe('the expected time', () => {
  it('is estimated from a few networks where nothing like it was searched', async () => {
    const bridge = new FakeBridge();
    bridge.trialRate = { secondsPerCandidate: 0.5, networks: 4 };
    open(bridge);
    expect(await screen.findByText(/0\.50 s per candidate, an estimate: 4 networks/));
    expect(screen.getByText(/^about /)).toBeTruthy();
    const [first] = asked(bridge, 'search.rate');
    expect(first).toMatchObject({ settings: { space: 'nats-sss' } });
  });

  it('is not promised where nobody knows, and no network is scored for a faulty form', async () => {
    const bridge = open(new FakeBridge());
    await waitFor(() => expect(asked(bridge, 'search.rate')).toHaveLength(1));
    expect(await screen.findByText(/No time estimate yet/)).toBeTruthy();
    const seed = screen.getAllByRole('textbox').find(({ id }) => id === 'beta' || id === 'seed');
    await fireEvent.input(seed!, { target: { value: '-1' } });
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(asked(bridge, 'search.rate')).toHaveLength(1);
  });
});

describe('runs with whose candidates a search may begin', () => {
  it('are offered where the main side says so, and the search then begins with them', async () => {
    const bridge = new FakeBridge([fakeRun({ run: 'earlier', candidates: 30 })]);
    const { settings } = bridge.find('earlier').summary;
    bridge.find('earlier').summary.settings = {
      ...(await bridge.call('app.describe').then((described) => {
        if (!described.ok) throw new Error('it is described');
        return described.value.defaultSettings;
      })),
      latency: settings.latency,
    };
    bridge.beginnings.add('earlier');
    open(bridge);
    const choice = await screen.findByRole<HTMLSelectElement>('combobox', { name: /Begin with/ });
    expect([...choice.options].map(({ value }) => value)).toEqual(['', 'earlier']);
    await fireEvent.change(choice, { target: { value: 'earlier' } });
    expect(screen.getByText(/candidates at most are taken over/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: /Start search/ }));
    await waitFor(() => expect(asked(bridge, 'search.start')).toHaveLength(1));
    expect(asked(bridge, 'search.start')[0]).toMatchObject({ from: 'earlier' });
  });

  it('are not asked about where their settings already say that they differ', async () => {
    const bridge = new FakeBridge([fakeRun({ run: 'other', candidates: 30 })]);
    const { summary } = bridge.find('other');
    summary.settings = { ...summary.settings, batches: 7 };
    open(bridge);
    await waitFor(() => expect(asked(bridge, 'search.rate')).toHaveLength(1));
    expect(asked(bridge, 'search.beginnings')).toEqual([]);
    expect(screen.queryByRole('combobox', { name: /Begin with/ })).toBeNull();
  });
});
