/** Which engine scores a space, and the processes that do it: for searches, benchmarks and single candidates. */
import { availableParallelism } from 'node:os';
import { proxiesInText } from '../common/proxies.ts';
import type { Engine, ProxyResult } from '../engine/engine.ts';
import { WorkbenchError } from '../errors.ts';
import { networkFacts } from '../proxy/network-facts.ts';
import { engineTraits } from '../common/engines.ts';
import { usualPrecision, type Scored } from '../engine/engine-choice.ts';
import type { ScoringLayout } from '../engine/layout.ts';
import { precisionField } from '../engine/precision.ts';
import { versionFor } from '../engine/revision.ts';
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import type { Graph } from '../graph/graph.ts';
import { countedScore } from '../proxy/zico.ts';
import type { CandidateScore } from '../run/candidate.ts';
import { defaultTermCap } from '../common/settings/score.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { deployedFeatureMaps } from '../space/deployed-feature-maps.ts';
import { initialNetwork } from '../space/initial-network.ts';
import type { Genotype, Space } from '../space/space.ts';
import type { BatchSet } from '../task/batches.ts';
import type { Engines } from './engines.ts';
import { childLimits, type SessionOptions } from './options.ts';
import { startScoring, type ChosenEngine, type Scoring } from './start-scoring.ts';

export class Scorers {
  readonly #engines: Engines;
  /** What has already been measured, by kind of task, since a window starts many searches. */
  readonly #layouts = new Map<string, ScoringLayout>();

  constructor(engines: Engines) {
    this.#engines = engines;
  }

  /**
   * @param scored what `auto` looks at where the session names no precision
   * Throws WorkbenchError: why not, where the session names an engine that cannot score the space
   */
  async choose(
    space: Space,
    batches: BatchSet,
    { engine = 'auto', precision: wished = 'auto' }: SessionOptions,
    scored: Scored,
  ): Promise<ChosenEngine> {
    const asked = wished === 'auto' ? 'float32' : wished;
    const choice = await this.#engines.choose(engine, space, batches, asked);
    const precision = wished === 'auto' ? usualPrecision(choice.name, scored) : wished;
    const version = versionFor(this.#engines.versionOf(choice.name, precision) ?? '', batches);
    const instructions = engineTraits[choice.name].threadsDecideBits
      ? this.#engines.instructions()
      : null;
    return { ...choice, version, threads: null, precision, instructions };
  }

  /**
   * Opens the processes, as many as the session says or as measuring finds; the caller closes the engine.
   * @param candidates how many will be scored; null where nobody knows
   */
  start(
    chosen: ChosenEngine,
    space: Space,
    batches: BatchSet,
    wishes: SessionOptions,
    candidates: number | null,
    signal?: AbortSignal,
  ): Promise<Scoring> {
    return startScoring({
      ...{ space, batches, chosen, wishes, candidates, signal },
      processors: availableParallelism(),
      memoryBytes: childLimits.memoryBytes,
      open: (...pool) => this.#engines.openPool(...pool),
      known: this.#layouts,
    });
  }
}

/** What is known about a run's scoring before its processes start. */
export function planOf(chosen: ChosenEngine): ScoringPlan {
  const { name, version, note, threads, precision, instructions } = chosen;
  return {
    ...{ engine: name, version, workers: null, threads, note },
    ...precisionField(precision),
    ...(instructions && { instructions }),
  };
}

/**
 * The score of one candidate of a run with these settings.
 * Throws WorkbenchError: what the engine throws, and `no-gradient` where no layer gets one and only such layers count.
 */
export async function scoreCandidate(
  engine: Engine,
  space: Space,
  genotype: Genotype,
  settings: SearchSettings,
  signal: AbortSignal,
): Promise<CandidateScore> {
  const termCap = settings.termCap ?? defaultTermCap;
  const graph = initialNetwork(space, genotype, settings.weights, settings.seed, 'scoring');
  const statistics = await engine.statistics({ graph, termCap }, signal);
  const { layers } = statistics;
  const score = countedScore(layers, deployedFeatureMaps(space, genotype), settings);
  if (score.ranksLast) throw noGradient(layers);
  const { zico, zicoCapped, bias, biases } = score;
  return {
    ...{ zico, zicoCapped, bias, biases },
    facts: networkFacts(layers, await readingsOf(engine, graph, settings, signal)),
    termCap,
    losses: statistics.losses,
    layers: statistics.layers,
    engine: statistics.engine,
    seconds: statistics.seconds,
  };
}

/** A proxy that fails leaves the candidate its score: it has no value then, and says why. */
async function readingsOf(
  engine: Engine,
  graph: Graph,
  { proxies }: SearchSettings,
  signal: AbortSignal,
): Promise<ProxyResult['readings']> {
  const names = proxiesInText(proxies) ?? [];
  if (names.length === 0) return {};
  try {
    return (await engine.proxies({ graph, proxies: names }, signal)).readings;
  } catch (error) {
    if (signal.aborted || !(error instanceof WorkbenchError)) throw error;
    return Object.fromEntries(names.map((name) => [name, { value: null, reason: error.message }]));
  }
}

/** Such a network cannot be trained: it ranks below all others, as one that failed. */
function noGradient(layers: readonly unknown[]): WorkbenchError {
  return new WorkbenchError(
    'no-gradient',
    `None of the ${layers.length} layers with weights gets a gradient in any batch: the network cannot be trained, and ranks below all others.`,
    'Check that the network connects its input with its output; counting all layers (--bias-layers all) gives it a score.',
  );
}
