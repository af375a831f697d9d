import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { parseTags } from '../../../renderer/runs/tags.ts';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge, fakeRun } from '../fake-bridge.ts';

vi.setConfig({ testTimeout: 30_000 }); // whole pages, on a machine that may be busy

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(): FakeBridge {
  location.hash = '#/searches';
  const bridge = new FakeBridge([
    fakeRun({ run: 'first', candidates: 20, settings: { beta: 2 } }),
    fakeRun({ run: 'second', candidates: 20 }),
    fakeRun({ run: 'live', state: 'searching', candidates: 3 }),
  ]);
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}
const menu = async (name: string, item: string) => {
  const trigger = await screen.findByRole('button', { name: `More for ${name}` });
  trigger.focus();
  await fireEvent.keyDown(trigger, { key: 'Enter' });
  return screen.findByRole('menuitem', { name: item });
};
const choose = async (name: string, item: string) => {
  const entry = await menu(name, item);
  await fireEvent.keyDown(entry, { key: 'Enter' });
};

describe('a run of the list', () => {
  it('is tagged, and found by its tags', async () => {
    const bridge = open();
    await choose('first', 'Tags…');
    const field = await screen.findByRole('textbox', { name: 'Tags of first' });
    await fireEvent.input(field, { target: { value: 'paper,  night run, paper' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Keep' }));
    await waitFor(() => expect(bridge.find('first').summary.tags).toEqual(['paper', 'night run']));
    await fireEvent.click(
      await screen.findByRole('button', { name: 'Find searches tagged paper' }),
    );
    const rows = within(screen.getByRole('table', { name: 'Searches' })).getAllByRole('row');
    expect(rows.slice(1).map((row) => row.getAttribute('aria-label'))).toEqual(['first']);
  });

  it('is duplicated with changes: the form starts from its settings', async () => {
    open();
    await choose('first', 'Duplicate with changes…');
    expect(await screen.findByRole('textbox', { name: 'Name' })).toHaveProperty(
      'value',
      'first again',
    );
    await fireEvent.click(screen.getByRole('link', { name: 'Searches' }));
    await screen.findByRole('table', { name: 'Searches' });
    await fireEvent.click(screen.getByRole('link', { name: 'New search' }));
    await screen.findByRole('form', { name: 'Settings of the search' });
    expect(await screen.findByRole('textbox', { name: 'Name' })).toHaveProperty(
      'value',
      'nats-sss search',
    );
  });

  it('goes to the trash', async () => {
    const bridge = open();
    await choose('second', 'Move to trash…');
    await waitFor(() => expect(bridge.runs).toHaveLength(2));
    await waitFor(() => expect(screen.queryByRole('row', { name: 'second' })).toBeNull());
  });

  it('stays while it is searched', async () => {
    open();
    const blocked = await menu('live', 'Move to trash…');
    expect(blocked.hasAttribute('data-disabled')).toBe(true);
  });
});

describe('tags', () => {
  it('are words with commas between them, each once', () => {
    expect(parseTags(' a, b  c ,, a ')).toEqual(['a', 'b c']);
    expect(parseTags('')).toEqual([]);
    expect(parseTags('x'.repeat(41))).toBeNull();
    expect(parseTags(Array.from({ length: 21 }, (_, i) => i).join())).toBeNull();
  });
});
