import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawDistinct } from '../../main/draw.ts';

describe('drawing without repetition', () => {
  it('gives different numbers below the count, as many as asked for', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 50 }), fc.nat({ max: 50 }), (seed, a, b) => {
        const [wanted, count] = [Math.min(a, b), Math.max(a, b)];
        const drawn = drawDistinct(xoroshiro128plus(seed), count, wanted);
        expect(new Set(drawn).size).toBe(wanted);
        expect(drawn.every((i) => Number.isInteger(i) && i >= 0 && i < count)).toBe(true);
      }),
    );
  });

  it('reaches every order equally often', () => {
    const random = xoroshiro128plus(1);
    const seen = new Map<string, number>();
    const draws = 24_000;
    for (let i = 0; i < draws; i++) {
      const order = drawDistinct(random, 4, 4).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    const chiSquare = [...seen.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(49.7); // 23 degrees of freedom, p = 0.001
  });

  it('takes a space of millions without keeping a list of it', () => {
    expect(drawDistinct(xoroshiro128plus(1), 44_000_000, 10)).toHaveLength(10);
  });

  it('refuses to draw more than there are', () => {
    expect(() => drawDistinct(xoroshiro128plus(1), 3, 4)).toThrow(RangeError);
  });
});
