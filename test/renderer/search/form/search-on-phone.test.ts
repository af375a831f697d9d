import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultPhoneSettings } from '../../../../main/common/phone-settings.ts';
import type { PhonesView } from '../../../../preload/contract.ts';
import App from '../../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../../dom.ts';
import { FakeBridge } from '../../fake-bridge.ts';
import { fakePhone, phonesWith } from '../../fake-phones.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(view: PhonesView): Promise<FakeBridge> {
  const bridge = new FakeBridge();
  bridge.phones = view;
  location.hash = '#/new';
  render(App, { workbench: new WorkbenchShell(bridge) });
  await fireEvent.change(await screen.findByRole('combobox', { name: 'Latency' }), {
    target: { value: 'phone' },
  });
  return bridge;
}
const start = () => screen.getByRole('button', { name: /^Start search/ });

describe('a search that measures on a phone', () => {
  it('cannot begin while none is plugged in, and can once there is one', async () => {
    const bridge = await open(phonesWith([]));
    await screen.findByText('No phone is plugged in.');
    expect(start()).toHaveProperty('disabled', true);
    bridge.phones = phonesWith([fakePhone('RF8M')]);
    bridge.emit('phones.changed', {});
    await screen.findByText(/ONNX Runtime 1\.30\.0, float32 passed the check on it/);
    expect(screen.getByText(/10 warm-up and 50 timed runs, at most 12 times/)).toBeTruthy();
    expect(start()).toHaveProperty('disabled', false);
    await fireEvent.click(start());
    // Settled when it begins: what is plugged in later changes nothing.
    await vi.waitFor(() =>
      expect(bridge.calls.find(({ method }) => method === 'search.start')?.args).toMatchObject([
        { settings: { latency: 'phone', phone: { ...defaultPhoneSettings, serials: ['RF8M'] } } },
      ]),
    );
  });

  it('asks which of several, and says what one has to wait for', async () => {
    const gate = { code: 'phone-hot', message: 'The battery is 41.0 °C.', hint: 'Wait.' };
    const bridge = await open(
      phonesWith([fakePhone('A1'), fakePhone('B2', { gate, proof: null })]),
    );
    await screen.findByText('2 phones are plugged in: choose one.');
    const choice = screen.getByRole('combobox', { name: 'Phone' });
    await fireEvent.change(choice, { target: { value: 'B2' } });
    await screen.findByText(/The battery is 41\.0 °C\. The search starts now and measures/);
    expect(screen.getByText(/No runner has passed the check on it yet/)).toBeTruthy();
    await fireEvent.change(choice, { target: { value: 'A1\nB2' } });
    await fireEvent.click(start());
    await vi.waitFor(() =>
      expect(bridge.calls.find(({ method }) => method === 'search.start')?.args).toMatchObject([
        { settings: { phone: { serials: ['A1', 'B2'] } } },
      ]),
    );
  });

  it('remembers the phone that was chosen: it is the usual one from then on', async () => {
    const bridge = await open(phonesWith([fakePhone('A1'), fakePhone('B2')]));
    await fireEvent.change(await screen.findByRole('combobox', { name: 'Phone' }), {
      target: { value: 'B2' },
    });
    await fireEvent.click(start());
    await vi.waitFor(() => expect(bridge.phones.preferred).toBe('B2'));
    location.hash = '#/new';
    await fireEvent.change(await screen.findByRole('combobox', { name: 'Latency' }), {
      target: { value: 'phone' },
    });
    await screen.findByRole('option', { name: 'The usual one: Galaxy S10' });
    expect(screen.queryByText(/choose one/)).toBeNull();
  });

  it('lets the person say how it measures and how long it waits, and refuses what cannot be', async () => {
    const bridge = await open(phonesWith([fakePhone('RF8M')]));
    await screen.findByText(/10 warm-up and 50 timed runs, at most 12 times/);
    const type = (name: string, value: string) =>
      fireEvent.input(screen.getByRole('textbox', { name }), { target: { value } });
    await type('Warm-up runs', '0');
    await type('Timed runs', '2');
    await type('Wait for a phone to cool, min', '3');
    expect(screen.getByText(/0 warm-up and 2 timed runs, at most 12 times/)).toBeTruthy();
    await type('Repeats, at most', '0');
    expect(screen.getByText('A whole number from 1 to 100.')).toBeTruthy();
    expect(start()).toHaveProperty('disabled', true);
    await type('Repeats, at most', '1');
    await fireEvent.change(screen.getByRole('combobox', { name: 'Cores' }), {
      target: { value: 'little' },
    });
    await fireEvent.change(screen.getByRole('combobox', { name: 'Runner' }), {
      target: { value: 'ort-glibc-cpu' },
    });
    await fireEvent.click(start());
    const phone = {
      ...defaultPhoneSettings,
      ...{ serials: ['RF8M'], warmUp: 0, runs: 2, repeats: 1, core: 'little' },
      ...{ runner: 'ort-glibc-cpu', waitSeconds: 180 },
    };
    await vi.waitFor(() =>
      expect(bridge.calls.find(({ method }) => method === 'search.start')?.args).toMatchObject([
        { settings: { latency: 'phone', phone } },
      ]),
    );
  });
});
