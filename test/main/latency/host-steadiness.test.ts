import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  faultOfLoad,
  slowerThanOthers,
  sparedCores,
} from '../../../main/latency/host-steadiness.ts';
import { PacedRuns, paceMs } from '../../../main/latency/pace.ts';
import {
  loadBetween,
  readLoad,
  type ComputerLoad,
  type LoadReading,
} from '../../../main/latency/load.ts';

const quiet: ComputerLoad = { otherCores: 0.02, stolenShare: 0, waitedShare: 0.001 };
const laptop = { cores: 2, threads: 1, bestPaceMs: Infinity };

describe('a repeat on this computer', () => {
  it('counts on a quiet computer, and where nobody tells', () => {
    expect(faultOfLoad(quiet, laptop)).toBeNull();
    const silent = { otherCores: 0, stolenShare: null, waitedShare: null };
    expect(faultOfLoad(silent, laptop)).toBeNull();
  });

  it('counts where a program has one of two cores, and not where others had part of its own', () => {
    const one = { ...quiet, otherCores: 1.02 };
    expect(faultOfLoad(one, laptop)).toBeNull();
    expect(faultOfLoad({ ...one, otherCores: 1.2 }, laptop)).toBe('other-programs');
    expect(faultOfLoad(one, { ...laptop, cores: 8, threads: 7 })).toBeNull();
    expect(faultOfLoad(one, { ...laptop, cores: 8, threads: 8 })).toBe('other-programs');
    expect(faultOfLoad(one, { ...laptop, cores: 1, threads: 1 })).toBe('other-programs');
  });

  it('does not where its time was stolen, or it stood in line', () => {
    expect(faultOfLoad({ ...quiet, stolenShare: 0.06 }, laptop)).toBe('stolen-time');
    expect(faultOfLoad({ ...quiet, waitedShare: 0.06 }, laptop)).toBe('waited-for-processor');
    expect(faultOfLoad({ ...quiet, stolenShare: 0.04, waitedShare: 0.04 }, laptop)).toBeNull();
  });

  it('never lets others have what it computes with', () => {
    const some = fc.integer({ min: 1, max: 256 });
    fc.assert(
      fc.property(some, some, (cores, threads) => {
        const spared = sparedCores({ cores, threads });
        expect(spared).toBeGreaterThan(0);
        expect(spared).toBeLessThanOrEqual(Math.max(cores - threads, 0) + 0.1);
      }),
    );
  });
});

const at = (paceMs: number): ComputerLoad => ({ ...quiet, paceMs });

describe('the pace of this computer', () => {
  it('is no fault up to 8 % below its best of late, nor where it was not looked at', () => {
    const known = { ...laptop, bestPaceMs: 0.1 };
    expect(faultOfLoad(at(0.107), known)).toBeNull();
    expect(faultOfLoad(at(0.109), known)).toBe('slower-processor');
    expect(faultOfLoad(quiet, known)).toBeNull();
    expect(faultOfLoad(at(0.2), laptop)).toBeNull();
  });

  it('takes back a repeat that a later one shows to have been slow', () => {
    const [slow, quick] = [{ load: at(0.12) }, { load: at(0.1) }];
    expect(slowerThanOthers(slow, [slow, { load: at(0.118) }])).toBeNull();
    expect(slowerThanOthers(slow, [slow, quick])).toBe('slower-processor');
    expect(slowerThanOthers(quick, [slow, quick])).toBeNull();
  });

  it('is a time that repeats itself, unless something else computes', () => {
    const all = Array.from({ length: 20 }, () => paceMs()).toSorted((a, b) => a - b);
    expect(all[0]).toBeGreaterThan(0.01);
    expect(all[10]! / all[0]!).toBeLessThan(3);
  });
});

describe('the runs of a repeat', () => {
  const paced = (best: number, paces: readonly number[]): PacedRuns => {
    const [first = 0, ...after] = paces;
    const runs = new PacedRuns(3, best, first);
    for (const [run, pace] of after.entries()) if (!runs.done) runs.add(10 + run, pace);
    return runs;
  };

  it('are as many as wanted where the pace stays', () => {
    const runs = paced(0.1, [0.1, 0.101, 0.105, 0.1, 0.1]);
    expect([runs.runsMs, runs.disturbed]).toEqual([[10, 11, 12], 0]);
    expect(runs.paceMs).toBe(0.105);
  });

  it('leave out those that the processor was slower before or after', () => {
    const runs = paced(Infinity, [0.2, 0.1, 0.1, 0.14, 0.1, 0.1, 0.1, 0.1]);
    expect([runs.runsMs, runs.disturbed, runs.paceMs]).toEqual([[11, 14, 15], 3, 0.1]);
  });

  it('are the first ones where most are slower, and the pace tells', () => {
    const runs = paced(0.1, Array<number>(20).fill(0.15));
    expect([runs.done, runs.runsMs.length, runs.disturbed]).toEqual([true, 3, 9]);
    expect(faultOfLoad(at(runs.paceMs), { ...laptop, bestPaceMs: 0.1 })).toBe('slower-processor');
  });

  it('tell the best pace that was seen, not the slowest that counts nor what was known before', () => {
    const runs = paced(Infinity, [0.105, 0.1, 0.107, 0.104, 0.106]);
    expect([runs.paceMs, runs.bestSeenMs]).toEqual([0.107, 0.1]);
    // Known from elsewhere, it is not seen: or it would be remembered for ever.
    expect(paced(0.08, [0.1, 0.102, 0.101, 0.1]).bestSeenMs).toBe(0.1);
  });

  it('are no more than have to count where they take long', () => {
    const runs = new PacedRuns(3, 0.1, 0.15);
    while (!runs.done) runs.add(12_000, 0.15);
    expect([runs.runsMs.length, runs.disturbed]).toEqual([3, 0]);
  });
});

describe('a look at the load', () => {
  const reading = (changes: Partial<LoadReading>): LoadReading => ({
    ...{ atMs: 0, busyMs: 0, ownMs: 0, stolenMs: 0, waitedMs: 0 },
    ...changes,
  });

  it('tells what others did from what this process did', () => {
    const after = reading({ atMs: 200, busyMs: 300, ownMs: 180, stolenMs: 10, waitedMs: 20 });
    const { otherCores, stolenShare, waitedShare } = loadBetween(reading({}), after);
    expect([otherCores, stolenShare, waitedShare]).toEqual([0.6, 0.05, 0.1]);
  });

  it('knows of nothing below zero, and of nothing that one of its readings lacks', () => {
    const after = reading({ atMs: 100, busyMs: 50, ownMs: 70, stolenMs: null, waitedMs: 3 });
    expect(loadBetween(reading({}), after)).toEqual({
      ...{ otherCores: 0, stolenShare: null, waitedShare: 0.03 },
    });
  });

  it('sees this process compute', () => {
    const before = readLoad();
    while (readLoad().ownMs - before.ownMs < 60);
    const after = readLoad();
    expect(after.atMs - before.atMs).toBeGreaterThan(50);
    expect(after.busyMs).toBeGreaterThan(before.busyMs);
    expect(loadBetween(before, after).otherCores).toBeGreaterThanOrEqual(0);
  });
});
