/**
 * A benchmark from drawing images to the last correlation: one pass of scores; where repeatability is asked for two
 * more over the same networks, with other initial weights and with other batches; and as many more draws of both as
 * are asked for, over which figures are means.
 */
import type { BenchmarkPass } from '../common/benchmarks.ts';
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
import {
  judgeScored,
  scoreDrawn,
  type BenchmarkRequest,
  type BenchmarkResult,
  type ScoredDraw,
} from './benchmark-space.ts';
import type { UntrainedScore } from '../common/predictors.ts';
import { networkFacts } from '../proxy/network-facts.ts';
import type { KeptScore } from './score-cache.ts';
import { repeatabilityOf, type RepeatedRanks } from './repeatability.ts';

export interface PassesRequest extends Pick<
  BenchmarkRequest,
  'space' | 'table' | 'count' | 'seed' | 'beta' | 'signal' | 'budgets' | 'models'
> {
  /** How often every network is scored, with other images and other initial weights; at least once. */
  readonly draws: number;
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
  /** Everything is scored; so many of the predictors are judged. */
  judged?(done: number, all: number): void;
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
export function networksToScore(
  count: number,
  { repeatability, draws }: { readonly repeatability: boolean; readonly draws: number },
): number {
  return count * (draws + (repeatability ? 2 : 0));
}

/** Everything that the passes scored. */
export interface ScoredPasses {
  readonly scoring: ScoringPlan;
  /** The first one, then further ones with other images and other initial weights. */
  readonly draws: readonly ScoredDraw[];
  /** The scores of passes over the same networks; without the last two where repeatability was not asked for. */
  readonly passes: Readonly<Partial<Record<BenchmarkPass, ReadonlyMap<Genotype, UntrainedScore>>>>;
}

/** Throws what `benchmarkSpace`, drawing and starting an engine throw. */
export async function runPasses(
  request: PassesRequest,
  observer: PassesObserver = {},
): Promise<PassesResult> {
  const { scoring, draws, passes } = await scorePasses(request, observer);
  const repeated = (again: ReadonlyMap<Genotype, UntrainedScore>): RepeatedRanks =>
    repeatabilityOf(passes.scores!, again, request.beta);
  const { otherBatches, otherWeights } = passes;
  const judging = (done: number, all: number): void => observer.judged?.(done, all);
  return {
    ...(await judgeScored({ ...request, judging }, draws)),
    scoring,
    ...(otherBatches &&
      otherWeights && {
        repeatability: {
          otherBatches: repeated(otherBatches),
          otherWeights: repeated(otherWeights),
        },
      }),
  };
}

/** Scores, without judging. Throws as `runPasses`. */
export async function scorePasses(
  request: Omit<PassesRequest, 'beta' | 'budgets' | 'models'>,
  observer: PassesObserver,
): Promise<ScoredPasses> {
  const { space, table, count, seed, weights, termCap, signal } = request;
  const batches = await request.draw(seed);
  const networks = networksToScore(count, request);
  const { engine, layout, plan } = await request.startScoring(batches, networks);
  try {
    const version = versionFor(engine.identity.version, batches);
    observer.started?.(layout, { ...engine.identity, version }, batches.description);
    /** Scores the networks that the seed draws, which are the same in every pass. */
    const pass = async (name: BenchmarkPass, weightSeed: number, batchSeed: number) => {
      const scores = new Map<Genotype, UntrainedScore>();
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
      const drawn = await scoreDrawn({
        ...{ space, table, count, seed, score, concurrency: layout.workers },
        ...(signal && { signal }),
      });
      return { scores, drawn };
    };
    const first = await pass('scores', seed, seed);
    const passes: Partial<Record<BenchmarkPass, ReadonlyMap<Genotype, UntrainedScore>>> = {
      scores: first.scores,
    };
    if (request.repeatability) {
      const other = (seed + 1) % 2 ** 32;
      passes.otherWeights = (await pass('otherWeights', other, seed)).scores;
      await engine.useBatches(await request.draw(other));
      passes.otherBatches = (await pass('otherBatches', seed, other)).scores;
    }
    const draws = [first.drawn];
    for (let d = 1; d < request.draws; d++) {
      const own = (seed + d) % 2 ** 32;
      await engine.useBatches(await request.draw(own));
      draws.push((await pass('moreDraws', own, own)).drawn);
    }
    return { scoring: plan, draws, passes };
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
