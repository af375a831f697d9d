import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../../renderer/app/workbench.svelte.ts';
import { prepareDom, wholeRun } from '../../dom.ts';
import { FakeBridge, fakeRun } from '../../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(run: string): Promise<void> {
  location.hash = `#/run/${run}`;
  const runs = [fakeRun({ run: 'one', candidates: 60 }), fakeRun({ run: 'other', candidates: 40 })];
  render(App, { workbench: new WorkbenchShell(new FakeBridge(runs)) });
  await wholeRun();
}

const heads = (): string[] =>
  within(screen.getByRole('table', { name: 'Candidates' }))
    .getAllByRole('columnheader')
    .map((head) => (head.textContent ?? '').replace(/ [↑↓]$/, '').trim());

describe('the columns of the table', () => {
  it('are hidden and moved, and stay so for the next run of the kind', async () => {
    await open('one');
    const before = heads();
    expect(before[0]).toBe('Candidate');
    expect(before).toContain('Bias');
    await fireEvent.click(screen.getByRole('button', { name: 'Columns' }));
    const menu = await screen.findByLabelText(/^Which columns/, { selector: '.float' });
    await fireEvent.click(within(menu).getByRole('checkbox', { name: 'Bias' }));
    const forward = within(menu).getByRole('button', { name: /^Move Params.* forward$/ });
    await fireEvent.click(forward);
    const wanted = before.filter((head) => head !== 'Bias');
    const at = wanted.findIndex((head) => head.startsWith('Params'));
    await waitFor(() => expect(heads()).not.toContain('Bias'));
    expect(heads().findIndex((head) => head.startsWith('Params'))).toBe(at - 1);
    const arranged = heads();
    cleanup();
    await open('other');
    expect(heads()).toEqual(arranged);
  });

  it('are as they were at a press', async () => {
    await open('one');
    const before = heads();
    await fireEvent.click(screen.getByRole('button', { name: 'Columns' }));
    const menu = await screen.findByLabelText(/^Which columns/, { selector: '.float' });
    const reset = within(menu).getByRole<HTMLButtonElement>('button', { name: 'As they were' });
    expect(reset.disabled).toBe(true);
    await fireEvent.click(within(menu).getByRole('checkbox', { name: 'Genotype' }));
    await waitFor(() => expect(heads()).toHaveLength(before.length - 1));
    await fireEvent.click(reset);
    await waitFor(() => expect(heads()).toEqual(before));
  });
});
