/** Attaches trained models to candidates of a run, and measures them. */
import { faultOfStated, type Stated } from '../common/trained.ts';
import { isEstimate } from '../common/latency-sources.ts';
import { WorkbenchError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import {
  candidatesWith,
  lookAtTrained,
  otherNetwork,
  type LookAtTrained,
  type LookedAtModel,
} from '../measure-model/trained-model.ts';
import type { Candidate, CandidateId, EvaluatedCandidate } from '../run/candidate.ts';
import type { RunFile, RunInfo } from '../run/run-store.ts';
import type { TrainedLatency, TrainedModel, TrainedPrecision } from '../run/trained-model.ts';
import { evaluatedCandidate } from './extra-scores.ts';
import type { LatencySources, PhoneSession } from './latency-sources.ts';
import { runnerOfRun } from './phone-source.ts';

/** Throws `bad-accuracy`. */
export function assertStated(stated: Stated): void {
  const fault = faultOfStated(stated);
  if (fault === null) return;
  throw new WorkbenchError(
    'bad-accuracy',
    fault,
    'Give the accuracy in percent, its metric such as top-1, and the data set it was taken on.',
  );
}

export interface CandidateAsked {
  readonly info: RunInfo;
  readonly candidate: EvaluatedCandidate;
  /** In full, those with so many MACs. */
  readonly alike: (macs: number) => Promise<readonly Candidate[]>;
}

/** Throws `other-network`, and what `lookAtTrained` throws. */
export async function trainedOfCandidate(
  file: string,
  { info, candidate, alike }: CandidateAsked,
  signal?: AbortSignal,
  look: LookAtTrained = lookAtTrained,
): Promise<LookedAtModel> {
  const found = await look({ model: file, info, candidates: [candidate] }, signal);
  if (found.candidate === candidate.id) return found;
  const others = (await alike(found.macs)).filter(({ id }) => id !== candidate.id);
  const candidates = [candidate, ...others];
  const other = others.length > 0 ? await look({ model: file, info, candidates }, signal) : found;
  throw otherNetwork(found, candidate.id, other.candidate);
}

/** What is asked of a run, of an open file. Throws `unknown-candidate`, `candidate-failed`. */
export function candidateAsked(
  run: Pick<RunFile, 'info' | 'candidate' | 'candidates'>,
  id: CandidateId,
): CandidateAsked {
  const candidate = evaluatedCandidate(run, id);
  return {
    ...{ info: run.info(), candidate },
    alike: async (macs) => candidatesWith(run, macs),
  };
}

/** What is attached to a candidate; null where nothing is. */
export function trainedWith(run: Pick<RunFile, 'trained'>, id: CandidateId): TrainedModel | null {
  return run.trained().find(({ candidate }) => candidate === id) ?? null;
}

export const notAttached = (id: CandidateId) =>
  new WorkbenchError(
    'not-attached',
    `No trained model is attached to candidate ${id}.`,
    'Attach one first: its ONNX file with its accuracy.',
  );

/**
 * As it is to be stored; latencies of the same file are kept.
 * @param stated null keeps what was said of the same file
 * @param before what was attached until now
 * Throws `not-attached` where there is nothing to keep.
 */
export function attachedModel(
  { model }: Pick<LookedAtModel, 'model'>,
  candidate: CandidateId,
  stated: Stated | null,
  before: TrainedModel | null,
): TrainedModel {
  const same = before?.digest === model.digest ? before : null;
  const said = stated ?? same;
  if (said === null) throw notYetStated(model.name, candidate);
  const { accuracy, metric, data } = said;
  const whole = (text: string) => text.trim().replace(/\s+/g, ' ');
  return {
    ...{ ...model, candidate, accuracy, metric: whole(metric), data: whole(data) },
    attachedAt: stated === null && same ? same.attachedAt : new Date().toISOString(),
    latencies: same?.latencies ?? { float32: null, int8: null },
  };
}

const notYetStated = (name: string, id: CandidateId) =>
  new WorkbenchError(
    'bad-accuracy',
    `${name} is not attached to candidate ${id} yet, and its accuracy is not given.`,
    'Give the accuracy in percent, its metric such as top-1, and the data set it was taken on.',
  );

/** Throws `not-attached` where another file was attached meanwhile, or none is any more. */
export function withLatency(
  now: TrainedModel | null,
  { model }: Pick<LookedAtModel, 'model'>,
  precision: TrainedPrecision,
  latency: TrainedLatency,
): TrainedModel {
  if (now?.digest === model.digest) {
    return { ...now, latencies: { ...now.latencies, [precision]: latency } };
  }
  throw new WorkbenchError(
    'not-attached',
    `${model.name} was detached while it was measured.`,
    'Attach it again to measure it.',
  );
}

/**
 * The latency of a trained model on a phone where its run measures on one, else on this computer: what is estimated
 * can be held against that. Throws what measuring throws.
 */
export async function measureTrained(
  latencies: LatencySources,
  info: RunInfo,
  candidate: EvaluatedCandidate,
  graph: Graph,
  precision: TrainedPrecision,
  signal: AbortSignal,
  session: PhoneSession,
): Promise<TrainedLatency> {
  const { latency: kind } = info.settings;
  const latency = kind === 'macs' || isEstimate(kind) ? ('host' as const) : kind;
  const settings = { ...info.settings, latency, latencyPrecision: precision };
  const { source } = await latencies.open(settings, {
    purpose: `measuring the trained candidate ${candidate.id}`,
    // What measured the run measures its own precision.
    kept: precision === info.settings.latencyPrecision ? runnerOfRun([candidate]) : null,
    session,
  });
  if (source === null) throw new TypeError('Nothing measures.');
  try {
    const { latencyMs, p90Ms, minMs, conditions } = await source.measure(graph, signal);
    return { latencyMs, p90Ms, minMs, conditions };
  } finally {
    await source.close();
  }
}
