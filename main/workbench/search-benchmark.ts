/**
 * How good is what a search gives: searches over networks whose accuracies are known, by real scores, and
 * then the accuracies of the networks on the front that each of them offers.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AccuracyTable } from '../benchmark/accuracy-table.ts';
import { frontJudge, type FrontQuality, type Offered } from '../benchmark/front-quality.ts';
import { ScoreCache } from '../benchmark/score-cache.ts';
import { defaultSearchSettings, type SearchSettings } from '../common/settings/index.ts';
import { defaultInFlight, type SearchMethod } from '../common/settings/method.ts';
import { defaultTermCap } from '../common/settings/score.ts';
import type { WeightScheme } from '../graph/graph.ts';
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import { WorkbenchError } from '../errors.ts';
import { scoreOf } from '../proxy/zico.ts';
import type { Candidate, CandidateScore } from '../run/candidate.ts';
import { estimatesOf } from '../search/guided/estimates.ts';
import { runInSlices } from '../search/guided/slices.ts';
import { memoryRun, newRun } from '../search/memory-run.ts';
import { figuresOf, rankingOf } from '../run/ranking.ts';
import { runSearch } from '../search/search.ts';
import type { Size } from '../search/size.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { initialNetwork } from '../space/initial-network.ts';
import type { Genotype } from '../space/space.ts';
import type { BatchSet } from '../task/batches.ts';
import { countsOf } from './size-of.ts';
import type { Scoring } from './start-scoring.ts';

export interface SearchBenchmarkRequest {
  readonly space: DescribedSpace;
  /** Of every network of the space. */
  readonly table: AccuracyTable;
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
  /** MACs that a person may have to spend; ten. */
  readonly budgets: readonly number[];
  /** Where scores are kept. */
  readonly scoresFolder: string;
  startScoring(): Promise<Scoring>;
  /** After every candidate. @param scored false where its score was kept from earlier */
  readonly progress?: (scored: boolean) => void;
  readonly signal: AbortSignal;
}

/** Over the seeds. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Regret and hypervolume by column of the table. */
export interface Quality {
  readonly networks: Spread;
  readonly regret: Readonly<Record<string, Spread>>;
  readonly hypervolume: Readonly<Record<string, Spread>>;
}

export interface QualityAfter {
  readonly candidates: number;
  /** The front of estimates over the whole space, which a guided search offers. */
  readonly offered: Quality;
  /** Scored networks, by their estimates. */
  readonly scored: Quality;
  /** Scored networks, by their scores. */
  readonly raw: Quality;
}

export const baselines = ['parameters', 'macs', 'widths', 'accuracy'] as const;
export type Baseline = (typeof baselines)[number];

export interface SearchBenchmarkResult {
  readonly columns: readonly string[];
  readonly budgets: readonly number[];
  readonly scoring: ScoringPlan;
  readonly methods: readonly {
    readonly search: SearchMethod;
    readonly after: readonly QualityAfter[];
  }[];
  /** Fronts of all networks, by what needs no score; by the accuracy of a column for that column. */
  readonly baselines: Readonly<Record<Baseline, Quality>>;
  /** Scores that were computed, and that were kept from earlier. */
  readonly computed: number;
  readonly reused: number;
}

/** Numbers of candidates after which the fronts are judged, beside the last. */
const places = [20, 40, 60, 120, 200, 400, 800];

/** Throws `table-incomplete`, and what scoring throws. */
export async function runSearchBenchmark(
  request: SearchBenchmarkRequest,
): Promise<SearchBenchmarkResult> {
  const { space, table, methods, seeds, seed, budgets, scoresFolder, batches } = request;
  assertComplete(space, table);
  const sizes = new Map<Genotype, Size>();
  const count = (genotype: Genotype): Size => {
    const known = sizes.get(genotype) ?? countsOf(space, genotype);
    sizes.set(genotype, known);
    return known;
  };
  const networks = new Map(
    table.rows.map(({ genotype, accuracies }) => [
      genotype,
      { macs: count(genotype).macs, accuracies },
    ]),
  );
  const judge = frontJudge([...networks.values()], budgets);
  const judged = (offered: readonly { genotype: Genotype; score: number }[]): FrontQuality =>
    judge(
      offered.map(({ genotype, score }): Offered => ({ network: networks.get(genotype)!, score })),
    );
  const scoring = await request.startScoring();
  try {
    const { engine, version, threads, precision, instructions } = scoring.plan;
    const cache = await ScoreCache.open(scoresFolder, [
      ...[space.description, engine, version, threads, precision ?? null, instructions ?? null],
      ...[batches.description, request.weights, seed, defaultTermCap],
    ]);
    let [computed, reused] = [0, 0];
    const score = async (genotype: Genotype, signal: AbortSignal): Promise<CandidateScore> => {
      const known = cache.get(genotype);
      if (known === null) {
        const graph = initialNetwork(space, genotype, request.weights, seed, 'scoring');
        const asked = { graph, termCap: defaultTermCap };
        const { layers } = await scoring.engine.statistics(asked, signal);
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
      const runs: (readonly After[])[] = [];
      for (let i = 0; i < seeds; i++) {
        const settings = settingsOf(request, search, (seed + i) % 2 ** 32);
        const store = memoryRun(newRun(settings));
        await runSearch({
          ...{ space, settings, store, score, latency: null, summarise: count, count },
          ...{ concurrency: scoring.layout.workers, signal: request.signal },
        });
        request.signal.throwIfAborted();
        runs.push(await judgedRun(request, settings, store.candidates(), count, judged));
      }
      results.push({ search, after: acrossSeeds(runs, table.columns) });
    }
    return {
      ...{ columns: table.columns, budgets, scoring: scoring.plan, methods: results },
      baselines: baselinesOf(request, count, judged),
      ...{ computed, reused },
    };
  } finally {
    await scoring.engine.close();
  }
}

/** Every network that a search may come upon has to have an accuracy. */
function assertComplete(space: DescribedSpace, table: AccuracyTable): void {
  if (table.rows.length === space.networks) return;
  throw new WorkbenchError(
    'table-incomplete',
    `The table has ${table.rows.length} of the ${space.networks} networks of ${space.name}, and a search may come upon any.`,
    'Use a table of all networks, or leave --search out.',
  );
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

interface After {
  readonly candidates: number;
  readonly offered: FrontQuality;
  readonly scored: FrontQuality;
  readonly raw: FrontQuality;
}

async function judgedRun(
  { space, signal }: SearchBenchmarkRequest,
  settings: SearchSettings,
  candidates: readonly Candidate[],
  count: (genotype: Genotype) => Size,
  judged: (offered: readonly { genotype: Genotype; score: number }[]) => FrontQuality,
): Promise<readonly After[]> {
  const pause = async (): Promise<void> => {
    await nextTurn();
    signal.throwIfAborted();
  };
  const after: After[] = [];
  const last = candidates.length;
  for (const place of [...places.filter((one) => one < last), last]) {
    const first = candidates.slice(0, place);
    const estimated = await runInSlices(
      estimatesOf({ space, settings, candidates: first, count }),
      pause,
    );
    if (estimated === null) continue;
    const evaluated = first.filter((candidate) => candidate.status === 'evaluated');
    const figures = figuresOf(evaluated, rankingOf(settings));
    after.push({
      candidates: place,
      offered: judged(
        estimated.front.map(({ genotype, estimate }) => ({ genotype, score: estimate.score })),
      ),
      scored: judged(
        evaluated.map(({ id, genotype }) => ({ genotype, score: estimated.byId.get(id)!.score })),
      ),
      raw: judged(evaluated.map(({ genotype }, i) => ({ genotype, score: figures[i]! }))),
    });
  }
  return after;
}

function acrossSeeds(
  runs: readonly (readonly After[])[],
  columns: readonly string[],
): readonly QualityAfter[] {
  return runs[0]!.map(({ candidates }, i) => {
    const of = (which: 'offered' | 'scored' | 'raw'): Quality =>
      across(
        runs.flatMap((run) => (run[i] === undefined ? [] : [run[i][which]])),
        columns,
      );
    return { candidates, offered: of('offered'), scored: of('scored'), raw: of('raw') };
  });
}

function across(qualities: readonly FrontQuality[], columns: readonly string[]): Quality {
  const byColumn = (of: (quality: FrontQuality) => readonly number[]) =>
    Object.fromEntries(
      columns.map((column, c) => [column, spread(qualities.map((one) => of(one)[c]!))]),
    );
  return {
    networks: spread(qualities.map(({ networks }) => networks)),
    regret: byColumn(({ regret }) => regret),
    hypervolume: byColumn(({ hypervolume }) => hypervolume),
  };
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { median, least: sorted[0]!, most: sorted.at(-1)! };
}

function baselinesOf(
  { space, table }: SearchBenchmarkRequest,
  count: (genotype: Genotype) => Size,
  judged: (offered: readonly { genotype: Genotype; score: number }[]) => FrontQuality,
): SearchBenchmarkResult['baselines'] {
  const { columns, rows } = table;
  const by = (score: (genotype: Genotype) => number): FrontQuality =>
    judged(rows.map(({ genotype }) => ({ genotype, score: score(genotype) })));
  // Choices without names are quantities; of counts and widths alike the logarithms add up.
  const quantities = space.genes.map(({ labels }) => labels === undefined);
  const widths = (genotype: Genotype): number =>
    space
      .values(genotype)
      .reduce((sum, value, i) => sum + (quantities[i] && value > 0 ? Math.log(value) : 0), 0);
  // Of each column the front that its own accuracies have.
  const ideal = columns.map((_, c) =>
    judged(rows.map(({ genotype, accuracies }) => ({ genotype, score: accuracies[c]! }))),
  );
  const own = (of: (quality: FrontQuality) => readonly number[]) =>
    ideal.map((one, c) => of(one)[c]!);
  const accuracy: FrontQuality = {
    networks: Math.max(...ideal.map(({ networks }) => networks)),
    regret: own(({ regret }) => regret),
    hypervolume: own(({ hypervolume }) => hypervolume),
  };
  const parameters = by((genotype) => count(genotype).parameters);
  const macs = by((genotype) => count(genotype).macs);
  return {
    parameters: across([parameters], columns),
    macs: across([macs], columns),
    widths: across([by(widths)], columns),
    accuracy: across([accuracy], columns),
  };
}
