/**
 * A benchmark from drawing images to the last correlation: one pass of scores, and where repeatability is
 * asked for two more over the same networks, with other initial weights and with other batches.
 */
import { benchmarkPasses, type BenchmarkPass } from '../common/benchmarks.ts';
import { versionFor } from '../engine/revision.ts';
import type { Engine } from '../engine/engine.ts';
import type { ScoringLayout } from '../engine/layout.ts';
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import { reportOf, type ErrorReport } from '../errors.ts';
import type { WeightScheme } from '../graph/graph.ts';
import { summarise } from '../graph/summary.ts';
import { scoreOf } from '../proxy/zico.ts';
import { initialNetwork } from '../space/initial-network.ts';
import type { Genotype } from '../space/space.ts';
import type { BatchSet } from '../task/batches.ts';
import { benchmarkSpace, type BenchmarkRequest, type BenchmarkResult } from './benchmark-space.ts';
import type { UntrainedScore } from '../common/predictors.ts';
import { repeatabilityOf, type RepeatedRanks } from './repeatability.ts';

export interface PassesRequest extends Pick<
  BenchmarkRequest,
  'space' | 'table' | 'count' | 'seed' | 'beta' | 'signal'
> {
  readonly weights: WeightScheme;
  readonly termCap: number;
  readonly repeatability: boolean;
  /** Draws batches by a seed. */
  draw(seed: number): Promise<BatchSet>;
  /** An engine that has these batches, for that many networks; closed here. */
  startScoring(
    batches: BatchSet,
    networks: number,
  ): Promise<{
    readonly engine: Engine;
    readonly layout: ScoringLayout;
    readonly plan: ScoringPlan;
  }>;
}

/** Hears of everything as it happens. */
export interface PassesObserver {
  /** Scoring begins. */
  started?(layout: ScoringLayout, engine: Engine['identity'], data: string): void;
  scored?(pass: BenchmarkPass, genotype: Genotype, score: UntrainedScore): void;
  /** The network is left out of this pass. */
  failed?(pass: BenchmarkPass, genotype: Genotype, error: ErrorReport): void;
}

export interface PassesResult extends BenchmarkResult {
  readonly scoring: ScoringPlan;
  /** Kendall tau-b between two scorings of the same networks. */
  readonly repeatability?: {
    readonly otherBatches: RepeatedRanks;
    readonly otherWeights: RepeatedRanks;
  };
}

/** How many networks are scored, one counted again in each pass. */
export function networksToScore(count: number, repeatability: boolean): number {
  return count * (repeatability ? benchmarkPasses.length : 1);
}

/** Throws what `benchmarkSpace`, drawing and starting an engine throw. */
export async function runPasses(
  request: PassesRequest,
  observer: PassesObserver = {},
): Promise<PassesResult> {
  const { space, table, count, seed, beta, weights, termCap, signal } = request;
  const batches = await request.draw(seed);
  const networks = networksToScore(count, request.repeatability);
  const { engine, layout, plan } = await request.startScoring(batches, networks);
  try {
    const version = versionFor(engine.identity.version, batches);
    observer.started?.(layout, { ...engine.identity, version }, batches.description);
    /** Scores the networks that the seed draws, which are the same in every pass. */
    const pass = async (name: BenchmarkPass, weightSeed: number) => {
      const scores = new Map<Genotype, UntrainedScore>();
      const score = async (genotype: Genotype): Promise<UntrainedScore> => {
        try {
          const graph = initialNetwork(space, genotype, weights, weightSeed, 'scoring');
          const { parameters, macs } = summarise(graph);
          const { layers } = await engine.statistics({ graph, termCap }, signal);
          const scored = { ...scoreOf(layers), parameters, macs };
          scores.set(genotype, scored);
          observer.scored?.(name, genotype, scored);
          return scored;
        } catch (error) {
          if (signal?.aborted !== true) observer.failed?.(name, genotype, reportOf(error));
          throw error;
        }
      };
      const concurrency = layout.workers;
      const result = await benchmarkSpace({
        ...{ space, table, count, seed, beta, score, concurrency },
        ...(signal && { signal }),
      });
      return { scores, result };
    };
    const first = await pass('scores', seed);
    const result = { ...first.result, scoring: plan };
    if (!request.repeatability) return result;
    const other = (seed + 1) % 2 ** 32;
    const otherWeights = repeatabilityOf(
      first.scores,
      (await pass('otherWeights', other)).scores,
      beta,
    );
    await engine.useBatches(await request.draw(other));
    const otherBatches = repeatabilityOf(
      first.scores,
      (await pass('otherBatches', seed)).scores,
      beta,
    );
    return { ...result, repeatability: { otherBatches, otherWeights } };
  } finally {
    await engine.close();
  }
}
