import { describe, expect, it } from 'vitest';
import { createTaskbar, taskbarProgressOf } from '../../../main/electron/taskbar.ts';

const half = { state: 'searching', evaluated: 4, failed: 1, planned: 10 } as const;

describe('progress on the taskbar', () => {
  it('is the share of the candidates that are planned', () => {
    expect(taskbarProgressOf(half)).toEqual({ share: 0.5, mode: 'normal' });
    expect(taskbarProgressOf({ ...half, state: 'paused' })).toEqual({ share: 0.5, mode: 'paused' });
  });

  it('is unknown where only time limits the search, and gone where none runs', () => {
    expect(taskbarProgressOf({ ...half, planned: null })).toEqual({
      share: 2,
      mode: 'indeterminate',
    });
    for (const state of ['finished', 'stopped', 'failed'] as const) {
      expect(taskbarProgressOf({ ...half, state }).share).toBe(-1);
    }
    expect(taskbarProgressOf(null).share).toBe(-1);
  });

  it('is set only where it changes', () => {
    const set: number[] = [];
    const window = { isDestroyed: () => false, setProgressBar: (share: number) => set.push(share) };
    const show = createTaskbar(() => [window as never]);
    show(half);
    show({ ...half, evaluated: 4.01 });
    show({ ...half, state: 'finished' });
    show(null);
    expect(set).toEqual([0.5, -1]);
  });
});
