/**
 * A network of a run's space that its search did not try, scored as the search would have: with its images,
 * weights, engine and threads. So whatever leaves the program has really been scored.
 */
import { isEstimate } from '../common/latency-sources.ts';
import { asScoredBy } from '../engine/revision.ts';
import { engineForResume } from '../engine/scoring-plan.ts';
import { WorkbenchError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { summarise } from '../graph/summary.ts';
import type { Latency } from '../latency/latency.ts';
import {
  besides,
  type Candidate,
  type CandidateId,
  type EvaluatedCandidate,
  type FailedCandidate,
} from '../run/candidate.ts';
import { unknownCandidate } from '../store/store-errors.ts';
import type { RunFile, RunInfo } from '../run/run-store.ts';
import { spaceOfRun } from '../space/index.ts';
import { initialNetwork } from '../space/initial-network.ts';
import type { Genotype } from '../space/space.ts';
import type { DataSource } from '../task/data-source.ts';
import type { Engines } from './engines.ts';
import { measureAgain } from './again.ts';
import type { LatencySources, PhoneSession } from './latency-sources.ts';
import { childLimits } from './options.ts';
import { scoreCandidate } from './scorers.ts';
import { assertSameData, batchesFor } from './search-data.ts';

export interface ExtraScoring {
  readonly data: DataSource;
  readonly engines: Engines;
  readonly latencies: LatencySources;
}

/**
 * What the run knows of a network: a candidate of its search, or one that was scored besides; null where
 * it is neither. Throws `candidate-failed` where the search tried it in vain.
 */
export function knownNetwork(
  run: Pick<RunFile, 'network'>,
  genotype: Genotype,
): EvaluatedCandidate | null {
  const known = run.network(genotype);
  if (known?.status === 'failed') throw candidateFailed(known);
  return known;
}

/** Throws `unknown-candidate`, `candidate-failed`. */
export function evaluatedCandidate(
  run: Pick<RunFile, 'candidate'>,
  id: CandidateId,
): EvaluatedCandidate {
  const candidate = run.candidate(id);
  if (candidate === null) throw unknownCandidate(id);
  return evaluated(candidate);
}

/** Throws `candidate-failed`. */
export function evaluated(candidate: Candidate): EvaluatedCandidate {
  if (candidate.status === 'failed') throw candidateFailed(candidate);
  return candidate;
}

function candidateFailed({ id, genotype, failure }: FailedCandidate): WorkbenchError {
  return new WorkbenchError(
    'candidate-failed',
    `Candidate ${id} (${genotype}) could not be evaluated: ${failure.message}`,
    'Choose a network that can be scored.',
  );
}

/**
 * Scores it; where the run's latencies are estimates, the estimate stands beside the score, while a
 * measurement is left to who asks for one. Throws `data-changed`, `engine-missing`, and what scoring throws.
 */
export async function scoreBesides(
  { data, engines, latencies }: ExtraScoring,
  info: RunInfo,
  genotype: Genotype,
  signal: AbortSignal,
): Promise<EvaluatedCandidate> {
  const { settings, dataDescription, scoring = null } = info;
  const { name, threads, precision } = engineForResume(scoring, 'auto', engines);
  const space = spaceOfRun(info);
  const drawn = await batchesFor(data, space, settings);
  const batches = asScoredBy(scoring?.version ?? null, drawn);
  assertSameData(dataDescription, batches.description, settings);
  const deployed = initialNetwork(space, genotype, settings.weights, settings.seed, 'deployment');
  const layout = { workers: 1, threads: threads ?? 1 };
  const engine = engines.openPool(name, layout, childLimits.memoryBytes, precision);
  try {
    await engine.useBatches(batches);
    const score = await scoreCandidate(engine, space, genotype, settings, signal);
    const { parameters, macs } = summarise(deployed);
    const latency = isEstimate(settings.latency)
      ? await estimated(latencies, settings, deployed, signal)
      : null;
    return {
      ...{ id: besides, genotype, generation: 0, parents: [], parameters, macs },
      ...{ status: 'evaluated', latency },
      score: { ...score, resolutions: space.resolutions(genotype) },
    };
  } finally {
    await engine.close();
  }
}

/**
 * Measures a network that `scoreBesides` scored, by the source of its run; where that counts MACs, on this
 * computer. Throws what measuring throws.
 */
export async function measureBesides(
  latencies: LatencySources,
  info: RunInfo,
  network: EvaluatedCandidate,
  signal: AbortSignal,
  session: PhoneSession,
): Promise<Latency> {
  const { settings } = info;
  const latency = settings.latency === 'macs' ? 'host' : settings.latency;
  const measured = { ...info, settings: { ...settings, latency } };
  return await measureAgain(latencies, measured, network, signal, session);
}

async function estimated(
  latencies: LatencySources,
  settings: RunInfo['settings'],
  network: Graph,
  signal: AbortSignal,
): Promise<Latency | null> {
  const { source } = await latencies.open(settings, {
    purpose: 'an estimate',
    kept: null,
    session: {},
  });
  if (source === null) return null;
  try {
    return await source.measure(network, signal);
  } finally {
    await source.close();
  }
}
