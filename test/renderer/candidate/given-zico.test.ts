/** A candidate of a run that ranks by other scores is given its ZiCo, on its page and for the front. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { WorkerHere } from '../worker-here.ts';
import { FakeBridge, fakeRun } from '../fake-bridge.ts';

vi.setConfig({ testTimeout: 150_000 }); // whole pages, on a machine that may be busy

beforeEach(() => {
  prepareDom();
  vi.stubGlobal('Worker', WorkerHere);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('a candidate whose run ranks by other scores', () => {
  it('has a button that computes its ZiCo, here and for the front', async () => {
    location.hash = '#/run/demo/45';
    const run = fakeRun({ run: 'demo', candidates: 60, settings: { score: 'near', beta: 2 } });
    run.rows = run.rows.map((row) => ({
      ...row,
      ...{ zico: null, zicoCapped: null, bias: null, biases: {}, proxies: { near: row.id } },
    }));
    const bridge = new FakeBridge([run]);
    render(App, { workbench: new WorkbenchShell(bridge) });
    const button = await screen.findByRole('button', { name: 'Compute ZiCo' });
    await fireEvent.click(button);
    await screen.findByText(/ZiCo 145\.0 − 2\.00 × bias 10\.0 = ZiCo-BC 125\.0/);
    expect(screen.queryByRole('button', { name: 'Compute ZiCo' })).toBeNull();
    await fireEvent.keyDown(window, { key: 'Escape' });
    // The panels of a run come a frame apart; among so many elements roles take long to look for, texts do not.
    const patient = { timeout: 60_000 };
    const all = await screen.findByText(/^Compute ZiCo of \d+ candidates$/, {}, patient);
    await fireEvent.click(all);
    await waitFor(() => {
      expect(screen.queryByText(/^Comput(e|ing) ZiCo/)).toBeNull();
    }, patient);
  });

  it('offers none where the run computes it', async () => {
    location.hash = '#/run/demo/45';
    const bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 60 })]);
    render(App, { workbench: new WorkbenchShell(bridge) });
    await screen.findByRole('table', { name: 'Layers of c-0045' });
    expect(screen.queryByRole('button', { name: /Compute ZiCo/ })).toBeNull();
  });
});
