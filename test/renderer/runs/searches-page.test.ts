import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { parseTags } from '../../../renderer/runs/tags.ts';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge, fakeRun } from '../fake-bridge.ts';

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

  it('goes to the trash, and comes back when that is undone', async () => {
    const bridge = open();
    await choose('second', 'Move to trash');
    await waitFor(() => expect(bridge.runs).toHaveLength(2));
    await waitFor(() => expect(screen.queryByRole('row', { name: 'second' })).toBeNull());
    expect(await screen.findByText('second goes to the trash.')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: /^Undo/ }));
    expect(await screen.findByRole('row', { name: 'second' })).toBeTruthy();
    expect(screen.queryByText('second goes to the trash.')).toBeNull();
  });

  it('is renamed in its row, and undone by the key', async () => {
    localStorage.setItem('zico.pins.first', '[3]');
    open();
    await choose('first', 'Rename…');
    const field = await screen.findByRole('textbox', { name: 'New name of first' });
    await fireEvent.input(field, { target: { value: 'a/b' } });
    expect(screen.getByRole('button', { name: 'Keep' })).toHaveProperty('disabled', true);
    await fireEvent.input(field, { target: { value: 'Night' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Keep' }));
    expect(await screen.findByRole('row', { name: 'Night' })).toBeTruthy();
    // What the page remembers of it goes along.
    await waitFor(() => expect(localStorage.getItem('zico.pins.Night')).toBe('[3]'));
    await screen.findByText('first is called Night now.');
    await fireEvent.keyDown(document.body, { key: 'z', ctrlKey: true });
    expect(await screen.findByRole('row', { name: 'first' })).toBeTruthy();
    await waitFor(() => expect(localStorage.getItem('zico.pins.first')).toBe('[3]'));
    localStorage.clear();
  });

  it('is shown in its folder', async () => {
    const bridge = open();
    await choose('first', 'Show in folder');
    await waitFor(() => expect(bridge.revealed).toEqual(['first']));
  });

  it('lets tags be undone, and not by the key where somebody types', async () => {
    const bridge = open();
    await choose('first', 'Tags…');
    const field = await screen.findByRole('textbox', { name: 'Tags of first' });
    await fireEvent.input(field, { target: { value: 'paper' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Keep' }));
    await waitFor(() => expect(bridge.find('first').summary.tags).toEqual(['paper']));
    const search = screen.getByRole('searchbox', { name: 'Find a search' });
    await fireEvent.keyDown(search, { key: 'z', ctrlKey: true });
    expect(bridge.find('first').summary.tags).toEqual(['paper']);
    await fireEvent.click(await screen.findByRole('button', { name: /^Undo/ }));
    await waitFor(() => expect(bridge.find('first').summary.tags).toEqual([]));
  });

  it('stays while it is searched', async () => {
    open();
    const blocked = await menu('live', 'Move to trash');
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

const rows = () =>
  within(screen.getByRole('table', { name: 'Searches' }))
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.getAttribute('aria-label') ?? row.textContent.trim().replace(/\s+/g, ' '));
const check = (name: string, init = {}) =>
  fireEvent.click(screen.getByRole('checkbox', { name: `Choose ${name}` }), init);

describe('the list of runs', () => {
  afterEach(() => localStorage.clear());

  async function openMany(): Promise<FakeBridge> {
    location.hash = '#/searches';
    const bridge = new FakeBridge([
      fakeRun({ run: 'run 2', candidates: 30, createdAt: '2026-03-02T10:00:00.000Z' }),
      fakeRun({ run: 'run 10', candidates: 20, createdAt: '2026-04-02T10:00:00.000Z' }),
      fakeRun({ run: 'broken', state: 'failed', createdAt: 'no date' }),
    ]);
    bridge.find('run 2').summary.tags = ['paper', 'night'];
    render(App, { workbench: new WorkbenchShell(bridge) });
    await screen.findByRole('table', { name: 'Searches' });
    return bridge;
  }

  it('is sorted by its columns, and remembers how', async () => {
    await openMany();
    await fireEvent.click(screen.getByRole('button', { name: 'Name' }));
    expect(rows()).toEqual(['broken', 'run 2', 'run 10']);
    await fireEvent.click(screen.getByRole('button', { name: 'Evaluated' }));
    expect(rows()).toEqual(['run 2', 'run 10', 'broken']);
    const head = screen.getByRole('columnheader', { name: 'Evaluated' });
    expect(head.getAttribute('aria-sort')).toBe('descending');
    await fireEvent.click(screen.getByRole('button', { name: 'Evaluated' }));
    expect(rows()).toEqual(['broken', 'run 10', 'run 2']);
    cleanup();
    await openMany();
    expect(rows()).toEqual(['broken', 'run 10', 'run 2']);
  });

  it('stands in groups by tag and by month, whatever the clock said', async () => {
    await openMany();
    const group = (value: string) =>
      fireEvent.change(screen.getByLabelText('Group by', { selector: 'select' }), {
        target: { value },
      });
    await group('tag');
    expect(rows()).toEqual([
      ...['night 1 search', 'run 2', 'paper 1 search', 'run 2'],
      ...['Without a tag 2 searches', 'broken', 'run 10'],
    ]);
    await group('month');
    expect(rows()).toEqual([
      ...['April 2026 1 search', 'run 10', 'March 2026 1 search', 'run 2'],
      ...['Without a date 1 search', 'broken'],
    ]);
  });

  it('lets several be chosen, tagged, thrown away and taken back', async () => {
    const bridge = await openMany();
    await fireEvent.click(screen.getByRole('button', { name: 'Name' }));
    await check('broken');
    await check('run 10', { shiftKey: true });
    expect(screen.getByText('3 chosen')).toBeTruthy();
    await check('broken');
    await fireEvent.click(screen.getByRole('button', { name: 'Add tags' }));
    const field = screen.getByRole('textbox', { name: 'Tags for 2 searches' });
    await fireEvent.input(field, { target: { value: 'paper, phone' } });
    await fireEvent.submit(field.closest('form')!);
    await waitFor(() =>
      expect(bridge.find('run 2').summary.tags).toEqual(['paper', 'night', 'phone']),
    );
    expect(bridge.find('run 10').summary.tags).toEqual(['paper', 'phone']);
    await fireEvent.click(await screen.findByRole('button', { name: 'Move to trash' }));
    await waitFor(() => expect(rows()).toEqual(['broken']));
    await screen.findByText('2 searches go to the trash.');
    await fireEvent.click(screen.getByRole('button', { name: /^Undo/ }));
    await waitFor(() => expect(rows()).toHaveLength(3));
  });

  it('does nothing to chosen runs that a filter hides', async () => {
    const bridge = await openMany();
    await fireEvent.click(screen.getByRole('checkbox', { name: 'Choose all' }));
    await fireEvent.input(screen.getByRole('searchbox', { name: 'Find a search' }), {
      target: { value: 'night' },
    });
    expect(await screen.findByText('1 chosen')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Move to trash' }));
    await waitFor(() => expect(bridge.runs.map(({ summary }) => summary.run)).toHaveLength(2));
    expect(bridge.trash.map(({ summary }) => summary.run)).toEqual(['run 2']);
  });

  it('removes all failed at once', async () => {
    const bridge = await openMany();
    await fireEvent.click(screen.getByRole('button', { name: 'Remove all failed' }));
    await waitFor(() => expect(bridge.trash.map(({ summary }) => summary.run)).toEqual(['broken']));
  });

  it('leaves one alone that another program writes, and opens it once that has ended', async () => {
    location.hash = '#/searches';
    const error = { code: 'run-in-use', message: 'It is open elsewhere.', hint: 'Stop it there.' };
    const bridge = new FakeBridge([
      fakeRun({ run: 'first' }),
      fakeRun({ run: 'busy', state: 'failed' }),
    ]);
    const { summary } = bridge.find('busy');
    Object.assign(summary, { error });
    render(App, { workbench: new WorkbenchShell(bridge) });
    await screen.findByText('In use elsewhere');
    expect(screen.getByText('It is open elsewhere.').className).toContain('waiting');
    expect(screen.queryByRole('button', { name: 'Remove all failed' })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'Open busy' }));
    await screen.findByText('It is open elsewhere.', { selector: '[role=alert] *' });
    Object.assign(summary, { error: null, state: 'finished' });
    await fireEvent.click(screen.getByRole('button', { name: 'Open busy' }));
    await waitFor(() => expect(location.hash).toBe('#/run/busy'));
  });

  it('offers files that were opened from elsewhere', async () => {
    location.hash = '#/searches';
    const bridge = new FakeBridge([fakeRun({ run: 'first' })]);
    bridge.recent = [{ run: 'first', name: 'from a colleague', path: '/mnt/first.zico' }];
    render(App, { workbench: new WorkbenchShell(bridge) });
    const trigger = await screen.findByRole('button', { name: 'Recent' });
    trigger.focus();
    await fireEvent.keyDown(trigger, { key: 'Enter' });
    await fireEvent.keyDown(await screen.findByRole('menuitem', { name: 'from a colleague' }), {
      key: 'Enter',
    });
    await waitFor(() => expect(location.hash).toBe('#/run/first'));
  });
});
