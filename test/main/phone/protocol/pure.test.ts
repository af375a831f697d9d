import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PhoneConditions } from '../../../../main/common/phone-conditions.ts';
import type { Repeat } from '../../../../main/latency/phone-measurement.ts';
import { clustersOf } from '../../../../main/phone/clusters.ts';
import { chooseCores } from '../../../../main/phone/protocol/clusters.ts';
import { driftOf } from '../../../../main/phone/protocol/drift.ts';
import { latencyFigures } from '../../../../main/phone/protocol/figures.ts';
import { closedGate, defaultGates } from '../../../../main/phone/protocol/gates.ts';
import { driftingRepeat, driftLimit, unsteady } from '../../../../main/latency/repeats.ts';
import { faultOf, HighestLimit, slowerClock } from '../../../../main/phone/protocol/steadiness.ts';
import { goodConditions } from '../../../support/phone-conditions.ts';

const cores = (...maxKHz: number[]) => clustersOf(new Map(maxKHz.entries()));
const exynos = cores(...Array<number>(4).fill(1950000), ...[2314000, 2314000, 2730000, 2730000]);
const snapdragon = cores(
  ...Array<number>(4).fill(1785600),
  ...Array<number>(3).fill(2419200),
  2841600,
);

describe('clusters', () => {
  it.each([
    [exynos, 'little', 0x0f],
    [exynos, 'mid', 0x30],
    [exynos, 'big', 0xc0],
    [snapdragon, 'little', 0x0f],
    [snapdragon, 'mid', 0x70],
    [snapdragon, 'big', 0x80],
  ] as const)('come from frequencies: %# %s', (clusters, choice, mask) => {
    expect(chooseCores(clusters, choice).mask).toBe(mask);
  });

  it('take a mask of cores that are there and refuse others', () => {
    expect(chooseCores(exynos, { mask: 0x41 })).toEqual({
      cores: [0, 6],
      maxKHz: 2730000,
      mask: 0x41,
    });
    expect(() => chooseCores(exynos, { mask: 0x100 })).toThrow('names cores that are not there');
    expect(() => chooseCores(exynos, { mask: 0 })).toThrow('names cores that are not there');
  });

  it('know no mid where there are two kinds', () => {
    const two = cores(1, 1, 2, 2);
    expect(() => chooseCores(two, 'mid')).toThrow('2 kinds of cores');
  });
});

const latency = fc.double({ min: 0.01, max: 1e4, noNaN: true });
const repeatsOf = fc.array(fc.array(latency, { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 4,
});

describe('figures', () => {
  it('lie within what was measured, in their order, the median within its interval', () => {
    fc.assert(
      fc.property(repeatsOf, (repeats) => {
        const all = repeats.flat();
        const { medianMs, intervalMs, p90Ms, minMs } = latencyFigures(repeats);
        expect(minMs).toBe(Math.min(...all));
        expect(minMs).toBeLessThanOrEqual(medianMs);
        expect(medianMs).toBeLessThanOrEqual(p90Ms);
        expect(p90Ms).toBeLessThanOrEqual(Math.max(...all));
        if (repeats.length === 1) expect(intervalMs).toBeNull();
        else {
          expect(intervalMs![0]).toBeLessThan(medianMs);
          expect(intervalMs![1]).toBeGreaterThan(medianMs);
        }
      }),
      { numRuns: 30 },
    );
  });
});

const gates = defaultGates;

describe('gates', () => {
  it.each<[Partial<PhoneConditions>, string]>([
    [{ batteryC: 35.1 }, 'hot'],
    [{ thermalStatus: 1 }, 'throttled'],
    [{ batteryLevel: 14 }, 'battery-low'],
    [{ screen: 'asleep' }, 'asleep'],
    [{ screen: 'dozing' }, 'asleep'],
  ])('wait for %o', (change, reason) => {
    expect(closedGate({ ...goodConditions, ...change }, gates)).toMatchObject({ reason });
  });

  it('stand open for a good phone, at the limits, while it charges, and where nothing is known', () => {
    expect(closedGate(goodConditions, gates)).toBeNull();
    expect(closedGate({ ...goodConditions, batteryC: 35, batteryLevel: 15 }, gates)).toBeNull();
    expect(closedGate({ ...goodConditions, powered: 'usb' }, gates)).toBeNull();
    const unknown = { batteryC: null, batteryLevel: null, thermalStatus: null, screen: null };
    expect(closedGate({ ...goodConditions, ...unknown }, gates)).toBeNull();
  });

  it('let a dark screen pass where it is allowed', () => {
    const dark = { ...goodConditions, screen: 'asleep' } as const;
    expect(closedGate(dark, { ...gates, screenOn: false })).toBeNull();
  });
});

function repeat(ms: number, change: Partial<Repeat> = {}): Repeat {
  return {
    latenciesMs: [ms, ms, ms],
    firstMs: null,
    loadMs: null,
    maxRssKiB: null,
    involuntarySwitches: null,
    before: goodConditions,
    after: goodConditions,
    coreKHzBefore: [],
    coreKHzAfter: [],
    discarded: null,
    ...change,
  };
}

describe('what is measured again', () => {
  const big = chooseCores(exynos, 'big');
  const kHz = (last: number) => [...Array<number>(7).fill(1000), last];

  it('is a repeat during which a core in use became slower, another core not', () => {
    const slowed = repeat(1, { coreKHzBefore: kHz(1000), coreKHzAfter: kHz(940) });
    expect(faultOf(slowed, big, gates)).toBe('frequency-fell');
    expect(faultOf(slowed, chooseCores(exynos, 'little'), gates)).toBeNull();
    const within = repeat(1, { coreKHzBefore: kHz(1000), coreKHzAfter: kHz(960) });
    expect(faultOf(within, big, gates)).toBeNull();
  });

  it('is a repeat that ended with lowered limits, or warm', () => {
    const lowered = { ...goodConditions, coreLimitKHz: Array<number>(8).fill(500) };
    expect(faultOf(repeat(1, { after: lowered }), big, gates)).toBe('frequency-fell');
    const warm = { ...goodConditions, thermalStatus: 1 };
    expect(faultOf(repeat(1, { after: warm }), big, gates)).toBe('thermal-status');
  });

  it('is a repeat of a core that was allowed a higher clock a few minutes ago', () => {
    const highest = new HighestLimit(big);
    expect(highest.at(0)).toBe(0);
    const limitedTo = (last: number) => ({
      ...goodConditions,
      coreLimitKHz: [...Array<number>(6).fill(2000), last, last],
    });
    const throttled = repeat(12, { before: limitedTo(2200), after: limitedTo(2200) });
    expect(faultOf(throttled, big, gates, highest.at(0))).toBeNull();
    highest.note(0, limitedTo(2700));
    highest.note(60_000, limitedTo(2200));
    expect(highest.at(60_000)).toBe(2700);
    expect(faultOf(throttled, big, gates, highest.at(60_000))).toBe('frequency-fell');
    const nearly = repeat(10, { before: limitedTo(2600), after: limitedTo(2600) });
    expect(faultOf(nearly, big, gates, highest.at(60_000))).toBeNull();
    // It stays slow, and phones that tell no limits have none.
    highest.note(11 * 60_000, limitedTo(2200));
    expect(faultOf(throttled, big, gates, highest.at(11 * 60_000))).toBeNull();
    const silent = new HighestLimit(big);
    silent.note(0, { coreLimitKHz: [] });
    expect(silent.at(0)).toBe(0);
    const untold = { ...goodConditions, coreLimitKHz: [] };
    expect(faultOf(repeat(1, { before: untold, after: untold }), big, gates, 2700)).toBeNull();
  });

  it('is a repeat at a lower clock than another of the same model', () => {
    const fast = repeat(10, { coreKHzAfter: kHz(2700) });
    const slow = repeat(12, { coreKHzAfter: kHz(2300) });
    const untold = repeat(11);
    const contradicts = slowerClock(big);
    expect(contradicts(slow, [fast, slow, untold])).toBe('frequency-fell');
    expect(contradicts(fast, [fast, slow, untold])).toBeNull();
    expect(contradicts(untold, [fast, slow, untold])).toBeNull();
    expect(contradicts(slow, [slow, untold])).toBeNull();
  });

  it('is the repeat furthest from the others, once they are more than 5 % apart', () => {
    expect(driftingRepeat([repeat(10), repeat(10.4), repeat(10.2)])).toBeNull();
    expect(driftingRepeat([repeat(10), repeat(12), repeat(10.2)])).toBe(1);
    expect(driftingRepeat([repeat(10), repeat(12, { discarded: 'frequency-fell' })])).toBeNull();
    expect(driftingRepeat([repeat(10)])).toBeNull();
  });

  it('leaves repeats that agree', () => {
    const close = fc.array(fc.double({ min: 1, max: 1 + driftLimit - 1e-9, noNaN: true }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(close, (medians) => {
        expect(driftingRepeat(medians.map((ms) => repeat(ms)))).toBeNull();
      }),
    );
  });

  it('counts in full where it never became steady', () => {
    const all = [
      repeat(1, { discarded: 'medians-drift' }),
      repeat(2),
      repeat(3, { discarded: 'medians-drift' }),
    ];
    const { repeats, reasons } = unsteady(all);
    expect(reasons).toEqual(['medians-drift']);
    expect(repeats.map(({ discarded }) => discarded)).toEqual([null, null, null]);
  });
});

describe('drift', () => {
  it('is none while the reference stays, and stands beside the raw figure', () => {
    expect(driftOf(7, [2, 2, 2])).toEqual({ factor: 1, correctedMs: 7, referenceMs: [2, 2, 2] });
  });

  it('takes off what the phone became slower by', () => {
    // The phone became 10 % slower between begin and model: 11 ms were 10 ms at the begin.
    expect(driftOf(11, [2, 2.2, 2.2]).correctedMs).toBeCloseTo(10, 9);
  });
});
