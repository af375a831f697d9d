/** The panels of a search's page: sized, hidden, brought back, and found again by the next window. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { LayoutStore, panelLimits } from '../../../renderer/shell/layout.svelte.ts';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom, wholeRun } from '../dom.ts';
import { FakeBridge, fakeRun, Refusal } from '../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function open(bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 30 })])) {
  location.hash = '#/run/demo';
  const workbench = new WorkbenchShell(bridge);
  render(App, { workbench });
  await wholeRun();
  return { bridge, workbench };
}
const bias = () => screen.queryByRole('region', { name: 'Bias' });
const main = () => document.querySelector<HTMLElement>('main.live')!;
const kept = (bridge: FakeBridge) => bridge.preferences.layout;

describe('the panels', () => {
  it('are as the person left them when another window opens', async () => {
    const { bridge } = await open();
    const lower = screen.getByRole('separator', { name: 'Height of the table' });
    await fireEvent.keyDown(lower, { key: 'End' });
    expect(main().style.getPropertyValue('--lower')).toBe(`${panelLimits.lower.most}px`);
    await fireEvent.keyDown(lower, { key: 'ArrowDown', shiftKey: true });
    const inspector = screen.getByRole('separator', { name: 'Width of the inspector' });
    await fireEvent.keyDown(inspector, { key: 'Home' });
    await fireEvent.keyDown(inspector, { key: 'ArrowLeft' });
    await fireEvent.click(screen.getByRole('button', { name: 'Hide the bias panel' }));
    expect(bias()).toBeNull();
    const expected = {
      lower: panelLimits.lower.most - 48,
      inspector: panelLimits.inspector.least + 12,
      bias: false,
    };
    await waitFor(() => expect(kept(bridge)).toEqual(expected));
    cleanup();

    await open(bridge);
    await waitFor(() => expect(bias()).toBeNull());
    expect(main().style.getPropertyValue('--lower')).toBe(`${expected.lower}px`);
    expect(main().style.getPropertyValue('--inspector')).toBe(`${expected.inspector}px`);
    await fireEvent.click(screen.getByRole('button', { name: 'Show the bias panel' }));
    expect(bias()).not.toBeNull();
  });

  it('follow the hand that drags, and get their own size back by a double click', async () => {
    const { workbench } = await open();
    workbench.layout.setSize('lower', 300);
    const lower = screen.getByRole('separator', { name: 'Height of the table' });
    lower.setPointerCapture = () => undefined;
    await fireEvent.pointerDown(lower, { button: 0, clientY: 500 });
    await fireEvent.pointerMove(lower, { clientY: 440 });
    expect(workbench.layout.size('lower')).toBe(360);
    await fireEvent.pointerUp(lower);
    await fireEvent.pointerMove(lower, { clientY: 100 });
    expect(workbench.layout.size('lower')).toBe(360);
    await fireEvent.dblClick(lower);
    expect(main().style.getPropertyValue('--lower')).toBe('');
  });

  it('can be hidden and reset from the palette', async () => {
    const { workbench } = await open();
    const command = (id: string) => workbench.commands.all.find((one) => one.id === id);
    expect(command('layout')).toBeUndefined();
    command('bias-panel')!.run();
    await waitFor(() => expect(bias()).toBeNull());
    command('layout')!.run();
    await waitFor(() => expect(bias()).not.toBeNull());
  });

  it('remember the tab of each search', async () => {
    await open();
    await fireEvent.mouseDown(screen.getByRole('tab', { name: /^All/ }), { button: 0 });
    await fireEvent.click(screen.getByRole('tab', { name: /^All/ }));
    cleanup();
    await open();
    expect(screen.getByRole('tab', { name: /^All/ }).getAttribute('aria-selected')).toBe('true');
  });
});

describe('the layout', () => {
  it('is stored once for a whole drag, within its limits', async () => {
    vi.useFakeTimers();
    const bridge = new FakeBridge();
    const layout = new LayoutStore(bridge, () => undefined);
    for (let size = 200; size < 2000; size += 100) layout.setSize('lower', size);
    expect(layout.size('lower')).toBe(panelLimits.lower.most);
    await vi.advanceTimersByTimeAsync(1000);
    expect(bridge.calls.filter(({ method }) => method === 'preferences.change')).toHaveLength(1);
    expect(kept(bridge).lower).toBe(panelLimits.lower.most);
  });

  it('says when it cannot be stored', async () => {
    vi.useFakeTimers();
    const bridge = new FakeBridge();
    const errors: unknown[] = [];
    bridge.overrides['preferences.change'] = () => {
      throw new Refusal({ code: 'preferences-not-saved', message: 'Full.', hint: '' });
    };
    new LayoutStore(bridge, (error) => errors.push(error)).bias = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(errors).toHaveLength(1);
  });
});
