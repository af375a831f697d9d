/** Attaches trained models to candidates of run files, measures them, and takes them away again. */
import type { Stated } from '../common/trained.ts';
import type { Graph } from '../graph/graph.ts';
import type { LookedAtModel } from '../measure-model/trained-model.ts';
import type { CandidateId, EvaluatedCandidate } from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import type { TrainedLatency, TrainedModel, TrainedPrecision } from '../run/trained-model.ts';
import { openRunForWriting, openRunReadOnly } from '../store/run-file.ts';
import type { LatencySources, PhoneSession } from './latency-sources.ts';
import {
  assertStated,
  attachedModel,
  candidateAsked,
  measureTrained,
  notAttached,
  trainedOfCandidate,
  trainedWith,
  withLatency,
  type CandidateAsked,
} from './trained.ts';

export interface AttachedModel {
  readonly attached: TrainedModel;
  /** What was attached before, where that was another file. */
  readonly replaced: TrainedModel | null;
}

export class TrainedNetworks {
  readonly #latencies: LatencySources;

  constructor(latencies: LatencySources) {
    this.#latencies = latencies;
  }

  /**
   * Attaches a trained model to a candidate of a run, in the place of what was attached before.
   * @param stated null keeps what was said of the same file
   * @param measured precisions in which its latency is taken; none where nobody asks
   * Throws `unknown-candidate`, `candidate-failed`, `bad-accuracy`, `other-network`, `not-attached`, `run-in-use`, what
   * reading the model throws, and what measuring throws: the model is attached by then.
   */
  async attach(
    path: string,
    id: CandidateId,
    model: string,
    stated: Stated | null,
    measured: readonly TrainedPrecision[],
    signal: AbortSignal,
    session: PhoneSession = {},
  ): Promise<AttachedModel> {
    if (stated !== null) assertStated(stated);
    const { asked, looked } = await this.#looked(path, id, model, signal);
    let result = this.#change(path, id, (before) => attachedModel(looked, id, stated, before));
    for (const precision of measured) {
      const { info, candidate } = asked;
      const latency = await this.measure(
        ...([info, candidate, looked.graph, precision, signal, session] as const),
      );
      const { replaced } = result;
      // Somebody may have attached another one meanwhile: then this latency is of no use.
      const { attached } = this.#change(path, id, (now) =>
        withLatency(now, looked, precision, latency),
      );
      result = { attached, replaced };
    }
    return result;
  }

  /** Takes what is attached to a candidate away; returns it. Throws `not-attached`, `run-in-use`. */
  detach(path: string, id: CandidateId): TrainedModel {
    const store = openRunForWriting(path);
    try {
      const attached = trainedWith(store, id);
      if (attached === null) throw notAttached(id);
      store.removeTrained(id);
      return attached;
    } finally {
      store.close();
    }
  }

  /** The latency of a trained model that was looked at. Throws what measuring throws. */
  measure(
    info: RunInfo,
    candidate: EvaluatedCandidate,
    graph: Graph,
    precision: TrainedPrecision,
    signal: AbortSignal,
    session: PhoneSession = {},
  ): Promise<TrainedLatency> {
    const latencies = this.#latencies;
    return measureTrained(latencies, info, candidate, graph, precision, signal, session);
  }

  async #looked(
    path: string,
    id: CandidateId,
    model: string,
    signal: AbortSignal,
  ): Promise<{ readonly asked: CandidateAsked; readonly looked: LookedAtModel }> {
    const reader = openRunReadOnly(path);
    try {
      const asked = candidateAsked(reader, id);
      return { asked, looked: await trainedOfCandidate(model, asked, signal) };
    } finally {
      reader.close();
    }
  }

  #change(
    path: string,
    id: CandidateId,
    make: (before: TrainedModel | null) => TrainedModel,
  ): AttachedModel {
    const store = openRunForWriting(path);
    try {
      const before = trainedWith(store, id);
      const attached = make(before);
      store.setTrained(attached);
      return { attached, replaced: before?.digest === attached.digest ? null : before };
    } finally {
      store.close();
    }
  }
}
