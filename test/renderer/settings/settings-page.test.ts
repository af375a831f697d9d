import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge } from '../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(bridge = new FakeBridge()): FakeBridge {
  location.hash = '#/settings';
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}
const toggle = (name: string) => screen.findByRole('switch', { name });

describe('settings', () => {
  it('are stored when they are switched, and shown as they are stored', async () => {
    const bridge = open();
    const notify = await toggle('Tell me when a search ends');
    expect(notify.getAttribute('aria-checked')).toBe('true');
    await fireEvent.click(notify);
    expect(bridge.calls).toContainEqual({
      method: 'preferences.change',
      args: [{ notifyWhenDone: false }],
    });
    await vi.waitFor(() => expect(notify.getAttribute('aria-checked')).toBe('false'));
    expect(bridge.preferences).toMatchObject({ notifyWhenDone: false, checkForUpdates: true });
  });

  it('set the theme', async () => {
    open();
    await fireEvent.click(await screen.findByRole('radio', { name: 'Dark' }));
    expect(document.documentElement.dataset['theme']).toBe('dark');
    await fireEvent.click(screen.getByRole('radio', { name: 'Follow the system' }));
    expect(document.documentElement.dataset['theme']).toBeUndefined();
  });

  it('follow an update as it comes', async () => {
    const bridge = open();
    await screen.findByText('Not checked yet.');
    bridge.update = { state: 'downloading', version: '2.0.0', percent: 12 };
    bridge.emit('updates.changed', {});
    await screen.findByText('Downloading version 2.0.0: 12 %');
    expect(screen.getByRole('button', { name: 'Check now' })).toHaveProperty('disabled', true);
  });

  it('offer no switch for updates that this copy cannot have', async () => {
    const bridge = new FakeBridge();
    bridge.update = { state: 'unavailable' };
    open(bridge);
    await screen.findByText(/not installed from a package/);
    expect(screen.queryByRole('button', { name: 'Check now' })).toBeNull();
    expect(screen.queryByRole('switch', { name: /Look for newer/ })).toBeNull();
  });

  it('say what the app runs on', async () => {
    open();
    await screen.findByText('Runs are kept in');
  });
});
