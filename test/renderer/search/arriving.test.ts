/** New candidates appear at once, and never move what a person looks at. */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { RunSession } from '../../../renderer/open-run/session.svelte.ts';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom, wholeRun } from '../dom.ts';
import { FakeBridge, fakeRun, rows } from '../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const later = rows(200);
const table = () => screen.getByRole('table', { name: 'Candidates' });
const names = () =>
  within(table())
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.getAttribute('aria-label'));
const inspector = () => screen.getByRole('complementary', { name: 'Selected candidate' });
const selected = () => within(inspector()).getByRole('heading', { level: 2 }).textContent;

describe('new candidates', () => {
  it('are in the table soon, and leave selection and scroll where they are', async () => {
    location.hash = '#/run/live';
    const bridge = new FakeBridge([fakeRun({ run: 'live', state: 'searching', candidates: 60 })]);
    render(App, { workbench: new WorkbenchShell(bridge) });
    await wholeRun();
    await fireEvent.mouseDown(screen.getByRole('tab', { name: /^All/ }), { button: 0 });
    await waitFor(() => expect(screen.getByRole('tab', { name: 'All 60' })).toBeTruthy());
    await fireEvent.click(within(table()).getAllByRole('row')[3]!);
    const chosen = selected();
    const scroll = table().parentElement!;
    scroll.scrollTop = 77;
    await fireEvent.scroll(scroll);
    const listed = names();
    for (let n = 60; n < 120; n += 20) {
      bridge.add('live', later.slice(n, n + 20));
      await screen.findByRole('tab', { name: `All ${n + 20}` });
    }
    expect(selected()).toBe(chosen);
    expect(scroll.scrollTop).toBe(77);
    expect(names()).not.toEqual([]);
    expect(listed.length).toBeGreaterThan(0);
  });

  it('are there within 250 ms, and keep zoom, filter, sorting and tab', async () => {
    vi.useFakeTimers();
    const bridge = new FakeBridge([fakeRun({ run: 'r', state: 'searching', candidates: 60 })]);
    const session = new RunSession(bridge, 'r', (error) => {
      throw error;
    });
    await session.open();
    session.viewport.pointsArrived(session.extent());
    session.viewport.zoom({ left: 0, right: 100, top: 0, bottom: 100 }, { x: 40, y: 40 }, 0.5);
    session.filter.set({ zico: { from: 0, to: 1e6 } });
    session.table.filter = 'all';
    session.table.sortBy('bias');
    session.select(7);
    const before = {
      view: session.viewport.view,
      range: session.filter.range('zico'),
      sorting: session.table.sorting,
      selected: session.selection.id,
    };
    bridge.add('r', later.slice(60, 61));
    await vi.advanceTimersByTimeAsync(250);
    session.viewport.pointsArrived(session.extent()); // as the chart does
    expect(session.data.columns.length).toBe(61);
    expect({
      view: session.viewport.view,
      range: session.filter.range('zico'),
      sorting: session.table.sorting,
      selected: session.selection.id,
    }).toEqual(before);
    expect(session.table.filter).toBe('all');
    vi.useRealTimers();
    session.close();
  });
});
