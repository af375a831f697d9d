import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontJudge, thinnedTo, type TableNetwork } from '../../../main/benchmark/front-quality.ts';

const network = (macs: number, ...accuracies: number[]): TableNetwork => ({ macs, accuracies });
const networks = [
  network(10, 50, 30),
  network(20, 60, 20),
  network(30, 70, 60),
  network(40, 80, 50),
];
const [cheap, second, third, dear] = networks as [
  TableNetwork,
  TableNetwork,
  TableNetwork,
  TableNetwork,
];
const judge = frontJudge(networks, [10, 25, 40]);
const offer = (...pairs: [TableNetwork, number][]) =>
  pairs.map(([one, score]) => ({ network: one, score }));

describe('the worth of a front', () => {
  it('is the accuracy that its best network within a budget lacks, over the budgets', () => {
    const { regret, networks: length } = judge(offer([cheap, 1], [dear, 2]));
    expect(length).toBe(2);
    // 50 of 50, 50 of 60, 80 of 80; and 30 of 30, 30 of 30, 50 of 60.
    expect(regret).toEqual([10 / 3, 10 / 3]);
  });

  it('goes by the scores, whatever the accuracies are', () => {
    const misled = judge(offer([cheap, 5], [second, 4], [third, 3], [dear, 2]));
    expect(misled.networks).toBe(1);
    expect(misled.regret[0]).toBeCloseTo((0 + 10 + 30) / 3, 12);
  });

  it('counts the worst network where nothing is within a budget', () => {
    const { regret } = judge(offer([dear, 1]));
    // Within 10 there is one network alone, which is best and worst; within 25 the worse of two.
    expect(regret[0]).toBeCloseTo((0 + 10 + 0) / 3, 12);
  });

  it('is without loss for the true front, which has all of its hypervolume', () => {
    const many = Array.from({ length: 200 }, (_, i) => network(i + 1, Math.log(i + 1)));
    const perfect = frontJudge(many, [5, 50, 150]);
    const all = perfect(many.map((one) => ({ network: one, score: one.accuracies[0]! })));
    expect(all).toEqual({ networks: 200, regret: [0], hypervolume: [1] });
  });

  it('takes no length for quality: a long front is thinned before its hypervolume', () => {
    const many = Array.from({ length: 400 }, (_, i) => network(i + 1, (i * 37) % 100));
    const { networks: length, hypervolume } = frontJudge(
      many,
      [100],
    )(many.map((one) => ({ network: one, score: one.macs })));
    expect(length).toBe(400);
    expect(length).toBeGreaterThan(thinnedTo);
    expect(hypervolume[0]).toBeLessThan(1);
  });

  it('is never below nothing lost nor above all of the front', () => {
    const scores = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(scores, (values) => {
        const { regret } = judge(networks.map((one, i) => ({ network: one, score: values[i]! })));
        for (const lost of regret) expect(lost).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
