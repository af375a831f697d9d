/**
 * Every action can be searched for: each button of a page is one of the palette's commands, or it is listed here
 * with the reason why it is none. A button that is new fails until it is one of the two.
 */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom, wholeRun } from '../dom.ts';
import { FakeBridge, fakeRun } from '../fake-bridge.ts';

vi.setConfig({ testTimeout: 60_000 }); // whole pages, on a machine that may be busy

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

type Covered = readonly [button: RegExp, command: string | null];

/** On every page. */
const frame: readonly Covered[] = [
  [/Find or do/, null], // opens the palette
];

/** Of the page of a search: a button, and the command that does the same; null is part of what it stands in. */
const ofASearch: readonly Covered[] = [
  ...frame,
  [/^Images$/, 'images'],
  [/^Resume/, 'resume'],
  [/^Compare \d/, 'compare'],
  [/^Fit/, 'fit'],
  [/bias panel$/, 'bias-panel'],
  [/^Table$/, 'view-table'],
  [/^Parallel coordinates$/, 'view-parallel'],
  [/^Bands$/, 'view-bands'],
  [/^Over time$/, 'view-course'],
  [/^Model$/, 'view-model'],
  [/^Trained$/, 'view-trained'],
  [/^Continue with/, 'go-on-with'],
  [/^Play/, 'play'],
  [/^Remove the cap$/, 'clear-cap'],
  [/^Best:/, 'under-cap'],
  [/^(Star|Remove the star of) /, 'star'],
  [/^(Pin|Unpin) /, 'pin'],
  [/^Previous/, 'previous'],
  [/^Next/, 'next'],
  [/^Export/, 'export'],
  [/^Change: What the export holds$/, null], // opens the choice that the export is made with
  [/genotype/i, 'copy-genotype'],
  [/^Remove the filter of|, .*: Remove the filter/, 'clear-filter'],
  [/ \/ /, 'swap-axes'], // the menu of the axes
  [/^Filters$/, null], // where ranges are typed; those with a name are commands
  [/^Columns$/, null], // a list to choose from
  [/^β/, null], // where the paper's advice is, a link into the slider
];

async function open() {
  location.hash = '#/run/demo';
  const bridge = new FakeBridge([fakeRun({ run: 'demo', state: 'stopped', candidates: 60 })]);
  const workbench = new WorkbenchShell(bridge);
  render(App, { workbench });
  await wholeRun();
  return workbench;
}
const nameOf = (button: HTMLElement): string =>
  (button.getAttribute('aria-label') ?? button.textContent).replace(/\s+/g, ' ').trim();
/** Buttons that do something: not rows, columns or tabs, which choose what is shown. */
const buttons = (): string[] =>
  [...document.querySelectorAll<HTMLElement>('.page button')]
    .filter((button) => !button.closest('table, nav, .term, [role=tablist], [role=switch]'))
    .filter((button) => button.getAttribute('role') !== 'switch')
    .map(nameOf);

describe('the palette', () => {
  it('does what every button of a search does', async () => {
    const workbench = await open();
    await fireEvent.click(screen.getAllByRole('row')[2]!);
    for (const key of ['p', ']', 'p']) await fireEvent.keyDown(window, { key });
    const ids = () => new Set(workbench.commands.all.map(({ id }) => id));
    await waitFor(() => expect(ids().has('pin')).toBe(true));
    const seen = buttons();
    expect(seen.length).toBeGreaterThan(10);
    const commands = ids();
    const titles = new Set(workbench.commands.all.map(({ title }) => title));
    // What is chosen already is no command, and what has to be there first (a cap, a filter) is none yet.
    const notNow = new Set(['view-table', 'clear-cap', 'under-cap', 'clear-filter']);
    const uncovered = seen.filter((name) => {
      if (titles.has(name)) return false;
      const entry = ofASearch.find(([pattern]) => pattern.test(name));
      if (!entry) return true;
      const [, command] = entry;
      return command !== null && !commands.has(command) && !notNow.has(command);
    });
    expect(uncovered).toEqual([]);
  });

  it('finds a command by any of its words, and runs it', async () => {
    const workbench = await open();
    const titles = workbench.commands.all.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length); // no two that cannot be told apart
    expect(new Set(workbench.commands.all.map(({ id }) => id)).size).toBe(titles.length);
    await fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    const field = await waitFor(() => {
      const input = document.querySelector<HTMLInputElement>('.palette input');
      if (!input) throw new Error('The palette has not opened.');
      return input;
    });
    await fireEvent.input(field, { target: { value: 'colour status' } });
    const item = await screen.findByText('Colour the points by status');
    await fireEvent.click(item);
    await waitFor(() =>
      expect(JSON.parse(localStorage.getItem('zico.chart.demo')!)).toMatchObject({
        colour: 'status',
      }),
    );
  });

  it('leads to every page of the rail', async () => {
    const workbench = await open();
    const links = [...document.querySelectorAll<HTMLElement>('nav a')].map(
      (link) => link.getAttribute('aria-label') ?? link.textContent.trim(),
    );
    expect(links.length).toBeGreaterThan(5);
    const titles = workbench.commands.all.map(({ title }) => title);
    expect(links.filter((name) => !titles.includes(name))).toEqual([]);
  });
});
