/** Holds scores of random networks of a space against their known accuracies. */
import { drawDistinct } from '../draw.ts';
import { reportOf, WorkbenchError, type ErrorReport } from '../errors.ts';
import { generatorFor } from '../random.ts';
import type { Genotype, Space } from '../space/space.ts';
import type { AccuracyTable } from './accuracy-table.ts';
import {
  predicted,
  predictors,
  type Predictor,
  type UntrainedScore,
} from '../common/predictors.ts';
import { kendallTauB, spearmanRho } from '../common/rank-correlation.ts';

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
}

/** Null where undefined: one of the two sides is constant. */
export interface RankCorrelation {
  readonly kendallTau: number | null;
  readonly spearmanRho: number | null;
}

export interface BenchmarkResult {
  /** Networks that the correlations are over. */
  readonly count: number;
  readonly seed: number;
  readonly beta: number;
  /** Predictor -> accuracy column of the table -> correlation. */
  readonly correlations: Readonly<Record<Predictor, Readonly<Record<string, RankCorrelation>>>>;
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

  const correlationsOf = (predictor: Predictor): Record<string, RankCorrelation> => {
    const values = scored.map(({ score }) => predicted(predictor, score, beta));
    const along = (c: number) => scored.map(({ accuracies }) => accuracies[c]!);
    return Object.fromEntries(
      table.columns.map((column, c) => [column, correlate(values, along(c))]),
    );
  };
  const correlations = predictors.map((name) => [name, correlationsOf(name)] as const);
  return {
    count: scored.length,
    seed,
    beta,
    correlations: Object.fromEntries(correlations) as BenchmarkResult['correlations'],
    failed,
  };
}

interface Scored {
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
    return { score: await score(genotype), accuracies };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof WorkbenchError)) throw error;
    return { genotype, error: reportOf(error) };
  }
}

function correlate(x: readonly number[], y: readonly number[]): RankCorrelation {
  const defined = (value: number) => (Number.isNaN(value) ? null : value);
  return { kendallTau: defined(kendallTauB(x, y)), spearmanRho: defined(spearmanRho(x, y)) };
}
