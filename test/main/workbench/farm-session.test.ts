import { describe, expect, it } from 'vitest';
import { noteWith } from '../../../main/workbench/farm-session.ts';

describe('a run that workers with any engine score', () => {
  it('says so once, however often it goes on', () => {
    const first = noteWith('onednn was not there.', { any: true });
    expect(first).toMatch(/^onednn was not there\. Workers with different engines/);
    expect(noteWith(first, { any: true })).toBe(first);
    expect(noteWith(first, { any: false })).toBe(first);
    expect(noteWith(null, { any: false })).toBeNull();
  });
});
