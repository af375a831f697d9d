/** What a benchmark of searches found, as rows of a table. */
import type { Spread } from '../../../main/common/order-statistics.ts';
import { baselines, judgedFronts, type Quality } from '../../../main/common/search-benchmarks.ts';
import type { SearchBenchmarkView } from '../../../preload/contract.ts';
import { searchBenchmarksText } from './text.ts';

type Result = SearchBenchmarkView['result'];
export type QualityMeasure = 'regret' | 'hypervolume';

export interface JudgedRow {
  readonly name: string;
  readonly networks: Spread;
  /** Along the columns of the table. */
  readonly cells: readonly Spread[];
}

export interface JudgedGroup {
  readonly title: string;
  readonly rows: readonly JudgedRow[];
}

/** Numbers of candidates after which the searches were judged, in ascending order. */
export function candidateCounts({ methods }: Result): readonly number[] {
  const all = methods.flatMap(({ after }) => after.map(({ candidates }) => candidates));
  return [...new Set(all)].sort((a, b) => a - b);
}

/** The fronts of each search after so many candidates, then those that need no score. */
export function judgedRows(result: Result, measure: QualityMeasure, place: number): JudgedGroup[] {
  const row = (name: string, quality: Quality): JudgedRow => ({
    name,
    networks: quality.networks,
    cells: result.columns.map((column) => quality[measure][column]!),
  });
  const searches = result.methods.flatMap(({ search, after }): JudgedGroup[] => {
    const judged = after.find(({ candidates }) => candidates === place);
    if (judged === undefined) return [];
    const rows = judgedFronts.map((front) =>
      row(searchBenchmarksText.fronts[front], judged[front]),
    );
    return [{ title: searchBenchmarksText.method[search], rows }];
  });
  // Where no choice is a width all sums are equal, and their front is a single network.
  const known = baselines.filter(
    (name) => name !== 'widths' || result.baselines.widths.networks.median > 1,
  );
  const rows = known.map((name) =>
    row(searchBenchmarksText.baseline[name], result.baselines[name]),
  );
  return [...searches, { title: searchBenchmarksText.baselines, rows }];
}
