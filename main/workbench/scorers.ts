/** Which engine scores a space, and the processes that do it: for searches, benchmarks and single candidates. */
import { availableParallelism } from 'node:os';
import { labelOfPart, needsZico, partsOfObjective, proxiesComputed } from '../common/objectives.ts';
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
import { summarise } from '../graph/summary.ts';
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
 * The score of one candidate of a run with these settings: what they rank by, and the proxies beside it.
 * @param zico computes ZiCo as well where nothing ranks by it
 * Throws WorkbenchError: what the engine throws, `no-gradient` where no layer gets one and only such layers count,
 * and `score-without-value` where a proxy that ranks has none.
 */
export async function scoreCandidate(
  engine: Engine,
  space: Space,
  genotype: Genotype,
  settings: SearchSettings,
  signal: AbortSignal,
  zico = needsZico(settings.score),
): Promise<CandidateScore> {
  const termCap = settings.termCap ?? defaultTermCap;
  const graph = initialNetwork(space, genotype, settings.weights, settings.seed, 'scoring');
  if (!zico) return await scoreWithoutZico(engine, graph, settings, termCap, signal);
  const statistics = await engine.statistics({ graph, termCap }, signal);
  const { layers } = statistics;
  const score = countedScore(layers, deployedFeatureMaps(space, genotype), settings);
  if (score.ranksLast) throw noGradient(layers);
  const { zico: plain, zicoCapped, bias, biases } = score;
  const beside = await readingsOf(engine, graph, settings, signal);
  assertRanks(beside.readings, settings);
  return {
    ...{ zico: plain, zicoCapped, bias, biases },
    facts: networkFacts(layers, beside.readings),
    termCap,
    losses: statistics.losses,
    layers: statistics.layers,
    engine: statistics.engine,
    seconds: statistics.seconds + beside.seconds,
  };
}

/** Only proxies: no gradient is computed. */
async function scoreWithoutZico(
  engine: Engine,
  graph: Graph,
  settings: SearchSettings,
  termCap: number,
  signal: AbortSignal,
): Promise<CandidateScore> {
  const proxies = proxiesComputed(settings);
  const result = await engine.proxies({ graph, proxies }, signal);
  assertRanks(result.readings, settings);
  return {
    ...{ zico: null, zicoCapped: null, bias: null, termCap, losses: [], layers: [] },
    facts: networkFacts(summarise(graph).layers, result.readings),
    engine: result.engine,
    seconds: result.seconds,
  };
}

/** Throws `score-without-value`. */
function assertRanks(readings: ProxyResult['readings'], { score }: SearchSettings): void {
  for (const part of partsOfObjective(score)) {
    if (part === 'zico' || part === 'zico-bc') continue;
    const reading = readings[part];
    if (reading === undefined || reading.value !== null) continue;
    throw new WorkbenchError(
      'score-without-value',
      `${labelOfPart(part)} has no value for this network: ${reading.reason ?? 'it says nothing'}. It ranks below all others.`,
      'It was left out and the search went on; other scores may have a value.',
    );
  }
}

/** A proxy that fails leaves the candidate its score: it has no value then, and says why. */
async function readingsOf(
  engine: Engine,
  graph: Graph,
  settings: SearchSettings,
  signal: AbortSignal,
): Promise<Pick<ProxyResult, 'readings' | 'seconds'>> {
  const names = proxiesComputed(settings);
  if (names.length === 0) return { readings: {}, seconds: 0 };
  try {
    return await engine.proxies({ graph, proxies: names }, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof WorkbenchError)) throw error;
    const none = names.map((name) => [name, { value: null, reason: error.message }] as const);
    return { readings: Object.fromEntries(none), seconds: 0 };
  }
}

/** Such a network cannot be trained: it ranks below all others, as one that failed. */
function noGradient(layers: readonly unknown[]): WorkbenchError {
  return new WorkbenchError(
    'no-gradient',
    `None of the ${layers.length} layers with weights gets a gradient in any batch: the network cannot be trained, and ranks below all others.`,
    'Check that the network connects its input with its output; counting all layers in the bias gives it a score.',
    { option: 'They are counted with --bias-layers all.' },
  );
}
