/** A trained model of a candidate, so that scores can be held against the truth. No search reads it. */
import type { Stated } from '../common/trained.ts';
import type { Latency } from '../latency/latency.ts';
import type { CandidateId } from './candidate.ts';

/** Precisions in which a trained model is measured. */
export const trainedPrecisions = ['float32', 'int8'] as const;
export type TrainedPrecision = (typeof trainedPrecisions)[number];

export type TrainedLatency = Pick<Latency, 'latencyMs' | 'p90Ms' | 'minMs' | 'conditions'>;

/** A model file as it was looked at. The file itself stays where it is, and where is not stored. */
export interface ModelOfCandidate {
  /** SHA-256 of the file, by which it is recognised. */
  readonly digest: string;
  /** Without its folder. */
  readonly name: string;
  /** How many outputs its last layer has where that was made anew; null where it is the candidate's. */
  readonly newHead: number | null;
}

export interface TrainedModel extends ModelOfCandidate, Stated {
  readonly candidate: CandidateId;
  /** ISO 8601, UTC. */
  readonly attachedAt: string;
  /** Null where it was not measured. */
  readonly latencies: Readonly<Record<TrainedPrecision, TrainedLatency | null>>;
}
