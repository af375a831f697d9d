import { describe, expect, it } from 'vitest';
import {
  highest,
  sparkLine,
  waitedFor,
  workOf,
} from '../../../../renderer/phones/at-work/at-work.ts';
import { phoneAtWork } from '../../fake-phones.ts';

describe('a phone that measures, in words', () => {
  it('works, or says why it waits, for how long and for how long at most', () => {
    expect(workOf(phoneAtWork('A'))).toEqual({
      ...{ word: 'Measuring', mood: 'ok', reason: '', waited: '' },
    });
    const message = 'The battery is 41.0 °C, above 35 °C.';
    const hot = phoneAtWork('A', { state: 'waiting', message, waitedMs: 80_000, limitMs: 600_000 });
    expect(workOf(hot)).toEqual({
      ...{ word: 'Waiting', mood: 'hot', reason: message },
      waited: '1 min 20 s of 10 min at most',
    });
    // What it waited for before says nothing about what it does now.
    expect(workOf({ ...hot, state: 'measuring', message: null }).waited).toBe('');
    expect(workOf(phoneAtWork('A', { state: 'away' }))).toMatchObject({ mood: 'failed' });
    expect(workOf(phoneAtWork('A', { state: 'idle' })).reason).toMatch(/No candidate is waiting/);
  });

  it('holds a search up where no other phone measures', () => {
    const hot = phoneAtWork('A', { state: 'waiting', message: 'It is hot.' });
    const away = phoneAtWork('B', { state: 'away', message: 'It was unplugged.' });
    expect(waitedFor([])).toBeNull();
    expect(waitedFor([hot, phoneAtWork('B')])).toBeNull();
    expect(waitedFor([away])).toEqual({
      ...{ word: 'Waiting for the phone', reason: 'It was unplugged.' },
    });
    expect(waitedFor([hot, away])).toEqual({
      ...{ word: 'Waiting for the phones', reason: 'It is hot.' },
    });
  });

  it('knows the fastest core where the phone tells any', () => {
    expect(highest([1_950_000, null, 2_730_000])).toBe(2_730_000);
    expect(highest([null])).toBeNull();
  });

  it('draws its latencies from the first to the last, higher ones higher', () => {
    const box = { width: 100, height: 20 };
    expect(sparkLine([], box)).toBe('');
    expect(sparkLine([1, 2], box)).toBe('M2.0 18.0L98.0 2.0');
    expect(sparkLine([5], box)).toBe('M2.0 10.0h0.01');
    expect(sparkLine([3, 3, 3], box)).toBe('M2.0 10.0L50.0 10.0L98.0 10.0');
  });
});
