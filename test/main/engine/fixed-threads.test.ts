import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fastest } from '../../../main/engine/choose-layout.ts';
import { layoutsOfFixedThreads } from '../../../main/engine/layout.ts';

const memory = 64 * 2 ** 30;
const auto = { threads: null, workers: 'auto' } as const;

describe('layouts of an engine whose scores depend on threads', () => {
  it('prefer single threads, which give the same scores on every computer', () => {
    expect(layoutsOfFixedThreads(auto, null, 4, memory)).toEqual([
      { workers: 4, threads: 1 },
      { workers: 1, threads: 4 },
    ]);
  });

  it('keep the threads that a run has, with as many processes as there is room for', () => {
    expect(layoutsOfFixedThreads(auto, 2, 8, memory)).toEqual([{ workers: 4, threads: 2 }]);
    expect(layoutsOfFixedThreads(auto, 4, 2, memory)).toEqual([{ workers: 1, threads: 4 }]);
    expect(layoutsOfFixedThreads({ threads: null, workers: 3 }, 1, 8, memory)).toEqual([
      { workers: 3, threads: 1 },
    ]);
  });

  it('never change settled threads, whatever is asked and wherever', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 64 }),
        fc.option(fc.integer({ min: 1, max: 8 })),
        (settled, processors, workers) => {
          const wishes = { threads: null, workers: workers ?? 'auto' } as const;
          const layouts = layoutsOfFixedThreads(wishes, settled, processors, memory);
          expect(layouts).toHaveLength(1);
          expect(layouts[0].threads).toBe(settled);
          expect(layouts[0].workers).toBeGreaterThanOrEqual(1);
        },
      ),
    );
  });

  it('give the first one up only for one that is clearly faster', () => {
    const trials = (first: number | null, second: number | null) => [
      { layout: { workers: 2, threads: 1 }, candidatesPerMinute: first },
      { layout: { workers: 1, threads: 2 }, candidatesPerMinute: second },
    ];
    expect(fastest(trials(100, 109), 1.1).threads).toBe(1);
    expect(fastest(trials(100, 111), 1.1).threads).toBe(2);
    expect(fastest(trials(null, 50), 1.1).threads).toBe(2);
    expect(fastest(trials(null, null), 1.1).threads).toBe(1);
  });
});
