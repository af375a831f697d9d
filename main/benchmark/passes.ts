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
import type { ProxyName } from '../common/proxies.ts';
import type { Graph, WeightScheme } from '../graph/graph.ts';
import { summarise } from '../graph/summary.ts';
import { ranksLast, type BiasChoice } from '../common/zico-bc.ts';
import { countedScore, type FeatureMap } from '../proxy/zico.ts';
import { deployedFeatureMaps } from '../space/deployed-feature-maps.ts';
import { initialNetwork } from '../space/initial-network.ts';
import type { Genotype } from '../space/space.ts';
import type { BatchSet } from '../task/batches.ts';
import { benchmarkSpace, type BenchmarkRequest, type BenchmarkResult } from './benchmark-space.ts';
import type { UntrainedScore } from '../common/predictors.ts';
import { networkFacts } from '../proxy/network-facts.ts';
import type { KeptScore } from './score-cache.ts';
import { repeatabilityOf, type RepeatedRanks } from './repeatability.ts';

export interface PassesRequest extends Pick<
  BenchmarkRequest,
  'space' | 'table' | 'count' | 'seed' | 'beta' | 'signal' | 'budgets'
> {
  readonly weights: WeightScheme;
  readonly termCap: number;
  readonly bias: BiasChoice;
  readonly repeatability: boolean;
  /** What is computed of every network beside its score, in the first pass and the others. */
  readonly proxies: readonly ProxyName[];
  /** Opens the cache of scores for everything that decides one; absent: none is kept. */
  readonly keeping?: (decisive: unknown) => Promise<KeptScores>;
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

/** Scores that were computed before. */
export interface KeptScores {
  get(genotype: Genotype): KeptScore | null;
  add(genotype: Genotype, score: KeptScore): Promise<void>;
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
      const batchSeed = name === 'otherBatches' ? (seed + 1) % 2 ** 32 : seed;
      const cache = await request.keeping?.({
        engine: { ...engine.identity, version },
        ...{ weights, weightSeed, termCap, batchSeed, proxies: request.proxies },
        ...request.bias,
        ...{
          batches: batches.description,
          batchSize: batches.batchSize,
          count: batches.batches.length,
        },
      });
      const score = async (genotype: Genotype): Promise<UntrainedScore> => {
        try {
          const graph = initialNetwork(space, genotype, weights, weightSeed, 'scoring');
          const { parameters, macs } = summarise(graph);
          const kept = cache?.get(genotype) ?? null;
          const deployed = () => deployedFeatureMaps(space, genotype);
          const found = kept ?? (await scoredBy(engine, graph, deployed, request));
          if (kept === null) await cache?.add(genotype, found);
          const last = lastOf(found, request.bias);
          const scored: UntrainedScore = { ...found, ...last, parameters, macs };
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
        ...(request.budgets && { budgets: request.budgets }),
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

async function scoredBy(
  engine: Engine,
  graph: Graph,
  deployed: () => ReadonlyMap<string, FeatureMap>,
  {
    termCap,
    bias,
    proxies,
    signal,
  }: Pick<PassesRequest, 'termCap' | 'bias' | 'proxies' | 'signal'>,
): Promise<KeptScore> {
  const { layers } = await engine.statistics({ graph, termCap }, signal);
  const { readings } =
    proxies.length === 0 ? { readings: {} } : await engine.proxies({ graph, proxies }, signal);
  const { zico, zicoCapped, bias: counted } = countedScore(layers, deployed(), bias);
  return { zico, zicoCapped, bias: counted, facts: networkFacts(layers, readings) };
}

/** Of one that no gradient reaches, whether its score was kept or computed now. */
function lastOf({ facts }: KeptScore, bias: BiasChoice): { ranksLast?: boolean } {
  if (facts === undefined) return {};
  const { layers, liveLayers } = facts;
  if (liveLayers === null) return {};
  return ranksLast({ silentLayers: layers - liveLayers, layers }, bias) ? { ranksLast: true } : {};
}
