/** Compares scores of random networks of a space with their known accuracies. */
import { drawDistinct } from '../draw.ts';
import { reportOf, WorkbenchError, type ErrorReport } from '../errors.ts';
import { generatorFor } from '../random.ts';
import type { Genotype, Space } from '../space/space.ts';
import type { AccuracyTable } from './accuracy-table.ts';
import {
  isRankSum,
  predicted,
  predictors,
  type Predictor,
  type RankSum,
  type ScoreName,
  type UntrainedScore,
} from '../common/predictors.ts';
import {
  judgeNetworks,
  tenBudgets,
  type JudgedPredictors,
  type ModelJudge,
} from './judge-networks.ts';

export interface BenchmarkRequest {
  readonly space: Space;
  readonly table: AccuracyTable;
  /** How many networks, drawn at random from the table without repetition. */
  readonly count: number;
  readonly seed: number;
  /** Weight of the bias in ZiCo-BC. */
  readonly beta: number;
  /** Networks scored at once; the result does not depend on it. */
  readonly concurrency?: number;
  /** Scores one network; a WorkbenchError leaves the network out. */
  score(genotype: Genotype): Promise<UntrainedScore>;
  /** After every network. */
  progress?(done: number, count: number): void;
  readonly signal?: AbortSignal;
  /** MACs at which regrets are taken; ten that the drawn networks suggest where it is left out. */
  readonly budgets?: readonly number[];
  /** Regrets of models that know the scores of a few networks; not judged where it is left out. */
  readonly models?: ModelJudge;
  /** After every predictor that was judged. */
  judging?(done: number, all: number): void;
}

/** Null where undefined: one of the two sides is constant, or the predictor says nothing of these networks. */
export interface RankCorrelation {
  readonly kendallTau: number | null;
  readonly spearmanRho: number | null;
}

/** A network that was scored, as JSON and CSV have it. */
export interface BenchmarkedScores {
  readonly genotype: Genotype;
  readonly parameters: number;
  readonly macs: number;
  /** In %, along the table's columns. */
  readonly accuracies: readonly number[];
  readonly scores: Readonly<Record<NetworkScore, number | null>>;
}
/** Keys of `scores` of a network; sums of ranks exist only among several networks. */
export type NetworkScore = Exclude<Predictor, RankSum | 'parameters' | 'macs'>;
const networkScores = predictors.filter(
  (name): name is NetworkScore => name !== 'parameters' && name !== 'macs' && !isRankSum(name),
);

export interface BenchmarkResult {
  /** Networks that the correlations are over. */
  readonly count: number;
  /** How often each was scored, with other images and other initial weights; figures are means over the draws. */
  readonly draws: number;
  readonly seed: number;
  readonly beta: number;
  /** Predictor -> accuracy column of the table -> correlation. */
  readonly correlations: Readonly<Record<Predictor, Readonly<Record<string, RankCorrelation>>>>;
  /** The same and more, each with a 95 % interval over networks and draws; of predictors that say something. */
  readonly judged: JudgedPredictors;
  /** The name of the score that the settings rank by. */
  readonly score: ScoreName;
  /** In the order in which they were drawn, with the scores of the first draw. */
  readonly networks: readonly BenchmarkedScores[];
  /** Networks that could not be scored. */
  readonly failed: readonly { readonly genotype: Genotype; readonly error: ErrorReport }[];
}

/**
 * Scores `count` networks and judges every predictor by each accuracy column.
 * Throws `too-few-networks` and, when every network failed, the first failure.
 */
export async function benchmarkSpace(request: BenchmarkRequest): Promise<BenchmarkResult> {
  return await judgeScored(request, [await scoreDrawn(request)]);
}

/** Random networks of the table with their scores, in the order in which they were drawn. */
export interface ScoredDraw {
  readonly scored: readonly BenchmarkScore[];
  readonly failed: readonly Failed[];
}

/** Throws as `benchmarkSpace`. */
export async function scoreDrawn(request: Omit<BenchmarkRequest, 'beta'>): Promise<ScoredDraw> {
  const { space, table, count, seed } = request;
  if (count < 2 || count > table.rows.length) {
    throw new WorkbenchError(
      'too-few-networks',
      `${count} networks of ${space.name} cannot be drawn: a rank correlation needs at least 2, and the table has ${table.rows.length}.`,
      `Ask for a count from 2 to ${table.rows.length}.`,
    );
  }
  const drawn = drawDistinct(generatorFor('benchmark', seed), table.rows.length, count);
  const outcomes: (BenchmarkScore | Failed)[] = [];
  const remaining = drawn.entries();
  let done = 0;
  let halted = false;
  const work = async (): Promise<void> => {
    for (const [index, row] of remaining) {
      if (halted) return;
      request.signal?.throwIfAborted();
      outcomes[index] = await outcomeOf(table.rows[row]!, request);
      request.progress?.(++done, count);
    }
  };
  const stopOthers = (error: unknown): never => {
    halted = true;
    throw error;
  };
  // Workers take networks in the order drawn; outcomes are stored in that order, whichever finishes first.
  const workers = Array.from({ length: request.concurrency ?? 1 }, () => work().catch(stopOthers));
  const ended = await Promise.allSettled(workers);
  const fault = ended.find((end) => end.status === 'rejected');
  if (fault) throw fault.reason;
  const scored = outcomes.filter((outcome) => 'score' in outcome);
  const failed = outcomes.filter((outcome) => 'error' in outcome);
  if (scored.length === 0) throw WorkbenchError.fromReport(failed[0]!.error);
  return { scored, failed };
}

/**
 * Judges what was scored once or several times, with other images and other initial weights: networks that failed in
 * any draw are left out. @param draws at least one
 */
export async function judgeScored(
  request: Pick<
    BenchmarkRequest,
    'table' | 'seed' | 'beta' | 'signal' | 'budgets' | 'models' | 'judging'
  >,
  draws: readonly ScoredDraw[],
): Promise<BenchmarkResult> {
  const { table, seed, beta, signal } = request;
  const others = draws
    .slice(1)
    .map(({ scored }) => new Map(scored.map(({ genotype, score }) => [genotype, score])));
  const networks = draws[0]!.scored.flatMap(({ genotype, accuracies, score }) => {
    const more = others.flatMap((draw) => draw.get(genotype) ?? []);
    return more.length < others.length ? [] : [{ genotype, accuracies, draws: [score, ...more] }];
  });
  const failed = draws.flatMap((draw) => draw.failed);
  if (networks.length === 0) throw WorkbenchError.fromReport(failed[0]!.error);
  const budgets = request.budgets ?? tenBudgets(networks.map(({ draws: [first] }) => first!.macs));
  const judged = await judgeNetworks({
    ...{ columns: table.columns, networks, beta, budgets },
    ...(request.models && { models: request.models }),
    ...(signal && { signal }),
    progress: (done, all) => request.judging?.(done, all),
  });
  const correlationsOf = (predictor: Predictor): Record<string, RankCorrelation> =>
    Object.fromEntries(
      table.columns.map((column) => {
        const own = judged[predictor]?.[column];
        const kendallTau = own?.kendallTau.value ?? null;
        return [column, { kendallTau, spearmanRho: own?.spearmanRho.value ?? null }];
      }),
    );
  const correlations = predictors.map((name) => [name, correlationsOf(name)] as const);
  return {
    ...{ count: networks.length, draws: draws.length, seed, beta, judged },
    score: 'zicoBc',
    networks: networks.map(({ genotype, accuracies, draws: [first] }) => ({
      genotype,
      parameters: first!.parameters,
      macs: first!.macs,
      accuracies,
      scores: Object.fromEntries(
        networkScores.map((name) => [name, predicted(name, first!, beta)]),
      ) as BenchmarkedScores['scores'],
    })),
    correlations: Object.fromEntries(correlations) as BenchmarkResult['correlations'],
    failed,
  };
}

export interface BenchmarkScore {
  readonly genotype: Genotype;
  readonly score: UntrainedScore;
  readonly accuracies: readonly number[];
}

export interface Failed {
  readonly genotype: Genotype;
  readonly error: ErrorReport;
}

async function outcomeOf(
  { genotype, accuracies }: AccuracyTable['rows'][number],
  { score, signal }: Pick<BenchmarkRequest, 'score' | 'signal'>,
): Promise<BenchmarkScore | Failed> {
  try {
    return { genotype, score: await score(genotype), accuracies };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof WorkbenchError)) throw error;
    return { genotype, error: reportOf(error) };
  }
}
