import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatorFor, seedOf } from '../../main/random.ts';

const part = fc.oneof(
  fc.string({ maxLength: 8 }).filter((s) => !s.includes('\u001f')),
  fc.nat(),
);

describe('a seed', () => {
  it('is a 32-bit number, a function of its parts and their order', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        const seed = seedOf(...parts);
        expect(seed).toBe(seed >>> 0);
        expect(seedOf(...parts)).toBe(seed);
      }),
    );
    expect(seedOf('a', 'b')).not.toBe(seedOf('b', 'a'));
    expect(seedOf('a', 'b')).not.toBe(seedOf('ab'));
    expect(seedOf(1, 23)).not.toBe(seedOf(12, 3));
  });

  it('lies far from those of neighbouring names: half of the bits differ, and none repeats', () => {
    const seeds = Array.from({ length: 20_000 }, (_, i) => seedOf('run', i));
    // 20,000 draws of 2^32 collide 0.05 times on average.
    expect(new Set(seeds).size).toBeGreaterThanOrEqual(seeds.length - 2);
    let bits = 0;
    for (let i = 1; i < seeds.length; i++) {
      bits += (seeds[i]! ^ seeds[i - 1]!).toString(2).replaceAll(/[^1]/g, '').length;
    }
    // Negative numbers print their magnitude, whose bits are as random.
    expect(bits / (seeds.length - 1)).toBeGreaterThan(13);
  });

  it('stays what it was: runs are resumed by later versions', () => {
    expect(seedOf('batches', 7)).toBe(4168183352);
    const random = generatorFor('batches', 7);
    expect([random.next(), random.next(), random.next()]).toEqual([
      126783943, 1133029144, -497475628,
    ]);
  });
});

describe('a generator', () => {
  it('is that of its name, every time from the start', () => {
    const draw = (...name: (string | number)[]) => {
      const random = generatorFor(...name);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw('a', 1)).toEqual(draw('a', 1));
    expect(draw('a', 1)).not.toEqual(draw('a', 2));
  });
});
