import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatorFor } from '../../main/random.ts';
import { polynomialMutation, simulatedBinaryCrossover } from './real-operators.ts';

const bounds = Array.from({ length: 5 }, () => ({ lower: -1, upper: 3 }));
const genes = fc.array(fc.double({ min: -1, max: 3, noNaN: true }), { minLength: 5, maxLength: 5 });
const inside = (value: number): boolean => value >= -1 && value <= 3;

describe('simulated binary crossover', () => {
  it('stays inside the bounds and is reproducible', () => {
    fc.assert(
      fc.property(genes, genes, fc.nat(), (a, b, seed) => {
        const cross = (): [number[], number[]] =>
          simulatedBinaryCrossover(a, b, bounds, { eta: 15, perGene: 1 }, generatorFor(seed));
        expect(cross().flat().every(inside)).toBe(true);
        expect(cross()).toEqual(cross());
      }),
    );
  });

  it('keeps the mean of the parents on average', () => {
    const [a, b] = [[0.6, 0.6, 0.6, 0.6, 0.6], [1.4, 1.4, 1.4, 1.4, 1.4]]; // prettier-ignore
    const random = generatorFor('mean');
    let sum = 0;
    for (let i = 0; i < 2000; i++) {
      const children = simulatedBinaryCrossover(a, b, bounds, { eta: 5, perGene: 1 }, random);
      for (const gene of children.flat()) sum += gene;
    }
    expect(sum / 20_000).toBeCloseTo(1, 2);
  });

  it('copies the parents where no gene takes part', () => {
    const children = simulatedBinaryCrossover(
      [0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1],
      bounds,
      { eta: 15, perGene: 0 },
      generatorFor(0),
    );
    expect(children).toEqual([
      [0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1],
    ]);
  });
});

describe('polynomial mutation', () => {
  it('stays inside the bounds', () => {
    fc.assert(
      fc.property(genes, fc.nat(), (x, seed) => {
        const child = polynomialMutation(x, bounds, { eta: 20, perGene: 1 }, generatorFor(seed));
        expect(child.every(inside)).toBe(true);
      }),
    );
  });

  it('moves genes less, the larger eta is', () => {
    const moved = (eta: number): number => {
      const random = generatorFor('eta');
      let distance = 0;
      for (let i = 0; i < 500; i++) {
        for (const gene of polynomialMutation([1, 1, 1, 1, 1], bounds, { eta, perGene: 1 }, random))
          distance += Math.abs(gene - 1);
      }
      return distance;
    };
    expect(moved(5)).toBeGreaterThan(2 * moved(50));
  });
});
