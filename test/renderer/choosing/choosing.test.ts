import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { longestNote } from '../../../main/common/notes.ts';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom, wholeRun } from '../dom.ts';
import { FakeBridge, fakeRun } from '../fake-bridge.ts';

beforeEach(() => {
  prepareDom();
  localStorage.clear();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(): Promise<FakeBridge> {
  location.hash = '#/run/demo';
  const bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 60 })]);
  render(App, { workbench: new WorkbenchShell(bridge) });
  await wholeRun();
  return bridge;
}
const candidates = () => screen.getByRole('table', { name: 'Candidates' });
const rows = () => within(candidates()).getAllByRole('row').slice(1);
const press = (key: string) => fireEvent.keyDown(window, { key });
const inspector = () => screen.getByRole('complementary', { name: 'Selected candidate' });

describe('choosing', () => {
  it('stars a candidate by button and by key, and lists what is starred', async () => {
    const bridge = await open();
    await fireEvent.click(rows()[1]!);
    const star = await within(inspector()).findByRole('button', { name: /^Star / });
    await fireEvent.click(star);
    expect(bridge.marks).toHaveLength(1);
    await fireEvent.click(rows()[2]!);
    await press('s');
    expect(bridge.marks).toHaveLength(2);
    await fireEvent.mouseDown(screen.getByRole('tab', { name: /^Starred/ }), { button: 0 });
    await fireEvent.click(screen.getByRole('tab', { name: /^Starred/ }));
    await waitFor(() => expect(rows()).toHaveLength(2));
    await press('s');
    await waitFor(() => expect(rows()).toHaveLength(1));
  });

  it('keeps a note when its field is left', async () => {
    const bridge = await open();
    await fireEvent.click(rows()[0]!);
    const field = await screen.findByRole('textbox', { name: 'Note' });
    expect(field.getAttribute('maxlength')).toBe(String(longestNote));
    await fireEvent.change(field, { target: { value: '  for the demo ' } });
    await waitFor(() => expect(bridge.marks[0]).toMatchObject({ note: 'for the demo' }));
    await fireEvent.click(rows()[1]!);
    await waitFor(() =>
      expect(screen.getByRole('textbox', { name: 'Note' })).toHaveProperty('value', ''),
    );
  });

  it('pins up to four, compares them, and comes back to where one was', async () => {
    await open();
    for (const at of [0, 1, 2, 3, 4]) {
      await fireEvent.click(rows()[at]!);
      await press('p');
    }
    const pin = await within(inspector()).findByRole('button', { name: /Four are pinned/ });
    expect(pin).toHaveProperty('disabled', true);
    const selected = within(inspector()).getByRole('heading', { level: 2 }).textContent;
    await fireEvent.click(screen.getByRole('button', { name: 'Compare 4' }));
    const table = await screen.findByRole('table', { name: 'Compare' });
    expect(within(table).getAllByRole('columnheader').length).toBeGreaterThanOrEqual(4);
    expect(within(table).getByRole('rowheader', { name: 'Parameters' })).toBeTruthy();
    // A choice that looks like one: with the arrow that all of them have.
    const against = screen.getByLabelText<HTMLSelectElement>('Against');
    expect(against.parentElement?.querySelector('svg')).toBeTruthy();
    await fireEvent.change(against, { target: { value: '2' } });
    const third = against.selectedOptions[0]!.text.slice(2);
    expect(within(table).getByText(`marked where they differ from ${third}`)).toBeTruthy();
    const remove = within(table).getAllByRole('button', { name: /from the comparison/ });
    await fireEvent.click(remove[0]!);
    expect(within(table).getAllByRole('button', { name: /from the comparison/ })).toHaveLength(3);
    await press('Escape');
    await wholeRun();
    expect(within(inspector()).getByRole('heading', { level: 2 }).textContent).toBe(selected);
    expect(JSON.parse(localStorage.getItem('zico.pins.demo') ?? '[]')).toHaveLength(3);
  });
});
