import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { offerMs, UndoStore } from '../../../renderer/ground/undo.svelte.ts';
import { MarkStore } from '../../../renderer/open-run/marks.svelte.ts';
import { Pins } from '../../../renderer/open-run/pins.svelte.ts';
import { FakeBridge } from '../fake-bridge.ts';

let undone: string[];
let failures: unknown[];
let store: UndoStore;
beforeEach(() => {
  vi.useFakeTimers();
  [undone, failures] = [[], []];
  store = new UndoStore(async (action) => {
    try {
      await action();
      return true;
    } catch (error) {
      failures.push(error);
      return false;
    }
  });
});
afterEach(() => vi.useRealTimers());

const action = (done: string) => ({ done, undo: async () => void undone.push(done) });

describe('what can be undone', () => {
  it('is offered for a while, and taken back by the key after that as well', async () => {
    store.did(action('renamed'));
    expect(store.offer?.done).toBe('renamed');
    vi.advanceTimersByTime(offerMs + 1);
    expect(store.offer).toBeNull();
    await store.undo();
    expect(undone).toEqual(['renamed']);
    expect(store.latest).toBeNull();
  });

  it('is taken back in the order from the latest to the first, each once', async () => {
    for (const done of ['one', 'two', 'three']) store.did(action(done));
    for (let i = 0; i < 4; i++) await store.undo();
    expect(undone).toEqual(['three', 'two', 'one']);
  });

  it('is gone with its offer where it is brief', async () => {
    store.did(action('tagged'));
    store.did({ ...action('thrown away'), brief: true });
    vi.advanceTimersByTime(offerMs + 1);
    await store.undo();
    expect(undone).toEqual(['tagged']);
  });

  it('is not shown where it is quiet, and what is offered comes first', async () => {
    store.did(action('tagged'));
    store.did({ ...action('starred'), quiet: true });
    expect(store.offer?.done).toBe('tagged');
    expect(store.latest?.done).toBe('tagged');
    store.dismiss();
    expect(store.latest?.done).toBe('starred');
    await store.undo();
    expect(undone).toEqual(['starred']);
  });

  it('says what went wrong', async () => {
    store.did({ done: 'thrown away', undo: () => Promise.reject(new Error('too late')) });
    await store.undo();
    expect(failures).toEqual([new Error('too late')]);
  });
});

describe('stars and pins', () => {
  it('take nothing away that was noted since on another page of the run', async () => {
    const bridge = new FakeBridge();
    const page = (): MarkStore =>
      new MarkStore(
        bridge,
        'r',
        (error) => failures.push(error),
        (what) => store.did(what),
      );
    await page().toggleStar(3);
    const later = page();
    await later.load();
    await later.setNote(3, 'for the watch');
    await store.undo();
    expect(bridge.marks).toEqual([
      { candidate: 3, starred: false, note: 'for the watch', name: '' },
    ]);
    expect(failures).toEqual([]);
  });

  it('are shown as they are where the page was left and opened again before they were undone', async () => {
    const bridge = new FakeBridge();
    const did = (what: Parameters<UndoStore['did']>[0]): void => store.did(what);
    const page = () => ({
      marks: new MarkStore(bridge, 'r', (error) => failures.push(error), did),
      pins: new Pins(localStorage, 'r', did),
    });
    const first = page();
    await first.marks.toggleStar(3);
    first.pins.toggle(3);
    first.marks.close();
    first.pins.close();
    const second = page();
    await second.marks.load();
    second.pins.toggle(5);
    expect([second.marks.starred.has(3), second.pins.all]).toEqual([true, [3, 5]]);
    for (let i = 0; i < 3; i++) await store.undo();
    expect([second.marks.starred.has(3), second.pins.all]).toEqual([false, []]);
    expect(new Pins(localStorage, 'r').all).toEqual([]);
    localStorage.clear();
  });

  it('are put back as they were', async () => {
    const did = (what: Parameters<UndoStore['did']>[0]): void => store.did(what);
    const marks = new MarkStore(new FakeBridge(), 'r', (error) => failures.push(error), did);
    const pins = new Pins(localStorage, 'r', did);
    await marks.toggleStar(3);
    expect(marks.starred.has(3)).toBe(true);
    pins.toggle(3);
    pins.toggle(5);
    pins.toggle(3);
    expect(store.offer?.done).toBe('c-0003 was unpinned.');
    await store.undo();
    expect(pins.all).toEqual([3, 5]);
    // What was pinned since then is not lost with it.
    pins.toggle(3);
    pins.toggle(7);
    await store.undo();
    expect(pins.all).toEqual([3, 5, 7]);
    for (let i = 0; i < 4; i++) await store.undo();
    expect(pins.all).toEqual([]);
    expect(marks.starred.has(3)).toBe(false);
    expect(failures).toEqual([]);
    localStorage.clear();
  });
});
