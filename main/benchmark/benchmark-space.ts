/** Compares scores of random networks of a space with their known accuracies. */
import { drawDistinct } from '../draw.ts';
import { reportOf, WorkbenchError, type ErrorReport } from '../errors.ts';
import { generatorFor } from '../random.ts';
import type { Genotype, Space } from '../space/space.ts';
import type { AccuracyTable } from './accuracy-table.ts';
import {
  isRankSum,
  predicted,
  predictionsOf,
  predictors,
  type Predictor,
  type RankSum,
  type ScoreName,
  type UntrainedScore,
} from '../common/predictors.ts';
import { judge, type Judged } from './judged.ts';

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
  readonly seed: number;
  readonly beta: number;
  /** Predictor -> accuracy column of the table -> correlation. */
  readonly correlations: Readonly<Record<Predictor, Readonly<Record<string, RankCorrelation>>>>;
  /** The same and more, each with a 95 % interval over networks; of predictors that say something. */
  readonly judged: Readonly<Partial<Record<Predictor, Readonly<Record<string, Judged>>>>>;
  /** The name of the score that the settings rank by. */
  readonly score: ScoreName;
  /** In the order in which they were drawn. */
  readonly networks: readonly BenchmarkedScores[];
  /** Networks that could not be scored. */
  readonly failed: readonly { readonly genotype: Genotype; readonly error: ErrorReport }[];
}

/**
 * Scores `count` networks and correlates six predictors with each accuracy column.
 * Throws `too-few-networks` and, when every network failed, the first failure.
 */
export async function benchmarkSpace(request: BenchmarkRequest): Promise<BenchmarkResult> {
  const { space, table, count, seed, beta } = request;
  if (count < 2 || count > table.rows.length) {
    throw new WorkbenchError(
      'too-few-networks',
      `${count} networks of ${space.name} cannot be drawn: a rank correlation needs at least 2, and the table has ${table.rows.length}.`,
      `Ask for a count from 2 to ${table.rows.length}.`,
    );
  }
  const drawn = drawDistinct(generatorFor('benchmark', seed), table.rows.length, count);
  const outcomes: (Scored | Failed)[] = [];
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

  const macs = scored.map(({ score }) => score.macs);
  const budgets = request.budgets ?? tenBudgets(macs);
  const known = scored.map(({ score }) => score);
  const judgedOf = (predictor: Predictor): Record<string, Judged> | null => {
    const scores = predictionsOf(predictor, known, beta);
    if (scores === null) return null;
    const along = (c: number) => scored.map(({ accuracies }) => accuracies[c]!);
    return Object.fromEntries(
      table.columns.map((column, c) => [
        column,
        judge({ scores, accuracies: along(c), macs, budgets }),
      ]),
    );
  };
  const judged = new Map(predictors.map((name) => [name, judgedOf(name)]));
  const correlationsOf = (predictor: Predictor): Record<string, RankCorrelation> =>
    Object.fromEntries(
      table.columns.map((column) => {
        const own = judged.get(predictor)?.[column];
        const kendallTau = own?.kendallTau.value ?? null;
        return [column, { kendallTau, spearmanRho: own?.spearmanRho.value ?? null }];
      }),
    );
  const correlations = predictors.map((name) => [name, correlationsOf(name)] as const);
  return {
    count: scored.length,
    seed,
    beta,
    judged: Object.fromEntries([...judged].filter(([, own]) => own !== null)),
    score: 'zicoBc',
    networks: scored.map(({ genotype, score, accuracies }) => ({
      genotype,
      parameters: score.parameters,
      macs: score.macs,
      accuracies,
      scores: Object.fromEntries(
        networkScores.map((name) => [name, predicted(name, score, beta)]),
      ) as BenchmarkedScores['scores'],
    })),
    correlations: Object.fromEntries(correlations) as BenchmarkResult['correlations'],
    failed,
  };
}

interface Scored {
  readonly genotype: Genotype;
  readonly score: UntrainedScore;
  readonly accuracies: readonly number[];
}

interface Failed {
  readonly genotype: Genotype;
  readonly error: ErrorReport;
}

async function outcomeOf(
  { genotype, accuracies }: AccuracyTable['rows'][number],
  { score, signal }: BenchmarkRequest,
): Promise<Scored | Failed> {
  try {
    return { genotype, score: await score(genotype), accuracies };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof WorkbenchError)) throw error;
    return { genotype, error: reportOf(error) };
  }
}

/** Ten costs between those of the networks, evenly spread on a logarithmic scale. */
function tenBudgets(macs: readonly number[]): readonly number[] {
  const sorted = macs.filter((cost) => cost > 0).toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.log(sorted[Math.floor(share * (sorted.length - 1))] ?? 1);
  const [from, to] = [at(0.05), at(1)];
  return Array.from({ length: 10 }, (_, k) => Math.exp(from + ((to - from) * k) / 9));
}
