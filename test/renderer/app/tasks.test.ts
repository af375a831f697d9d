import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { tasksOf } from '../../../renderer/app/tasks.ts';
import { RunSession } from '../../../renderer/open-run/session.svelte.ts';
import type { ExportedSeveral as SeveralExported } from '../../../renderer/open-run/export.svelte.ts';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge, fakeBenchmark, fakeModel, fakeRun } from '../fake-bridge.ts';

let workbench: WorkbenchShell;
beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(bridge: FakeBridge): void {
  workbench = new WorkbenchShell(bridge);
  render(App, { workbench });
}

describe('the list of running tasks', () => {
  it('shows a search with its progress, leads to it and stops it', async () => {
    const bridge = new FakeBridge([fakeRun({ run: 'night', state: 'searching', candidates: 50 })]);
    open(bridge);
    const trigger = await screen.findByRole('button', { name: /^Running tasks/ });
    await waitFor(() => expect(trigger.textContent).toMatch(/Searching\s*night\s*25 %/));
    await fireEvent.click(trigger);
    const list = await screen.findByRole('dialog');
    await fireEvent.click(within(list).getByRole('button', { name: 'Stop night' }));
    expect(bridge.calls.some(({ method }) => method === 'search.stop')).toBe(true);
    await fireEvent.click(within(list).getByRole('button', { name: 'Open night' }));
    expect(location.hash).toBe('#/run/night');
  });

  it('says so when nothing runs, and asks for no load', async () => {
    const bridge = new FakeBridge([]);
    open(bridge);
    const trigger = await screen.findByRole('button', { name: /^Running tasks/ });
    expect(trigger.textContent).toContain('No task running');
    expect(bridge.calls.some(({ method }) => method === 'app.load')).toBe(false);
  });

  it('shows the load of the engine while something runs', async () => {
    open(new FakeBridge([fakeRun({ run: 'night', state: 'searching', candidates: 50 })]));
    await screen.findByRole('img', { name: '91 % of the processors' });
  });

  it('says of models that are all scored that they are measured', async () => {
    const bridge = new FakeBridge();
    const measured = { ...fakeModel(1, 'a.onnx', [8, 8, 8, 8, 8]), measuring: true };
    bridge.models = { ...bridge.models, models: [measured], busy: true };
    workbench = new WorkbenchShell(bridge);
    await workbench.models.refresh();
    expect(tasksOf(workbench)).toMatchObject([{ state: 'Measuring models', share: null }]);
  });

  it('knows models, benchmarks and what is repeated as well, each with a way to stop it', async () => {
    const bridge = new FakeBridge([fakeRun({ run: 'a', candidates: 5 })]);
    const done = fakeModel(1, 'a.onnx', [8, 8, 8, 8, 8]);
    const waiting = { ...fakeModel(2, 'b.onnx', [8, 8, 8, 8, 8]), state: 'waiting' as const };
    bridge.models = { ...bridge.models, models: [done, waiting], busy: true };
    bridge.benchmarks = [fakeBenchmark('b', { state: 'running' })];
    bridge.overrides['candidate.scoreAgain'] = () => null;
    workbench = new WorkbenchShell(bridge);
    await workbench.models.refresh();
    await workbench.benchmarks.refresh();
    const again = workbench.again.scoreAgain('a', 3);
    const tasks = tasksOf(workbench);
    expect(tasks.map(({ id, share }) => [id, share])).toEqual([
      ['models', 0.5],
      ['benchmark', null],
      ['again', null],
    ]);
    for (const { cancel } of tasks) cancel?.();
    await again;
    const called = bridge.calls.map(({ method }) => method);
    for (const method of ['models.cancel', 'benchmarks.stop', 'candidate.cancelAgain'] as const) {
      expect(called).toContain(method);
    }
    expect(tasksOf(workbench).some(({ id }) => id === 'again')).toBe(false);
  });

  it('knows what a run exports and measures again, also when its page is left', async () => {
    const run = fakeRun({ run: 'a', candidates: 5, settings: { latency: 'host' } });
    const bridge = new FakeBridge([run]);
    workbench = new WorkbenchShell(bridge);
    await workbench.runs.refresh();
    const { errands, fail } = workbench;
    const exports = workbench.exports.of('a');
    const open = () => {
      const [unused, kept] = [undefined, { errands, exports }];
      return new RunSession(bridge, 'a', fail, localStorage, unused, kept);
    };
    const session = open();
    await session.open();
    let write: (written: SeveralExported) => void = () => undefined;
    const written = new Promise<SeveralExported>((resolve) => (write = resolve));
    const call = bridge.call.bind(bridge) as (...asked: unknown[]) => Promise<never>;
    const answer = async (...asked: unknown[]): Promise<never> =>
      asked[0] === 'candidate.exportSeveral'
        ? ({ ok: true, value: await written } as never)
        : call(...asked);
    vi.spyOn(bridge, 'call').mockImplementation(answer);
    const exporting = session.exports.writeSeveral([1, 2]);
    const measuring = session.frontAgain.measure();
    expect(tasksOf(workbench).map(({ title, state }) => [title, state])).toEqual([
      ['a', 'Exporting'],
      ['a', 'Measuring the front again'],
    ]);
    session.close();
    await measuring;
    const [left, none] = tasksOf(workbench);
    expect([left!.state, none]).toEqual(['Exporting', undefined]);
    left!.cancel!();
    const cancelling = bridge.calls.find(({ method }) => method === 'candidate.cancelExports');
    expect(cancelling!.args).toEqual([{ run: 'a' }]);
    expect(tasksOf(workbench)[0]).toMatchObject({ id: left!.id, cancel: null });
    const error = { code: 'disk-full', message: 'The disk is full.', hint: 'Make room.' };
    write({ folder: '/f', ids: [1], failed: [{ id: 2, error }], cancelled: false });
    await exporting;
    expect(tasksOf(workbench)).toEqual([]);
    expect(workbench.notices.list).toMatchObject([
      { message: 'c-0002 was not exported: The disk is full.', hint: 'Make room.' },
    ]);
  });
});
