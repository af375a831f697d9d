import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PendingTrash } from '../../../main/electron/pending-trash.ts';
import { WorkbenchError } from '../../../main/errors.ts';

let moved: string[];
let passed: { runs: readonly string[]; code: string | null }[];
let searched: string | null;
let full: boolean;
let takesMs: number;
let trash: PendingTrash;

beforeEach(() => {
  vi.useFakeTimers();
  [moved, passed, searched, full, takesMs] = [[], [], null, false, 0];
  trash = new PendingTrash({
    pathOf: async (run) => `/runs/${run}.zico`,
    isSearched: (run) => run === searched,
    moveToTrash: async (file) => {
      if (full) throw new WorkbenchError('no-trash', 'There is no room.', 'Delete it yourself.');
      if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
      moved.push(file);
    },
    forget: () => undefined,
    passed: (runs, error) => passed.push({ runs, code: error?.code ?? null }),
    waitMs: 1000,
  });
});
afterEach(() => vi.useRealTimers());

describe('runs that were thrown away a moment ago', () => {
  it('go to the trash when undoing has passed, each once', async () => {
    await trash.put(['a', 'b']);
    await trash.put(['a']);
    expect(trash.has('a')).toBe(true);
    await vi.advanceTimersByTimeAsync(999);
    expect(moved).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect(moved).toEqual(['/runs/a.zico', '/runs/b.zico']);
    expect(trash.has('a')).toBe(false);
  });

  it('stay where one of them is searched: all or none', async () => {
    searched = 'b';
    await expect(trash.put(['a', 'b'])).rejects.toMatchObject({ code: 'run-in-use' });
    expect(trash.has('a')).toBe(false);
  });

  it('are back after undoing, and what came too late is said', async () => {
    await trash.put(['a']);
    trash.restore(['a']);
    await vi.advanceTimersByTimeAsync(5000);
    expect(moved).toEqual([]);
    expect(() => trash.restore(['a'])).toThrow(/in the system’s trash/);
  });

  it('are listed again where the trash does not take them', async () => {
    full = true;
    await trash.put(['a']);
    await vi.advanceTimersByTimeAsync(1001);
    expect(passed).toEqual([{ runs: ['a'], code: 'no-trash' }]);
    expect(trash.has('a')).toBe(false);
  });

  it('that are being searched again by then stay', async () => {
    await trash.put(['a']);
    searched = 'a';
    await vi.advanceTimersByTimeAsync(1001);
    expect(moved).toEqual([]);
    expect(passed).toEqual([{ runs: ['a'], code: 'run-in-use' }]);
  });

  it('are moved once each where their time is up while the window closes', async () => {
    await trash.put(['a', 'b']);
    takesMs = 2000;
    const closed = trash.close();
    await vi.advanceTimersByTimeAsync(5000);
    await closed;
    expect(moved).toEqual(['/runs/a.zico', '/runs/b.zico']);
    expect(passed).toEqual([{ runs: ['a', 'b'], code: null }]);
  });

  it('wait by a clock of their own: one that is put back or forward changes nothing', async () => {
    await trash.put(['a']);
    vi.setSystemTime('2000-01-01');
    await vi.advanceTimersByTimeAsync(500);
    vi.setSystemTime('2050-01-01');
    expect(moved).toEqual([]);
    await vi.advanceTimersByTimeAsync(501);
    expect(moved).toEqual(['/runs/a.zico']);
  });
});
