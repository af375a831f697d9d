/** What a benchmark of searches found, with made-up figures. */
import {
  baselines,
  judgedFronts,
  type Quality,
  type QualityAfter,
} from '../../main/common/search-benchmarks.ts';
import type { SearchBenchmarkView } from '../../preload/contract.ts';

const columns = ['cifar10_test_acc', 'cifar100_test_acc', 'imagenet16_120_test_acc'];

function quality(networks: number, regret: number): Quality {
  const around = (median: number) => ({ median, least: 0.5 * median, most: 1.5 * median });
  const byColumn = (of: (column: number) => number) =>
    Object.fromEntries(columns.map((column, c) => [column, around(of(c))]));
  return {
    networks: around(networks),
    regret: byColumn((c) => regret * (c + 1)),
    hypervolume: byColumn((c) => 0.9 - regret / 10 - c / 100),
  };
}

/** Of guided and random searches after 20 and 40 candidates. */
export function judgedSearches(benchmark: string): SearchBenchmarkView {
  const searches = ['guided', 'random'] as const;
  return {
    summary: {
      ...{ benchmark, createdAt: '2025-01-01T00:00:00.000Z', seconds: 90, error: null },
      settings: {
        ...{ space: 'nats-sss', methods: [...searches], count: 40, seeds: 3, seed: 0 },
        ...{ preset: 'robust', beta: 2, termCap: 100 },
        ...{ weights: 'pytorch-default', batches: 4, batchSize: 8 },
      },
    },
    result: {
      ...{ columns, budgets: [1e7, 2e7], computed: 60, reused: 20 },
      scoring: { engine: 'onnxruntime', version: '1.30.0', workers: 2, threads: 1, note: null },
      methods: searches.map((search, s) => ({
        search,
        after: [20, 40].map((candidates) => {
          const fronts = judgedFronts.map((front, f) => [
            front,
            quality(10 + f, (s + 1) * (f + 1) * (20 / candidates) * 0.2),
          ]);
          return { candidates, ...Object.fromEntries(fronts) } as QualityAfter;
        }),
      })),
      baselines: Object.fromEntries(
        baselines.map((name, i) => [name, quality(15, name === 'accuracy' ? 0 : 0.5 + i)]),
      ) as SearchBenchmarkView['result']['baselines'],
    },
  };
}
