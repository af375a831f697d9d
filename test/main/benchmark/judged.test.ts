import { describe, expect, it, vi } from 'vitest';
import { judge, meanRegret, ndcgAt10 } from '../../../main/benchmark/judged.ts';
import { judgedMeasures } from '../../../main/common/benchmarks.ts';
import {
  predictionsOf,
  withNullsLast,
  type UntrainedScore,
} from '../../../main/common/predictors.ts';

vi.setConfig({ testTimeout: 60_000 }); // on a machine that may be busy

const accuracies = Array.from({ length: 40 }, (_, i) => 50 + ((i * 17) % 40));
const macs = accuracies.map((_, i) => 100 + (i % 4) * 100);
const budgets = [100, 200, 300, 400];

describe('an order of networks, judged by their accuracies', () => {
  it('that is the accuracies themselves loses nothing', () => {
    const judged = judge({ scores: accuracies, accuracies, macs, budgets });
    for (const measure of judgedMeasures) {
      const best = measure === 'regret' ? 0 : 1;
      expect(judged[measure]).toEqual({ value: best, from: best, to: best });
    }
  });

  it('that is their opposite is wrong of every pair', () => {
    const judged = judge({ scores: accuracies.map((a) => -a), accuracies, macs, budgets });
    expect(judged.kendallTau.value).toBe(-1);
    expect(judged.equalMacs.value).toBe(-1);
    expect(judged.regret.value).toBeGreaterThan(10);
  });

  it('that is one value says nothing: undefined, or a tie at equal cost', () => {
    const judged = judge({ scores: accuracies.map(() => 1), accuracies, macs, budgets });
    expect(judged.kendallTau).toEqual({ value: null, from: null, to: null });
    expect(judged.equalMacs.value).toBe(0);
  });

  it('has intervals that hold the value, and are the same every time', () => {
    const scores = accuracies.map((a, i) => a + 15 * Math.sin(i));
    const judged = judge({ scores, accuracies, macs, budgets });
    for (const measure of ['kendallTau', 'spearmanRho', 'equalMacs'] as const) {
      const { value, from, to } = judged[measure];
      expect(from!).toBeLessThan(value!);
      expect(to!).toBeGreaterThan(value!);
    }
    expect(judge({ scores, accuracies, macs, budgets })).toEqual(judged);
  });

  it('is the mean over draws of weights and images, and as uncertain as these', () => {
    const noisy = (seed: number) => accuracies.map((a, i) => a + 25 * Math.sin(i * seed));
    const truth = { accuracies, macs, budgets };
    const draws = [noisy(1), noisy(2.3), noisy(3.7)] as const;
    const single = draws.map((scores) => judge({ scores, ...truth }));
    const all = judge({ scores: draws[0], moreDraws: draws.slice(1), ...truth });
    for (const measure of judgedMeasures) {
      const mean = single.reduce((sum, one) => sum + one[measure].value! / 3, 0);
      expect(all[measure].value).toBeCloseTo(mean, 12);
      expect(all[measure].from!).toBeLessThanOrEqual(all[measure].value!);
      expect(all[measure].to!).toBeGreaterThanOrEqual(all[measure].value!);
    }
    // The same draw three times is one draw.
    const thrice = judge({ scores: draws[0], moreDraws: [draws[0], draws[0]], ...truth });
    expect(thrice.kendallTau.from).toBeCloseTo(single[0]!.kendallTau.from!, 12);
  });

  it('looks at pairs of equal cost alone, and at some of them where there are millions', () => {
    const many = Array.from({ length: 2500 }, (_, i) => (i * 7919) % 2500);
    const alike = { accuracies: many, macs: many.map(() => 1), budgets: [1] };
    expect(judge({ scores: many, ...alike }).equalMacs.value).toBe(1);
    const apart = { accuracies: [1, 2, 3], macs: [1, 2, 4], budgets: [4] };
    expect(judge({ scores: [1, 2, 3], ...apart }).equalMacs.value).toBeNull();
  });

  it('is worked out by hand where it is small', () => {
    const three = { accuracies: [90, 80, 70], macs: [1, 2, 3], budgets: [1, 2, 3] };
    expect(meanRegret([1, 2, 3], three)).toBe((0 + 10 + 20) / 3);
    expect(meanRegret([1], { accuracies: [90], macs: [5], budgets: [1] })).toBeNaN();
    expect(ndcgAt10([2, 1], [0, 100])).toBeCloseTo(1 / Math.log2(3));
  });
});

describe('predictions', () => {
  const network = (near: number | null, synflow: number | null): UntrainedScore => ({
    ...{ zico: 1, zicoCapped: 1, bias: 1, parameters: 1, macs: 1 },
    facts: {
      layers: 1,
      liveLayers: 1,
      lnChannels: 1,
      proxies: { near: { value: near }, synflow: { value: synflow } },
    },
  });

  it('rank a network without a value last', () => {
    expect(withNullsLast([3, null, -5])).toEqual([3, -10, -5]);
    expect(withNullsLast([null])).toBeNull();
  });

  it('add up ranks among the networks that there are', () => {
    const networks = [network(1, 30), network(2, null), network(3, 10)];
    expect(predictionsOf('nearSynflow', networks, 1)).toEqual([1 + 3, 2 + 1, 3 + 2]);
    expect(predictionsOf('meco', networks, 1)).toBeNull();
  });
});
