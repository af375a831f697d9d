/** `zico benchmark SPACE --search METHODS`: how good the fronts of searches are, judged by known accuracies. */
import { scoresFolderIn } from '../../benchmark/score-cache.ts';
import { budgetsOf } from '../../benchmark/known-accuracies.ts';
import type { AccuracyTable } from '../../benchmark/accuracy-table.ts';
import type { SearchMethod } from '../../common/settings/method.ts';
import { createRateMeter } from '../../search/progress.ts';
import type { DescribedSpace } from '../../space/described-space.ts';
import type { BatchSet } from '../../task/batches.ts';
import {
  baselines,
  judgedFronts,
  type JudgedFront,
  type Quality,
} from '../../common/search-benchmarks.ts';
import {
  judgingHere,
  runSearchBenchmark,
  unmeasured,
  type SearchBenchmarkRequest,
  type SearchBenchmarkResult,
} from '../../workbench/search-benchmark.ts';
import { stateFolder } from '../../system-folders.ts';
import type { CliEnvironment } from '../environment.ts';
import { bar, startTicker } from '../progress.ts';
import type { AskedServices, SessionOptions } from '../../asked/services.ts';
import { scoredBy, span, table } from '../table.ts';

export interface SearchesToJudge extends Pick<
  SearchBenchmarkRequest,
  'count' | 'seeds' | 'seed' | 'beta' | 'weights' | 'termCap'
> {
  readonly space: DescribedSpace;
  readonly accuracies: AccuracyTable;
  readonly methods: readonly SearchMethod[];
  readonly batches: BatchSet;
  readonly session: SessionOptions;
}

/** Where scores are kept for the next benchmark. */
export const benchmarkScoresFolder = (): string => scoresFolderIn(stateFolder());

/** Runs the searches with a line of progress. Throws what `runSearchBenchmark` throws. */
export async function judgeSearches(
  { accuracies, session, ...asked }: SearchesToJudge,
  services: AskedServices,
  { stderr, interrupted: signal }: CliEnvironment,
): Promise<SearchBenchmarkResult> {
  const { space, batches, methods, seeds, count } = asked;
  const planned = methods.length * seeds * Math.min(count, space.networks);
  let [done, kept] = [0, 0];
  const meter = createRateMeter(performance.now());
  const ticker = startTicker(stderr, () => {
    const left = meter.secondsLeft(planned - done);
    return `${bar(done / planned)} ${done}/${planned} candidates, ${kept} scores reused${left === null ? '' : `, ${span(left)} left`}`;
  });
  try {
    return await runSearchBenchmark({
      ...{ ...asked, signal },
      judging: judgingHere(space, accuracies, budgetsOf(space, accuracies), signal),
      scoresFolder: benchmarkScoresFolder(),
      startScoring: () => services.startScoring(space, batches, session, unmeasured, signal),
      progress(scored) {
        done++;
        if (!scored) kept++;
        meter.record(performance.now());
        ticker.changed();
      },
    });
  } finally {
    ticker.stop();
  }
}

const baselineTitles: Readonly<Record<(typeof baselines)[number], string>> = {
  parameters: 'all networks, by parameters',
  macs: 'all networks, by MACs',
  widths: 'all networks, by the sum of ln(widths)',
  accuracy: 'all networks, by that accuracy',
};

const searched: Readonly<Record<JudgedFront, string>> = {
  offered: 'front of estimates',
  scored: 'scored ones, by estimates',
  raw: 'scored ones, by scores',
};

/** For people: a table of regrets, and one of hypervolumes. */
export function searchesInWords(result: SearchBenchmarkResult): string {
  const { columns, budgets, methods, scoring, computed, reused } = result;
  const megas = budgets.map((macs) => (macs / 1e6).toPrecision(3).replace(/\.0+$/, ''));
  const rows = (cell: (quality: Quality, column: string) => string): string[][] => [
    ...methods.flatMap(({ search, after }) =>
      after.flatMap((one) =>
        judgedFronts.map((which) => [
          `${search}, ${one.candidates}: ${searched[which]}`,
          one[which].networks.median.toFixed(0),
          ...columns.map((column) => cell(one[which], column)),
        ]),
      ),
    ),
    ...baselines.map((name) => [
      baselineTitles[name],
      result.baselines[name].networks.median.toFixed(0),
      ...columns.map((column) => cell(result.baselines[name], column)),
    ]),
  ];
  const heads = [
    { title: '', align: 'left' as const },
    { title: 'networks' },
    ...columns.map((title) => ({ title })),
  ];
  return [
    `Accuracy lost by who takes the front's best within a budget, in points: mean over ${megas.join(', ')} million MACs; median (least to most) of the seeds`,
    table(
      heads,
      rows(({ regret }, column) => spread(regret[column]!, 2)),
    ),
    'Hypervolume as a share of the true front, of at most 20 networks each',
    table(
      heads,
      rows(({ hypervolume }, column) => spread(hypervolume[column]!, 3)),
    ),
    scoredBy(scoring),
    `${computed} scores computed, ${reused} reused.`,
  ].join('\n');
}

function spread({ median, least, most }: Quality['networks'], digits: number): string {
  const [middle, from, to] = [median, least, most].map((value) => value.toFixed(digits));
  return from === to ? middle! : `${middle} (${from} to ${to})`;
}
