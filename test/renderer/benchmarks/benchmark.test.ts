import { describe, expect, it } from 'vitest';
import type { BenchmarkedNetwork } from '../../../preload/contract.ts';
import { correlationsOf, rankNetworks, repeatOf } from '../../../renderer/benchmarks/benchmark.ts';

/** [ZiCo, bias, accuracy] of each network. */
function networks(figures: readonly [number, number, number][]): BenchmarkedNetwork[] {
  return figures.map(([zico, bias, accuracy], i) => ({
    ...{ genotype: `n${i}`, parameters: i, macs: -i, accuracies: [accuracy] },
    scores: { zico, zicoCapped: -zico, bias },
    ...{ otherWeights: { zico, zicoCapped: zico, bias }, otherBatches: null },
  }));
}
const three = networks([
  [3, 9, 10],
  [2, 4, 20],
  [1, 1, 30],
]);

describe('the correlations of a benchmark', () => {
  it('follow beta', () => {
    expect(correlationsOf(three, 1, 'zico', 1)).toEqual([{ tau: -1, rho: -1 }]);
    expect(correlationsOf(three, 1, 'zicoBc', 0)).toEqual([{ tau: -1, rho: -1 }]);
    expect(correlationsOf(three, 1, 'zicoBc', 1)).toEqual([{ tau: 1, rho: 1 }]);
    expect(correlationsOf(three, 1, 'zicoCapped', 1)).toEqual([{ tau: 1, rho: 1 }]);
    expect(correlationsOf(three, 1, 'parameters', 1)).toEqual([{ tau: 1, rho: 1 }]);
  });

  it('are undefined over fewer than two networks', () => {
    const undefinedOne = [{ tau: null, rho: null }];
    expect(correlationsOf([], 1, 'zico', 1)).toEqual(undefinedOne);
    expect(correlationsOf(three.slice(0, 1), 1, 'zico', 1)).toEqual(undefinedOne);
  });

  it('of two scorings are over the networks that have both', () => {
    expect(repeatOf(three, 'otherBatches', 1)).toBeNull();
    const repeated = repeatOf(three, 'otherWeights', 1);
    expect(repeated).toEqual({
      count: 3,
      tau: { zico: 1, zicoBc: 1, zicoCapped: -1, zicoBcCapped: 1 },
    });
  });
});

it('networks are ranked by the score that beta and term cap make', () => {
  const order = (beta: number, capped: boolean) =>
    rankNetworks(three, beta, capped).map(({ network }) => network.genotype);
  expect(order(0, false)).toEqual(['n0', 'n1', 'n2']);
  expect(order(1, false)).toEqual(['n2', 'n1', 'n0']);
  expect(order(0, true)).toEqual(['n2', 'n1', 'n0']);
});
