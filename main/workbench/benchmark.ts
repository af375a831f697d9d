/** A benchmark with the accuracies and images that ship with the product. */
import { readAccuracyTable } from '../benchmark/accuracy-table.ts';
import type { BenchmarkSettings } from '../common/benchmarks.ts';
import { knownAccuracies } from '../benchmark/known-accuracies.ts';
import { scorePasses, type PassesObserver } from '../benchmark/passes.ts';
import { ScoreCache } from '../benchmark/score-cache.ts';
import { proxyNames } from '../common/proxies.ts';
import { spaceNamed } from '../space/index.ts';
import type { Genotype, Space } from '../space/space.ts';
import type { BatchSet } from '../task/batches.ts';
import { drawBatches } from '../task/draw-batches.ts';
import { openImages } from '../task/embedded.ts';
import type { Scoring } from './start-scoring.ts';

export interface BenchmarkServices {
  readonly assetsFolder: string;
  /** Where scores are kept, so that nothing is computed twice. */
  readonly scoresFolder: string;
  startScoring(
    space: Space,
    batches: BatchSet,
    candidates: number,
    signal: AbortSignal,
  ): Promise<Scoring>;
}

export interface BenchmarkObserver extends PassesObserver {
  /** The table was read: its columns, and a network's accuracies along them, in %. */
  known?(columns: readonly string[], accuracies: ReadonlyMap<Genotype, readonly number[]>): void;
}

/** Throws WorkbenchError: `unknown-space`, `table-missing`, and what `runPasses` throws. */
export async function runBenchmark(
  settings: BenchmarkSettings,
  services: BenchmarkServices,
  observer: BenchmarkObserver,
  signal: AbortSignal,
): Promise<void> {
  const space = spaceNamed(settings.space);
  const { assetsFolder, scoresFolder } = services;
  const table = await readAccuracyTable(knownAccuracies(space.name, assetsFolder), space);
  observer.known?.(
    table.columns,
    new Map(table.rows.map(({ genotype, accuracies }) => [genotype, accuracies])),
  );
  const dataset = await openImages(null, assetsFolder);
  const { batches, batchSize, biasSize, biasLayers } = settings;
  // Nothing is judged here: the window does that for any beta, of what is stored.
  await scorePasses(
    {
      ...settings,
      ...{ space, table, signal, bias: { biasSize, biasLayers } },
      proxies: proxyNames,
      keeping: (decisive) => ScoreCache.open(scoresFolder, [space.description, decisive]),
      draw: (seed) => drawBatches(dataset, { batches, batchSize, seed }),
      startScoring: (drawn, networks) => services.startScoring(space, drawn, networks, signal),
    },
    observer,
  );
}
