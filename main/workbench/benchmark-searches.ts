/** Searches judged by the accuracies that ship with the product, with its images. */
import { readAccuracyTable } from '../benchmark/accuracy-table.ts';
import { budgetsOf, knownAccuracies } from '../benchmark/known-accuracies.ts';
import type { SearchBenchmarkSettings } from '../common/search-benchmarks.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { spaceNamed } from '../space/index.ts';
import type { BatchSet } from '../task/batches.ts';
import { drawBatches } from '../task/draw-batches.ts';
import { openImages } from '../task/embedded.ts';
import { judgingInChild, type GuideProcess } from './guides.ts';
import {
  judgingHere,
  runSearchBenchmark,
  type SearchBenchmarkRequest,
  type SearchBenchmarkResult,
} from './search-benchmark.ts';
import type { Scoring } from './start-scoring.ts';

export interface SearchBenchmarkServices {
  readonly assetsFolder: string;
  /** Where searches compute and fronts are judged; null: in this process. */
  readonly guide: GuideProcess | null;
  start(space: DescribedSpace, batches: BatchSet): Promise<Scoring>;
}

/** Throws `unknown-space`, `table-missing`, and what `runSearchBenchmark` throws. */
export async function benchmarkSearches(
  settings: SearchBenchmarkSettings,
  { assetsFolder, guide, start }: SearchBenchmarkServices,
  session: Pick<SearchBenchmarkRequest, 'began' | 'progress' | 'scoresFolder' | 'signal'>,
): Promise<SearchBenchmarkResult> {
  const { signal } = session;
  const space = spaceNamed(settings.space);
  const file = knownAccuracies(space.name, assetsFolder);
  const dataset = await openImages(null, assetsFolder);
  const batches = await drawBatches(dataset, settings);
  const here = async () => {
    const table = await readAccuracyTable(file, space);
    return judgingHere(space, table, budgetsOf(space, table), signal);
  };
  const judging =
    guide === null
      ? await here()
      : await judgingInChild(guide, { space: space.description, table: file }, signal);
  try {
    return await runSearchBenchmark({
      ...{ ...settings, ...session, space, judging, batches, guide },
      startScoring: () => start(space, batches),
    });
  } finally {
    await judging.close();
  }
}
