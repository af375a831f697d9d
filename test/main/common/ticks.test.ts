import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearTicks, logTicks } from '../../../main/common/ticks.ts';

describe('ticks', () => {
  const spans = fc
    .tuple(
      fc.double({ min: -3, max: 9, noNaN: true }),
      fc.double({ min: 0.01, max: 4, noNaN: true }),
    )
    .map(([from, extent]) => ({ from, to: from + extent }));

  it('of a logarithmic axis lie inside, apart, in order, and at the value they show', () => {
    fc.assert(
      fc.property(spans, (span) => {
        const ticks = logTicks(span, 560, 44);
        const perUnit = 560 / (span.to - span.from);
        ticks.forEach(({ at, value }, i) => {
          expect(at).toBeGreaterThanOrEqual(span.from);
          expect(at).toBeLessThanOrEqual(span.to);
          expect(Math.log10(value)).toBeCloseTo(at, 5);
          if (i > 0) expect((at - ticks[i - 1]!.at) * perUnit).toBeGreaterThanOrEqual(44);
        });
      }),
    );
  });

  it('exist on a short stretch of a logarithmic axis too', () => {
    expect(logTicks({ from: Math.log10(57), to: Math.log10(240) }, 560, 44).length).toBeGreaterThan(
      3,
    );
    expect(
      logTicks({ from: Math.log10(1.02), to: Math.log10(1.19) }, 560, 44).length,
    ).toBeGreaterThan(1);
  });

  it('of a linear axis are round', () => {
    expect(linearTicks({ from: 57, to: 112 }, 300, 48).map((tick) => tick.value)).toEqual([
      60, 70, 80, 90, 100, 110,
    ]);
  });

  it('of a linear axis lie inside, apart and in order', () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(value, fc.double({ min: 1e-3, max: 1e12, noNaN: true }), (from, extent) => {
        const span = { from, to: from + extent };
        const perUnit = 560 / (span.to - span.from);
        linearTicks(span, 560, 44).forEach(({ at }, i, all) => {
          expect(at).toBeGreaterThanOrEqual(span.from - extent * 1e-6);
          expect(at).toBeLessThanOrEqual(span.to + extent * 1e-6);
          if (i > 0) expect((at - all[i - 1]!.at) * perUnit).toBeGreaterThan(43.9);
        });
      }),
    );
  });

  it('are none where values hardly differ, or there is no stretch at all', () => {
    expect(linearTicks({ from: 1, to: 1 + 2 * Number.EPSILON }, 300, 48)).toEqual([]);
    expect(linearTicks({ from: 5, to: 5 }, 300, 48)).toEqual([]);
    expect(linearTicks({ from: NaN, to: NaN }, 300, 48)).toEqual([]);
  });
});
