import { describe, expect, it } from 'vitest';
import { createRateMeter } from '../../../main/search/progress.ts';

describe('rate of a search', () => {
  it('is unknown before the first candidate', () => {
    const meter = createRateMeter(0);
    expect(meter.perMinute()).toBeNull();
    expect(meter.secondsLeft(10)).toBeNull();
  });

  it('counts the first candidate from the start', () => {
    const meter = createRateMeter(1000);
    meter.record(4000);
    expect(meter.perMinute()).toBe(20);
    expect(meter.secondsLeft(10)).toBe(30);
    expect(meter.secondsLeft(0)).toBe(0);
  });

  it('does not take preparing for searching once a few have finished', () => {
    const meter = createRateMeter(0);
    for (const nowMs of [60_000, 61_000, 62_000]) meter.record(nowMs);
    expect(meter.perMinute()).toBeCloseTo(2.9, 1);
    meter.record(63_000);
    expect(meter.perMinute()).toBe(60);
    expect(meter.secondsLeft(10)).toBe(10);
  });

  it('forgets what lies before its window', () => {
    const meter = createRateMeter(0, 4);
    for (const nowMs of [60_000, 61_000, 62_000, 63_000, 64_000]) meter.record(nowMs);
    expect(meter.perMinute()).toBe(60);
  });

  it('is unknown rather than infinite where no time has passed', () => {
    const meter = createRateMeter(5);
    meter.record(5);
    expect(meter.perMinute()).toBeNull();
  });
});
