import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { WorkerHere } from '../worker-here.ts';
import { FakeBridge, fakeRun, Refusal } from '../fake-bridge.ts';

let workbench: WorkbenchShell;

beforeEach(() => {
  prepareDom();
  vi.stubGlobal('Worker', WorkerHere);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(hash = '#/run/demo/45'): Promise<FakeBridge> {
  location.hash = hash;
  const bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 60 })]);
  workbench = new WorkbenchShell(bridge);
  render(App, { workbench });
  return bridge;
}
const layers = () => screen.findByRole('table', { name: 'Layers of c-0045' });
const network = () => screen.findByRole('application', { name: /^Architecture of/ });

describe('the page of a candidate', () => {
  it('is opened from the search with Enter, and left with Escape', async () => {
    await open('#/run/demo');
    const table = await screen.findByRole('table', { name: 'Candidates' });
    await fireEvent.click(within(table).getAllByRole('row')[1]!);
    await fireEvent.keyDown(window, { key: 'Enter' });
    expect(location.hash).toMatch(/^#\/run\/demo\/\d+$/);
    await screen.findByRole('region', { name: 'Architecture' });
    await fireEvent.keyDown(window, { key: 'Escape' });
    await screen.findByRole('table', { name: 'Candidates' });
    expect(location.hash).toBe('#/run/demo');
  });

  it('lists the layers by stage, and flat', async () => {
    await open();
    const table = await layers();
    await within(table).findByRole('row', { name: 'Stage 1' });
    const before = within(table).getAllByRole('row').length;
    const fold = within(table).getByRole('button', { name: 'Stage 2' });
    const wasOpen = fold.getAttribute('aria-expanded') === 'true';
    await fireEvent.click(fold);
    await waitFor(() =>
      expect(within(table).getAllByRole('row').length - before).toBe(wasOpen ? -2 : 2),
    );
    await fireEvent.click(screen.getByRole('button', { name: 'Flat' }));
    expect(within(table).queryByRole('row', { name: 'Stage 1' })).toBeNull();
    expect(within(table).getAllByRole('row')).toHaveLength(1 + 13);
  });

  it('finds a layer in the network, and selects it in the table as well', async () => {
    await open();
    await network();
    const field = screen.getByRole('searchbox', { name: 'Find a layer' });
    await fireEvent.input(field, { target: { value: 'op23' } });
    await screen.findByText('1 of 3');
    const first = await screen.findByRole('button', { name: /^conv .* · body\.0\.op23/ });
    await waitFor(() => expect(first.getAttribute('aria-pressed')).toBe('true'));
    const row = within(await layers()).getByRole('row', { name: 'body.0.op23' });
    expect(row.className).toContain('chosen');
    await fireEvent.keyDown(field, { key: 'Enter' });
    await screen.findByText('2 of 3');
    expect(row.className).not.toContain('chosen');
  });

  it('folds and unfolds all stages', async () => {
    await open();
    await network();
    await fireEvent.click(screen.getByRole('button', { name: 'Unfold all' }));
    await screen.findByRole('button', { name: /^conv .* · body\.4\.op01/ });
    await fireEvent.click(screen.getByRole('button', { name: 'Fold all' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: /body\.4\.op01/ })).toBeNull());
    expect(screen.getByRole('button', { name: /^Stage 4 .*, 2 layers: unfold$/ })).toBeTruthy();
  });

  it('walks the boxes by arrow keys, one tab stop for all of them', async () => {
    await open();
    const drawing = await network();
    await waitFor(() => expect(within(drawing).getAllByRole('button').length).toBeGreaterThan(6));
    const stops = () => [...drawing.querySelectorAll<HTMLElement>('[data-box][tabindex="0"]')];
    expect(stops()).toHaveLength(1);
    const first = stops()[0]!;
    await fireEvent.keyDown(first, { key: 'ArrowDown' });
    expect(stops()).toHaveLength(1);
    expect(stops()[0]).not.toBe(first);
    expect(document.activeElement).toBe(stops()[0]);
  });

  it('leads to its parents and children', async () => {
    await open();
    const lineage = await screen.findByRole('group', { name: 'Parents and children of c-0045' });
    const link = within(lineage).getByRole('link', { name: 'c-0025' });
    expect(link.getAttribute('href')).toBe('#/run/demo/25');
    await fireEvent.click(link);
    location.hash = '#/run/demo/25';
    const other = await screen.findByRole('group', { name: 'Parents and children of c-0025' });
    expect(within(other).getByRole('link', { name: 'c-0045' })).toBeTruthy();
  });

  it('scores again and says whether the bits came out', async () => {
    const bridge = await open();
    await fireEvent.click(await screen.findByRole('button', { name: 'Score again' }));
    await screen.findByText(/it matches the stored score to the bit/);
    bridge.overrides['candidate.scoreAgain'] = () => ({
      ...{ zico: 1, zicoCapped: 1, bias: 1, same: false, differing: ['stem.conv', 'head'] },
      ...{ engine: { name: 'onnxruntime', version: '1', threads: 1 }, seconds: 1 },
    });
    await fireEvent.click(screen.getByRole('button', { name: 'Score again' }));
    await screen.findByText(/differs in 2 layers: stem.conv, head/);
  });

  it('measures again, beside the stored latency', async () => {
    await open();
    await fireEvent.click(await screen.findByRole('button', { name: 'Measure again' }));
    await screen.findByText(/^Now [\d.]+ ms; the run has [\d.]+ ms \(\+0\.0 %\)\.$/);
  });

  it('shows the way out of an error, and is free again', async () => {
    const bridge = await open();
    bridge.overrides['candidate.scoreAgain'] = () => {
      throw new Refusal({ code: 'engine-missing', message: 'No engine.', hint: 'Build it.' });
    };
    const button = await screen.findByRole('button', { name: 'Score again' });
    await fireEvent.click(button);
    await screen.findByText('No engine.');
    await waitFor(() => expect(button).toHaveProperty('disabled', false));
  });

  it('says so where the run has no such candidate', async () => {
    await open('#/run/demo/999');
    await screen.findByText('The run has no candidate c-0999.');
  });
});
