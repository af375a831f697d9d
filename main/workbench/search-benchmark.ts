/**
 * How good is what a search gives: searches over networks whose accuracies are known, by real scores, and
 * then the accuracies of the networks on the front that each of them offers.
 */
import { isSpaceInCode } from '../common/space-in-code.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AccuracyTable } from '../benchmark/accuracy-table.ts';
import type { FrontQuality } from '../benchmark/front-quality.ts';
import { ScoreCache } from '../benchmark/score-cache.ts';
import {
  baselines,
  judgedFronts,
  type ReferenceRule,
  type Quality,
  type QualityAfter,
} from '../common/search-benchmarks.ts';
import { defaultSearchSettings, type SearchSettings } from '../common/settings/index.ts';
import { defaultInFlight, type SearchMethod } from '../common/settings/method.ts';
import { defaultTermCap } from '../common/settings/score.ts';
import type { WeightScheme } from '../graph/graph.ts';
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import { scoreOf } from '../proxy/zico.ts';
import type { CandidateScore } from '../run/candidate.ts';
import { runInSlices } from '../search/guided/slices.ts';
import { memoryRun, newRun } from '../search/memory-run.ts';
import { runSearch } from '../search/search.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { initialNetwork } from '../space/initial-network.ts';
import type { Genotype } from '../space/space.ts';
import type { BatchSet } from '../task/batches.ts';
import { GuideChild, type GuideProcess } from './guides.ts';
import { acrossSeeds, FrontJudge, type JudgedAfter, type Judging } from './search-judging.ts';
import { countsOf } from './size-of.ts';
import type { Scoring } from './start-scoring.ts';

export interface SearchBenchmarkRequest {
  readonly space: DescribedSpace;
  /** Knows the accuracy of every network of the space. */
  readonly judging: Judging;
  readonly methods: readonly SearchMethod[];
  /** Candidates of a search. */
  readonly count: number;
  /** Searches by each method. */
  readonly seeds: number;
  /** Of images and initial weights, and of the first search; the next have the seeds after it. */
  readonly seed: number;
  readonly beta: number;
  /** Null ranks by the plain score. */
  readonly termCap: number | null;
  readonly weights: WeightScheme;
  readonly batches: BatchSet;
  /** Where scores are kept. */
  readonly scoresFolder: string;
  /** Where guided searches compute; absent: in this process. */
  readonly guide?: GuideProcess | null;
  startScoring(): Promise<Scoring>;
  /** Which search begins: the n-th of its method, from 1 on. */
  readonly began?: (search: SearchMethod, number: number) => void;
  /** After every candidate. @param scored false where its score was kept from earlier */
  readonly progress?: (scored: boolean) => void;
  readonly signal: AbortSignal;
}

export interface SearchBenchmarkResult {
  readonly columns: readonly string[];
  readonly budgets: readonly number[];
  readonly scoring: ScoringPlan;
  readonly methods: readonly {
    readonly search: SearchMethod;
    readonly after: readonly QualityAfter[];
  }[];
  /** Fronts of all networks, by what needs no score; by the accuracy of a column for that column. */
  readonly baselines: Readonly<Record<ReferenceRule, Quality>>;
  /** Scores that were computed, and that were kept from earlier. */
  readonly computed: number;
  readonly reused: number;
}

/**
 * Fewer candidates than what has its layout measured: so the same processes score each time, and scores are found
 * again.
 */
export const unmeasured = 1;

/** Judges in this process, in slices. Throws `table-incomplete`. */
export function judgingHere(
  space: DescribedSpace,
  table: AccuracyTable,
  budgets: readonly number[],
  signal: AbortSignal,
): Judging {
  const judge = new FrontJudge(space, table, budgets);
  const pause = async (): Promise<void> => {
    await nextTurn();
    signal.throwIfAborted();
  };
  return {
    ...{ columns: table.columns, budgets },
    after: (settings, candidates) => runInSlices(judge.after(settings, candidates), pause),
    baselines: async () => judge.baselines(),
    close: async () => undefined,
  };
}

/** Throws what scoring and judging throw. */
export async function runSearchBenchmark(
  request: SearchBenchmarkRequest,
): Promise<SearchBenchmarkResult> {
  const { space, judging, methods, seeds, seed, scoresFolder, batches, signal } = request;
  const { columns, budgets } = judging;
  const count = (genotype: Genotype) => countsOf(space, genotype);
  const scoring = await request.startScoring();
  try {
    const { engine, version, threads, precision, instructions } = scoring.plan;
    const cache = await ScoreCache.open(scoresFolder, [
      ...[space.description, engine, version, threads, precision ?? null, instructions ?? null],
      ...[batches.description, request.weights, seed, defaultTermCap],
    ]);
    let [computed, reused] = [0, 0];
    const score = async (genotype: Genotype, halt: AbortSignal): Promise<CandidateScore> => {
      const known = cache.get(genotype);
      if (known === null) {
        const graph = initialNetwork(space, genotype, request.weights, seed, 'scoring');
        const asked = { graph, termCap: defaultTermCap };
        const { layers } = await scoring.engine.statistics(asked, halt);
        await cache.add(genotype, scoreOf(layers));
        computed++;
      } else reused++;
      request.progress?.(known === null);
      return {
        ...cache.get(genotype)!,
        ...{ termCap: defaultTermCap, losses: [], layers: [], seconds: 0 },
        engine: scoring.engine.identity,
      };
    };
    const results = [];
    for (const search of methods) {
      const runs: (readonly JudgedAfter[])[] = [];
      for (let i = 0; i < seeds; i++) {
        request.began?.(search, i + 1);
        const settings = settingsOf(request, search, (seed + i) % 2 ** 32);
        const store = memoryRun(newRun(settings));
        const guidance = guidanceOf(request, settings);
        try {
          await runSearch({
            ...{ space, settings, store, score, latency: null, summarise: count, count, signal },
            concurrency: scoring.layout.workers,
            ...(guidance && { guidance }),
          });
        } finally {
          await guidance?.close();
        }
        signal.throwIfAborted();
        runs.push(await judging.after(settings, store.candidates()));
      }
      results.push({ search, after: acrossRuns(runs, columns) });
    }
    const known = await judging.baselines();
    return {
      ...{ columns, budgets, scoring: scoring.plan, methods: results },
      baselines: Object.fromEntries(
        baselines.map((name) => [name, acrossSeeds([known[name]], columns)]),
      ) as SearchBenchmarkResult['baselines'],
      ...{ computed, reused },
    };
  } finally {
    await scoring.engine.close();
  }
}

function guidanceOf(
  { guide = null, space, signal }: SearchBenchmarkRequest,
  settings: SearchSettings,
): GuideChild | null {
  if (guide === null || settings.search !== 'guided' || isSpaceInCode(space.description))
    return null;
  return new GuideChild(guide, { space: space.description, settings }, signal);
}

function settingsOf(
  { space, count, beta, termCap, weights, batches }: SearchBenchmarkRequest,
  search: SearchMethod,
  seed: number,
): SearchSettings {
  return {
    ...defaultSearchSettings,
    ...{ space: space.name, search, seed, beta, termCap, weights, latency: 'macs' },
    inFlight: search === 'nsga2' ? null : defaultInFlight,
    ...{ generations: null, candidates: count },
    ...{ batches: batches.batches.length, batchSize: batches.batchSize },
  };
}

function acrossRuns(
  runs: readonly (readonly JudgedAfter[])[],
  columns: readonly string[],
): readonly QualityAfter[] {
  return runs[0]!.map(({ candidates }, i) => {
    const of = (which: (typeof judgedFronts)[number]): readonly FrontQuality[] =>
      runs.flatMap((run) => (run[i] === undefined ? [] : [run[i][which]]));
    const across = judgedFronts.map((which) => [which, acrossSeeds(of(which), columns)]);
    return { candidates, ...Object.fromEntries(across) } as QualityAfter;
  });
}
