import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatorFor } from '../../../main/random.ts';
import { crowdingDistances } from '../../../main/search/crowding.ts';
import { constrainedDominates, type Individual } from '../../../main/common/dominance.ts';
import { nonDominatedSort } from '../../../main/search/non-dominated-sort.ts';
import {
  binaryTournament,
  compareCrowded,
  rankPopulation,
  selectSurvivors,
} from '../../../main/search/nsga2.ts';

const coordinate = fc.integer({ min: 0, max: 6 });
const population: fc.Arbitrary<Individual[]> = fc.array(
  fc.record({
    objectives: fc.tuple(coordinate, coordinate, coordinate),
    violation: fc.constantFrom(0, 0, 0, 1, 2),
  }),
  { maxLength: 40 },
);

/** The definition: peel off, again and again, what nobody that is left dominates. */
function naiveFronts(individuals: readonly Individual[]): number[][] {
  let left = individuals.map((_, i) => i);
  const fronts: number[][] = [];
  while (left.length > 0) {
    const front = left.filter(
      (i) => !left.some((j) => constrainedDominates(individuals[j]!, individuals[i]!)),
    );
    fronts.push(front);
    left = left.filter((i) => !front.includes(i));
  }
  return fronts;
}

describe('non-dominated sort', () => {
  it('equals the definition', () => {
    fc.assert(
      fc.property(population, (individuals) => {
        expect(nonDominatedSort(individuals)).toEqual(naiveFronts(individuals));
      }),
      { numRuns: 500 },
    );
  });
});

describe('crowding distance', () => {
  it('is infinite at the ends and the normalised gap between neighbours inside', () => {
    const front = [[0, 10], [1, 6], [4, 2], [10, 0]]; // prettier-ignore
    const [a, b, c, d] = crowdingDistances(front);
    expect([a, d]).toEqual([Infinity, Infinity]);
    expect(b).toBeCloseTo(4 / 10 + 8 / 10, 12);
    expect(c).toBeCloseTo(9 / 10 + 6 / 10, 12);
  });

  it('gives nothing where all points agree, and infinity to one or two points apart', () => {
    expect(crowdingDistances([[1, 1], [1, 1]])).toEqual([0, 0]); // prettier-ignore
    expect(crowdingDistances([[1, 2], [2, 1]])).toEqual([Infinity, Infinity]); // prettier-ignore
    expect(crowdingDistances([])).toEqual([]);
  });

  it('does not depend on scale or order', () => {
    const points = fc.uniqueArray(fc.tuple(fc.integer({ max: 99 }), fc.integer({ max: 99 })), {
      maxLength: 12,
      selector: ([x]) => x,
    });
    const distinctInY = points.filter((p) => new Set(p.map(([, y]) => y)).size === p.length);
    fc.assert(
      fc.property(distinctInY, (front) => {
        const scaled = front.map(([x, y]) => [8 * x, 0.5 * y]).reverse();
        expect(crowdingDistances(scaled).reverse()).toEqual(crowdingDistances(front));
      }),
    );
  });
});

describe('environmental selection', () => {
  it('never drops a better individual for a worse one, and keeps what it is given', () => {
    fc.assert(
      fc.property(population, fc.nat({ max: 45 }), (individuals, size) => {
        const survivors = selectSurvivors(individuals, size);
        expect(survivors).toHaveLength(Math.min(size, individuals.length));
        expect(new Set(survivors.map((s) => s.individual)).size).toBe(survivors.length);
        const kept = new Set(survivors.map((s) => s.individual));
        const dropped = rankPopulation(individuals).filter((r) => !kept.has(r.individual));
        for (const lost of dropped) {
          for (const survivor of survivors) {
            expect(compareCrowded(lost, survivor)).toBeGreaterThanOrEqual(0);
          }
        }
      }),
    );
  });
});

describe('binary tournament', () => {
  const ranked = rankPopulation([
    { objectives: [0, 0] },
    { objectives: [1, 1] },
    { objectives: [2, 2] },
  ]);

  it('never lets the worst of distinct individuals win, and lets the best win two times in three', () => {
    const random = generatorFor('tournament');
    const wins = [0, 0, 0];
    for (let i = 0; i < 3000; i++) wins[binaryTournament(ranked, random).rank]!++;
    expect(wins[2]).toBe(0);
    expect(wins[0]! / 3000).toBeCloseTo(2 / 3, 1);
  });

  it('works with one individual', () => {
    const only = ranked.slice(0, 1);
    expect(binaryTournament(only, generatorFor(1))).toBe(only[0]);
  });
});
