/** Candidates found in the table and the palette, filters that are typed and kept, names that travel. */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom, wholeRun } from '../dom.ts';
import { FakeBridge, fakeRun } from '../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open({ readOnly = false } = {}): Promise<FakeBridge> {
  location.hash = '#/run/demo';
  const bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 60 })]);
  bridge.readOnly = readOnly;
  bridge.marks = [{ candidate: 7, starred: true, note: 'n', name: 'for the watch' }];
  render(App, { workbench: new WorkbenchShell(bridge) });
  await wholeRun();
  await fireEvent.click(screen.getByRole('tab', { name: /^All/ }));
  return bridge;
}

const table = (): HTMLElement => screen.getByRole('table', { name: 'Candidates' });
const listed = (): (string | null)[] =>
  within(table())
    .queryAllByRole('row', { name: /^c-\d+$/ })
    .map((row) => row.getAttribute('aria-label'));

describe('a candidate', () => {
  it('is found in the table by its name and its genotype, and a miss is told', async () => {
    await open();
    const find = screen.getByRole('searchbox', { name: /^Find candidates/ });
    await fireEvent.input(find, { target: { value: 'watch' } });
    await waitFor(() => expect(listed()).toEqual(['c-0007']));
    expect(screen.getByRole('tab', { name: /^All\s*1$/ })).toBeTruthy();
    await fireEvent.keyDown(find, { key: 'Enter' });
    await screen.findByRole('heading', { name: 'c-0007' });
    await fireEvent.input(find, { target: { value: 'no such network' } });
    await screen.findByText(/^Nothing listed here has “no such network”/);
    await fireEvent.keyDown(find, { key: 'Escape' });
    await waitFor(() => expect(listed().length).toBeGreaterThan(1));
  });

  it('is found in the palette, which goes to it', async () => {
    await open();
    await fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    const dialog = await screen.findByRole('dialog');
    const input = within(dialog).getByRole('combobox');
    await fireEvent.input(input, { target: { value: 'for the watch' } });
    const item = await within(dialog).findByText(/^c-0007, for the watch: \d+:/);
    await fireEvent.click(item);
    await screen.findByRole('heading', { name: 'c-0007' });
  });

  it('is given a name, which the table and the file then have', async () => {
    const bridge = await open();
    await fireEvent.click(within(table()).getByRole('row', { name: listed()[0]! }));
    const name = await screen.findByRole('textbox', { name: 'Name' });
    await fireEvent.change(name, { target: { value: '  small   one ' } });
    await within(table()).findByText('small one');
    const asked = bridge.calls.find(({ method }) => method === 'runs.mark');
    expect(asked?.args).toMatchObject([{ mark: { name: 'small one', starred: false, note: '' } }]);
  });

  it('of a file that is read-only shows what was noted, and takes nothing', async () => {
    const bridge = await open({ readOnly: true });
    const find = screen.getByRole('searchbox', { name: /^Find candidates/ });
    await fireEvent.input(find, { target: { value: 'watch' } });
    await fireEvent.keyDown(find, { key: 'Enter' });
    const name = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Name' });
    expect([name.value, name.readOnly]).toEqual(['for the watch', true]);
    expect(screen.getByText(/^The run’s file is read-only/)).toBeTruthy();
    const star = screen.getByRole<HTMLButtonElement>('button', { name: /read-only/ });
    expect(star.disabled).toBe(true);
    await fireEvent.keyDown(window, { key: 's' });
    expect(bridge.calls.some(({ method }) => method === 'runs.mark')).toBe(false);
  });
});

describe('a filter', () => {
  const menu = async (): Promise<HTMLElement> => {
    await fireEvent.click(screen.getByRole('button', { name: 'Filters' }));
    return screen.findByLabelText(/^Type a range/, { selector: '.float' });
  };

  it('is typed, kept under a name, and there for the next search', async () => {
    await open();
    const typing = await menu();
    const measure = within(typing).getByRole('combobox', { name: 'Of' });
    await fireEvent.change(measure, { target: { value: 'macs' } });
    await fireEvent.input(within(typing).getByRole('textbox', { name: 'Up to' }), {
      target: { value: '20' },
    });
    await fireEvent.click(within(typing).getByRole('button', { name: 'Keep what is between' }));
    await screen.findByRole('button', { name: /^MACs up to 20(\.0+)? M/ });
    await fireEvent.input(within(typing).getByRole('textbox', { name: 'Save as' }), {
      target: { value: 'light' },
    });
    await fireEvent.click(within(typing).getByRole('button', { name: 'Save' }));
    expect(within(typing).getByRole('button', { name: 'Apply the filter light' })).toBeTruthy();
    cleanup();
    await open();
    const again = await menu();
    await fireEvent.click(within(again).getByRole('button', { name: 'Apply the filter light' }));
    await screen.findByRole('button', { name: /^MACs up to 20(\.0+)? M/ });
    expect(within(again).getByText('Filtered by light.')).toBeTruthy();
  });

  it('says what is wrong with what is typed', async () => {
    await open();
    const typing = await menu();
    const [low, high] = ['From', 'Up to'].map((name) =>
      within(typing).getByRole('textbox', { name }),
    );
    await fireEvent.input(low!, { target: { value: '9' } });
    await fireEvent.input(high!, { target: { value: '3' } });
    expect((await within(typing).findByRole('alert')).textContent).toMatch(/before it begins/);
    await fireEvent.input(high!, { target: { value: 'x' } });
    await waitFor(() => expect(within(typing).getByRole('alert').textContent).toMatch(/^A number/));
  });

  it('that matches nothing is told, with what hinders', async () => {
    localStorage.setItem(
      'zico.filters',
      JSON.stringify([
        {
          name: 'impossible',
          ranges: [
            ['macs', null, 1],
            ['score', 0, null],
          ],
        },
      ]),
    );
    await open();
    const typing = await menu();
    await fireEvent.click(
      within(typing).getByRole('button', { name: 'Apply the filter impossible' }),
    );
    await screen.findByText(/Without the range of MACs \d+ would\./);
    await within(table()).findByText('None of these meets the filter of the chart.');
  });
});
