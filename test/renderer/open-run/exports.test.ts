/** Exports of a run go on when its page is left, and the page opened again knows them. */
import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { tasksOf } from '../../../renderer/app/tasks.ts';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom, wholeRun } from '../dom.ts';
import { FakeBridge, fakeRun, Refusal } from '../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Lets exports of several wait until the test lets them go; returns what does that. */
function heldBack(bridge: FakeBridge): () => void {
  let letGo: () => void = () => undefined;
  const written = new Promise<void>((resolve) => (letGo = resolve));
  const call = bridge.call.bind(bridge) as (...asked: unknown[]) => Promise<never>;
  vi.spyOn(bridge, 'call').mockImplementation(async (...asked: unknown[]): Promise<never> => {
    if (asked[0] === 'candidate.exportSeveral') await written;
    return call(...asked);
  });
  return () => letGo();
}

const leave = async (): Promise<void> => {
  location.hash = '#/searches';
  await screen.findByRole('heading', { level: 1, name: 'Searches' });
};
const comeBack = async (): Promise<void> => {
  location.hash = '#/run/demo';
  await wholeRun();
};
const told = () => screen.findByRole('status', { name: 'Export of several networks' });

it('shows how far an export is, and how it ended, on the page that is opened again', async () => {
  location.hash = '#/run/demo';
  const bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 20 })]);
  const letGo = heldBack(bridge);
  const workbench = new WorkbenchShell(bridge);
  render(App, { workbench });
  await wholeRun();
  const writing = workbench.exports.of('demo').writeSeveral([1, 2]);
  await leave();
  const several = { at: 2, of: 2 };
  bridge.emit('export.progress', {
    run: 'demo',
    id: 2,
    file: 'c.onnx',
    index: 0,
    count: 1,
    several,
  });
  await comeBack();
  expect((await told()).textContent).toContain('Exporting c-0002, 2 of 2: c.onnx');
  await leave();
  letGo();
  await writing;
  await comeBack();
  await waitFor(async () => expect((await told()).textContent).toContain('2 networks exported'));
});

it('follows the run when it is renamed meanwhile', async () => {
  location.hash = '#/run/demo';
  const bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 20 })]);
  const letGo = heldBack(bridge);
  const workbench = new WorkbenchShell(bridge);
  render(App, { workbench });
  await wholeRun();
  const writing = workbench.exports.of('demo').writeSeveral([1, 2]);
  await leave();
  // What writes knows the new name before the page has been told.
  bridge.emit('export.progress', {
    ...{ run: 'better', id: 2, file: 'c.onnx', index: 0, count: 1 },
    several: { at: 2, of: 2 },
  });
  await workbench.runActions.rename(bridge.find('demo').summary, 'better');
  expect(tasksOf(workbench)).toMatchObject([{ title: 'better', share: 0.5 }]);
  location.hash = '#/run/better';
  await wholeRun();
  expect((await told()).textContent).toContain('Exporting c-0002, 2 of 2: c.onnx');
  // Undone while its page is open, the page goes along.
  await workbench.undo.undo();
  await waitFor(() => expect(location.hash).toBe('#/run/demo'));
  await waitFor(async () => expect((await told()).textContent).toContain('Exporting'));
  letGo();
  await writing;
  await waitFor(async () => expect((await told()).textContent).toContain('2 networks exported'));
});

it('keeps nothing of runs that were looked at and left', async () => {
  location.hash = '#/run/demo';
  const runs = ['demo', 'second'].map((run) => fakeRun({ run, candidates: 20 }));
  const workbench = new WorkbenchShell(new FakeBridge(runs));
  render(App, { workbench });
  await wholeRun();
  await leave();
  workbench.exports.of('second').toggle('html');
  workbench.exports.of('second').close();
  expect(workbench.exports.size).toBe(1);
  // What somebody chose there stays.
  workbench.exports.of('demo');
  expect(workbench.exports.size).toBe(2);
});

it('takes back what it said of a failure once it has gone well', async () => {
  location.hash = '#/run/demo';
  const bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 20 })]);
  const full = { code: 'disk-full', message: 'The disk is full.', hint: 'Make room.' };
  bridge.overrides['candidate.export'] = () => {
    throw new Refusal(full);
  };
  const workbench = new WorkbenchShell(bridge);
  render(App, { workbench });
  await wholeRun();
  const exports = workbench.exports.of('demo');
  await exports.write(1);
  expect(workbench.notices.list).toMatchObject([{ message: full.message }]);
  // Whoever calls off choosing a folder has exported nothing.
  bridge.overrides['candidate.export'] = () => null;
  await exports.write(1);
  expect(workbench.notices.list).toMatchObject([{ message: full.message }]);
  delete bridge.overrides['candidate.export'];
  await exports.write(1);
  expect(workbench.notices.list).toEqual([]);
});

it('says of two exports that failed only how the later one ended', async () => {
  location.hash = '#/run/demo';
  const bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 20 })]);
  const workbench = new WorkbenchShell(bridge);
  render(App, { workbench });
  await wholeRun();
  const exports = workbench.exports.of('demo');
  for (const message of ['The disk is full.', 'The folder is read-only.']) {
    bridge.overrides['candidate.export'] = () => {
      throw new Refusal({ code: 'io', message, hint: '' });
    };
    await exports.write(1);
  }
  expect(workbench.notices.list).toMatchObject([{ message: 'The folder is read-only.', times: 1 }]);
  await exports.write(1);
  expect(workbench.notices.list).toMatchObject([{ message: 'The folder is read-only.', times: 2 }]);
  // What has another cause is told beside it.
  workbench.fail(new Error('Elsewhere.'));
  expect(workbench.notices.list).toHaveLength(2);
});
