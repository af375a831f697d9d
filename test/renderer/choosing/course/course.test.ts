import { describe, expect, it } from 'vitest';
import { bestAfter, pointsOf, triedAfter } from '../../../../renderer/choosing/course/course.ts';

const columns = (generation: number[]) => ({
  length: generation.length,
  // Columns have more room than rows.
  generation: Int32Array.from([...generation, 9, 9]),
  lastGeneration: Math.max(0, ...generation),
});

describe('how a search went', () => {
  it('counts what had been tried after each generation, in whatever order it came', () => {
    expect(triedAfter(columns([0, 1, 0, 3, 1]))).toEqual([2, 4, 4, 5]);
    expect(triedAfter(columns([]))).toEqual([]);
  });

  it('has the best score so far, and none before the first', () => {
    const best = bestAfter(columns([0, 1, 2, 2, 3]), Float64Array.of(NaN, 4, 3, 7, 5, 99, 99));
    expect(best).toEqual([NaN, 4, 7, 7]);
  });

  it('stands over the candidates, not over the generations', () => {
    expect(pointsOf([2, 4], [50, 100])).toEqual([
      { at: 2, value: 50 },
      { at: 4, value: 100 },
    ]);
  });
});
