import { beforeEach, expect, it, vi } from 'vitest';
import { layoutNetwork, type LayoutRequest } from '../../../../renderer/candidate/layout/layout.ts';
import { ArchitectureStore } from '../../../../renderer/candidate/architecture/architecture.svelte.ts';
import { FakeBridge, fakeRun } from '../../fake-bridge.ts';

/** Layouts that are done when the test says so. */
class Layouts {
  readonly waiting: { request: LayoutRequest; finish: () => void; cancelled: boolean }[] = [];
  readonly start = (request: LayoutRequest) => {
    let resolve = (_: ReturnType<typeof layoutNetwork>): void => undefined;
    const done = new Promise<ReturnType<typeof layoutNetwork>>((kept) => (resolve = kept));
    const entry = { request, cancelled: false, finish: () => resolve(layoutNetwork(request)) };
    this.waiting.push(entry);
    return { done, cancel: () => void (entry.cancelled = true) };
  };

  get latest() {
    return this.waiting[this.waiting.length - 1]!;
  }

  async finish(): Promise<void> {
    this.latest.finish();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

let layouts: Layouts;
let store: ArchitectureStore;
let errors: unknown[];

beforeEach(async () => {
  layouts = new Layouts();
  errors = [];
  const bridge = new FakeBridge([fakeRun({ run: 'a', candidates: 30 })]);
  const onError = (error: unknown): void => void errors.push(error);
  store = new ArchitectureStore({ bridge, run: 'a', onError, start: layouts.start });
  await store.load(3);
});

it('opens the stage that computes most, and shows it once it is laid out', async () => {
  const heaviest = store.stages
    .filter(({ nodes }) => nodes.length > 1)
    .reduce((most, stage) => (stage.macs > most.macs ? stage : most));
  expect([...store.open]).toEqual([heaviest.stage]);
  expect(store.layout).toBeNull();
  expect(store.working).toBe(true);
  await layouts.finish();
  expect(store.working).toBe(false);
  expect(store.layout?.boxes.map(({ id }) => id).sort()).toEqual(
    heaviest.nodes.map(({ id }) => id).sort(),
  );
});

it('gives a layout up when another one is wanted', async () => {
  await layouts.finish();
  const shown = store.layout;
  store.unfoldAll();
  const first = layouts.latest;
  store.foldAll();
  expect(first.cancelled).toBe(true);
  first.finish();
  await Promise.resolve();
  expect(store.layout).toBe(shown);
  await layouts.finish();
  expect(store.layout?.boxes).toEqual([]);
});

it('goes back to what is shown when laying out is cancelled', async () => {
  await layouts.finish();
  const before = [...store.open];
  store.unfoldAll();
  store.cancel();
  expect(layouts.latest.cancelled).toBe(true);
  expect(store.working).toBe(false);
  expect([...store.open]).toEqual(before);
});

it('goes from match to match and opens the stages they are in', async () => {
  await layouts.finish();
  store.term = 'op23';
  const found = store.matches.map(({ id }) => id);
  expect(found.length).toBeGreaterThan(1);
  expect(store.find(0)).toBe(found[0]);
  expect(store.find(1)).toBe(found[1]);
  expect(store.find(-1)).toBe(found[0]);
  expect(store.find(-1)).toBe(found.at(-1));
  expect(store.selected).toBe(found.at(-1));
  expect(store.open.has(store.node(found.at(-1)!)!.stage)).toBe(true);
});

it('keeps stages open from one candidate to the next', async () => {
  store.foldAll();
  store.toggle('stage2');
  await layouts.finish();
  await store.load(4);
  expect([...store.open]).toEqual(['stage2']);
  expect(store.selected).toBeNull();
});

it('unfolds what was asked for before the network had arrived, in whatever order answers come', async () => {
  const bridge = new FakeBridge([fakeRun({ run: 'a', candidates: 30 })]);
  const onError = (error: unknown): void => void errors.push(error);
  const early = new ArchitectureStore({ bridge, run: 'a', onError, start: layouts.start });
  const loading = early.load(3);
  early.unfoldAll();
  await loading;
  await layouts.finish();
  const all = early.stages.filter(({ nodes }) => nodes.length > 1).map(({ stage }) => stage);
  expect([...early.open]).toEqual(all);
  // All folded is a wish as well, which the next network keeps.
  early.foldAll();
  await early.load(4);
  expect([...early.open]).toEqual([]);
});

it('does not lose a network to an error of the one before', async () => {
  const bridge = new FakeBridge([fakeRun({ run: 'a', candidates: 30 })]);
  const late = new ArchitectureStore({
    ...{ bridge, run: 'a', start: layouts.start },
    onError: (error: unknown) => void errors.push(error),
  });
  const call = bridge.call.bind(bridge) as (...asked: unknown[]) => Promise<never>;
  let first = true;
  vi.spyOn(bridge, 'call').mockImplementation(async (...asked: unknown[]): Promise<never> => {
    if (!first) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return call(...asked);
    }
    first = false;
    const error = { code: 'internal', message: 'It is gone.', hint: '' };
    return { ok: false, error } as never;
  });
  const loads = [late.load(3), late.load(4)];
  await Promise.all(loads);
  expect(errors).toHaveLength(1);
  expect(late.stages.length).toBeGreaterThan(0);
});

it('tells of a layout that failed, and goes back', async () => {
  await layouts.finish();
  const failing = { done: Promise.reject(new Error('No worker.')), cancel: () => undefined };
  const other = new ArchitectureStore({
    bridge: new FakeBridge([fakeRun({ run: 'a', candidates: 5 })]),
    ...{ run: 'a', onError: (error: unknown) => void errors.push(error), start: () => failing },
  });
  await other.load(1);
  await new Promise((resolve) => setTimeout(resolve));
  expect(errors).toHaveLength(1);
  expect(other.working).toBe(false);
});
