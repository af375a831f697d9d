import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FarmView } from '../../../../preload/contract.ts';
import App from '../../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../../dom.ts';
import { FakeBridge } from '../../fake-bridge.ts';
import { fakeFarmPhone, fakeWorker, farmWith, noFarm } from '../../fake-farm.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(view: FarmView, others = 6, own = 2): Promise<FakeBridge> {
  const bridge = new FakeBridge();
  bridge.farm = view;
  bridge.places = { workers: 1, others, own, unfit: [] };
  location.hash = '#/new';
  render(App, { workbench: new WorkbenchShell(bridge) });
  await screen.findByLabelText('Scored by', { selector: 'select' });
  return bridge;
}
const choose = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label, { selector: 'select' }), { target: { value } });
const start = () => screen.getByRole<HTMLButtonElement>('button', { name: /Start search/ });
const argsOf = (bridge: FakeBridge, method: string) =>
  (
    bridge.calls.findLast((call) => call.method === method)?.args as readonly unknown[] | undefined
  )?.[0];
const started = (bridge: FakeBridge) => argsOf(bridge, 'search.start') as Record<string, unknown>;

describe('the computers of a search', () => {
  it('are this one alone unless another wish is said', async () => {
    const bridge = await open(noFarm);
    await fireEvent.click(start());
    await vi.waitFor(() => expect(started(bridge)).toBeDefined());
    expect(started(bridge)).not.toHaveProperty('farm');
  });

  it('have to be connected before a search begins', async () => {
    await open(noFarm);
    await choose('Scored by', 'both');
    expect(await screen.findByText(/The farm is not connected/)).toBeTruthy();
    expect(start().disabled).toBe(true);
    expect(screen.getByLabelText('Address')).toBeTruthy();
  });

  it('include this one or not, and mix engines only where that is chosen', async () => {
    const bridge = await open(farmWith([fakeWorker('lab-1')]));
    await choose('Scored by', 'farm');
    await choose('Their engines', 'any');
    await vi.waitFor(() => expect(start().disabled).toBe(false));
    await fireEvent.click(start());
    await vi.waitFor(() => expect(started(bridge)?.['farm']).toEqual({ only: true, any: true }));
    expect(argsOf(bridge, 'farm.places')).toMatchObject({
      ...{ engine: 'auto', precision: 'auto', only: true, any: true },
    });
  });

  it('with more places than are in flight: it says so, what it costs, and offers a number that fits', async () => {
    const bridge = await open(farmWith([fakeWorker('lab-1')]), 30, 2);
    await choose('Networks are chosen', 'guided');
    await choose('Scored by', 'both');
    expect(
      await screen.findByText(/32 candidates can be scored at once, 2 of them here/),
    ).toBeTruthy();
    const said = await screen.findAllByText(
      /16 candidates are in flight and the farm has 32 places: 16 stand idle/,
    );
    expect(said.length).toBeGreaterThan(0);
    expect(screen.getByText(/\.937 instead of \.976/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Use 32 in flight' }));
    await vi.waitFor(() => expect(screen.queryByText(/stand idle/)).toBeNull());
    await fireEvent.click(start());
    await vi.waitFor(() =>
      expect(started(bridge)?.['settings']).toMatchObject({ inFlight: 32, search: 'guided' }),
    );
  });

  it('that can score nothing are no place for a search to begin', async () => {
    await open(farmWith([fakeWorker('lab-1')]), 0, 0);
    await choose('Scored by', 'farm');
    expect(await screen.findByText(/No worker of the farm can score this/)).toBeTruthy();
    expect(start().disabled).toBe(true);
  });

  it('lend their phones: the model is chosen, and the run measures on the farm', async () => {
    const phones = [fakeFarmPhone('RF8M'), fakeFarmPhone('R58X')];
    const bridge = await open(farmWith([fakeWorker('lab-1', { phones })]));
    await choose('Scored by', 'both');
    await choose('Latency', 'phone');
    const phone = screen.getByLabelText<HTMLSelectElement>('Phone', { selector: 'select' });
    const option = await vi.waitFor(() => {
      const found = [...phone.options].find(
        ({ text }) => text === 'SM-G973F on the farm, 2 phones',
      );
      expect(found).toBeDefined();
      return found!;
    });
    await fireEvent.change(phone, { target: { value: option.value } });
    expect(
      await screen.findByText(/2 phones on 1 computer of the farm share the work/),
    ).toBeTruthy();
    await fireEvent.click(start());
    await vi.waitFor(() =>
      expect(started(bridge)?.['settings']).toMatchObject({
        phone: { serials: null, model: 'SM-G973F', onFarm: true },
      }),
    );
    await choose('Scored by', 'here').catch(() => undefined);
  });
});
