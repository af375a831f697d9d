import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PhonesView } from '../../../preload/contract.ts';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge } from '../fake-bridge.ts';
import { fakePhone, phonesWith, unauthorized, waitingPhone } from '../fake-phones.ts';
import type { Known } from '../../../main/common/known.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(view: PhonesView, page = 'phones'): FakeBridge {
  const bridge = new FakeBridge();
  bridge.phones = view;
  location.hash = `#/${page}`;
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}
const change = (bridge: FakeBridge, view: PhonesView): void => {
  bridge.phones = view;
  bridge.emit('phones.changed', {});
};
const failure = (code: string) => ({ code, message: `It is ${code}.`, hint: 'Do something.' });

describe('the page of phones', () => {
  it('explains how to connect one while none is there, and shows one as soon as it comes', async () => {
    const bridge = open(phonesWith([]));
    await screen.findByRole('heading', { name: 'Connect a phone' });
    expect(screen.getByText('No phone plugged in')).toBeTruthy();
    change(bridge, phonesWith([fakePhone('RF8M')]));
    const phone = await screen.findByRole('region', { name: 'Galaxy S10' });
    expect(phone.textContent).toContain('SM-G973F, RF8M, Exynos 9820, Android 12');
    expect(phone.textContent).toMatch(/31\.6 °C\s*gate 35/);
    expect(phone.textContent).toMatch(/84 %\s*charging, USB/);
    expect(phone.textContent).toMatch(/Big\s*used\s*2 cores\s*2\.73 GHz/);
    expect(phone.textContent).toMatch(/ONNX Runtime 1\.30\.0\s*on CPU, float32/);
    expect(phone.textContent).toMatch(/ort-android-cpu: The runner ended without a word\./);
    expect(screen.getByText('unverified on hardware').title).toMatch(/not on a real phone yet/);
    expect(screen.queryByRole('heading', { name: 'Connect a phone' })).toBeNull();
  });

  it('tells what to tap on a phone that does not trust this computer', async () => {
    open(phonesWith([waitingPhone('R38M', 'unauthorized', unauthorized)]));
    await screen.findByText('Waiting for your permission');
    expect(screen.getByText('Allow USB debugging on the phone')).toBeTruthy();
    expect(screen.getByText(/tick “Always allow”, then tap “Allow”/)).toBeTruthy();
    expect(screen.getByText('1 waiting for you')).toBeTruthy();
  });

  it('shows the udev rule and takes it along', async () => {
    const written = vi.fn(async () => undefined);
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: written } });
    open(phonesWith([waitingPhone('????', 'no-permission', failure('phone-no-permission'))]));
    const copy = await screen.findByRole('button', { name: 'Copy the udev rule' });
    await fireEvent.click(copy);
    expect(written).toHaveBeenCalledWith('SUBSYSTEM=="usb", ATTR{idVendor}=="04e8"');
    expect(screen.getByText(/into \/etc\/udev\/rules\.d\/51-android\.rules$/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Copy the command' })).toBeTruthy();
    await vi.waitFor(() => expect(copy.textContent).toContain('Copied'));
  });

  it.each([
    ['adb-missing', 'adb is not on this computer', 'sudo apt install adb'],
    ['adb-version-conflict', 'Two versions of adb', '/usr/bin/adb -P 5037 kill-server'],
    ['adb-server', 'The adb server does not respond', '/usr/bin/adb -P 5037 start-server'],
  ])('says what ends %s', async (code, title, line) => {
    const bridge = open(phonesWith([], { trouble: failure(code) }));
    await screen.findByRole('heading', { name: title });
    expect(screen.getByText(line)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Choose adb…' }));
    expect(bridge.calls.some(({ method }) => method === 'phones.chooseAdb')).toBe(true);
  });

  it('checks a phone, with progress, and says why where it fails', async () => {
    const bridge = open(phonesWith([fakePhone('RF8M', { proof: null })]));
    await fireEvent.click(await screen.findByRole('button', { name: 'Check this phone' }));
    expect(bridge.calls).toContainEqual({ method: 'phones.check', args: [{ serial: 'RF8M' }] });
    const check = { step: 'pushing', runner: 'ort-glibc-cpu', share: 0.4, error: null } as const;
    change(
      bridge,
      phonesWith([fakePhone('RF8M', { proof: null, check: { ...check, running: true } })]),
    );
    const bar = await screen.findByRole('progressbar', { name: 'Copying the runtime…' });
    expect(bar.getAttribute('aria-valuenow')).toBe('40');
    await fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(bridge.calls).toContainEqual({ method: 'phones.stopCheck', args: [{ serial: 'RF8M' }] });
    const failed = { ...check, running: false, error: failure('no-runner') };
    change(bridge, phonesWith([fakePhone('RF8M', { proof: null, check: failed })]));
    expect((await screen.findByRole('alert')).textContent).toContain('It is no-runner.');
  });

  it('shows several beside each other, and names the reason of one that must wait', async () => {
    const gate = { code: 'phone-hot', message: 'The battery is 41.0 °C.', hint: 'Let it cool.' };
    open(phonesWith([fakePhone('A1'), fakePhone('B2', { gate })]));
    const [first, second] = (await screen.findAllByRole('region', {
      name: 'Galaxy S10',
    })) as Known<HTMLElement>;
    expect(within(second).getByText('Too warm')).toBeTruthy();
    expect(second.textContent).toContain(
      'The battery is 41.0 °C. It measures again once it has cooled',
    );
    expect(within(first).queryByText('Too warm')).toBeNull();
  });

  it('asks as one who watches while it is open, and only then', async () => {
    const bridge = open(phonesWith([fakePhone('A1')]));
    await screen.findByRole('region', { name: 'Galaxy S10' });
    const latest = () => bridge.calls.filter(({ method }) => method === 'phones.view').at(-1)?.args;
    expect(latest()).toEqual([{ watched: true }]);
    location.hash = '#/searches';
    window.dispatchEvent(new HashChangeEvent('hashchange'));
    await vi.waitFor(() => expect(screen.queryByRole('region', { name: 'Galaxy S10' })).toBeNull());
    bridge.emit('phones.changed', {});
    await vi.waitFor(() => expect(latest()).toEqual([{ watched: false }]));
  });
});

describe('phones elsewhere', () => {
  it('stand in the status bar, which leads to their page', async () => {
    open(phonesWith([fakePhone('A1')]), 'searches');
    await fireEvent.click(await screen.findByRole('button', { name: '1 phone: 1 ready' }));
    await screen.findByRole('region', { name: 'Galaxy S10' });
  });

  it('are set up in the settings: which adb, which port', async () => {
    const bridge = open(phonesWith([fakePhone('A1')]), 'settings');
    await screen.findByText('Found: /usr/bin/adb');
    const port = screen.getByRole('textbox', { name: 'Port of the adb server' });
    await fireEvent.input(port, { target: { value: '70000' } });
    await screen.findByText(/whole number from 1 to 65535/);
    await fireEvent.change(port);
    expect(bridge.calls.some(({ method }) => method === 'phones.configure')).toBe(false);
    await fireEvent.input(port, { target: { value: '5099' } });
    await fireEvent.change(port);
    await vi.waitFor(() =>
      expect(bridge.calls).toContainEqual({ method: 'phones.configure', args: [{ port: 5099 }] }),
    );
  });
});
