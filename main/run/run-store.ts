/** What is stored of a run, and what a search needs from the store: main/store provides it with SQLite. */
import type { z } from 'zod';
import type { LatencyBounds } from '../common/latency-bounds.ts';
import type { markSchema } from '../common/notes.ts';
import type { RunStatus } from '../common/run-states.ts';
import type { ScoredParts } from '../common/objectives.ts';
import type { ProxyValues } from '../common/proxies.ts';
import type { Biases } from '../common/zico-bc.ts';
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import type { Candidate, CandidateId, CandidateScore, EvaluatedCandidate } from './candidate.ts';
import type { TrainedModel } from './trained-model.ts';
import type { Warning } from '../warning.ts';
import type { Genotype } from '../space/space.ts';
import type { SearchSettings } from '../common/settings/index.ts';

export type { RunStatus };

export interface RunInfo {
  /** Random identifier, kept when the file is copied or renamed. */
  readonly runId: string;
  readonly settings: SearchSettings;
  /** Description of the space that was searched; absent in runs older than descriptions. */
  readonly space?: object;
  /** Who scores the run; absent in runs older than that: onnxruntime. */
  readonly scoring?: ScoringPlan;
  /** How the batches were drawn. */
  readonly dataDescription: string;
  /** What was found when the run began; absent in runs older than warnings. */
  readonly warnings?: readonly Warning[];
  /** Version of the product that made the run. */
  readonly productVersion: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly status: RunStatus;
  /** Searching time over all sessions, without pauses between them. */
  readonly elapsedSeconds: number;
}

/** What a person noted about a candidate. */
export interface CandidateMark extends Readonly<z.infer<typeof markSchema>> {
  readonly candidate: CandidateId;
}

export interface RunCounts {
  readonly evaluated: number;
  readonly failed: number;
  readonly generation: number;
}

/** A candidate as the window lists it, without what only describes its score and its latency. */
export interface RunRow {
  readonly id: number;
  readonly genotype: Genotype;
  readonly generation: number;
  readonly parents: readonly number[];
  readonly parameters: number;
  readonly macs: number;
  /** Null for a failed candidate, and for one without ZiCo. */
  readonly zico: number | null;
  readonly zicoCapped: number | null;
  readonly bias: number | null;
  /** The bias in every way of counting it; null for a failed candidate, and in runs older than the choice. */
  readonly biases: Biases | null;
  /** By key, of the proxies that were asked; null where one has no value. */
  readonly proxies: ProxyValues;
  readonly latencyMs: number | null;
  /** How far the latency may be off; null where that is not known. */
  readonly latencyBounds: LatencyBounds | null;
  /** True where it never became steady, or is an estimate outside of what was measured. */
  readonly latencyDoubtful: boolean;
  /** Values of its genes, where only the code of its space knows them. */
  readonly genes?: readonly number[];
  /** Null for an evaluated candidate. */
  readonly failure: {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
  } | null;
}

/** What ranks a candidate. */
export interface RunPoint extends ScoredParts {
  readonly id: number;
  readonly generation: number;
  readonly latencyMs: number | null;
  readonly macs: number;
}

export interface RunStore {
  readonly path: string;
  info(): RunInfo;
  /**
   * Commits a finished candidate; once this returns, it survives kill -9.
   * Throws `disk-full`, `candidate-exists`, `run-file-unreadable`.
   */
  add(candidate: Candidate, elapsedSeconds: number): void;
  /**
   * Every candidate in id order, optionally at most `most` of those with id > after. They are read lightly: a
   * score's `layers` and a latency's `runsMs` are empty, and its `measurement` is left out.
   */
  candidates(after?: number, most?: number): readonly Candidate[];
  /** One candidate in full. */
  candidate(id: CandidateId): Candidate | null;
  /** Without reading candidates; `generation` is the latest one, 0 in an empty run. */
  counts(): RunCounts;
  /** Stores who scores the run, and in how many processes. */
  setScoring(plan: ScoringPlan): void;
  setStatus(status: RunStatus, elapsedSeconds: number): void;
  /**
   * Throws `run-file-gone` where the file was deleted, moved or replaced since it was opened for writing; its
   * content is then in a file next to it.
   */
  assertInPlace?(): void;
  /** Folds the write-ahead log into the file and releases it. */
  close(): void;
}

/** What people note in a run; no search reads it. */
export interface RunNotes {
  /** Candidates with a star, a note or a name, in id order. */
  marks(): readonly CandidateMark[];
  /** Replaces what was noted; a mark with neither star nor note nor name is removed. Throws `unknown-candidate`. */
  setMark(mark: CandidateMark): void;
  /** Tags by which a person can find the run again, in the order given. */
  tags(): readonly string[];
  setTags(tags: readonly string[]): void;
  /** Removes marks and tags, and their traces in the file. */
  eraseNotes(): void;
}

/** Trained models of candidates; no search reads them. */
export interface RunTrained {
  /** In id order of the candidates, at most one each. */
  trained(): readonly TrainedModel[];
  /** In the place of what was attached to the same candidate. Throws `unknown-candidate`, `disk-full`. */
  setTrained(model: TrainedModel): void;
  removeTrained(id: CandidateId): void;
}

export interface RunFile extends RunStore, RunNotes, RunTrained {
  /** All that were scored besides what the search proposed, with everything, in the order of scoring. */
  extras(): readonly EvaluatedCandidate[];
  /** One of them; null where this network is none. Its id is `besides`; no proposal depends on it. */
  extra(genotype: Genotype): EvaluatedCandidate | null;
  /** A network in full, whether the search tried it or it was scored besides; null where it is neither. */
  network(genotype: Genotype): Candidate | null;
  /** Commits one, in the place of what was stored of the same network. Throws `disk-full`. */
  addExtra(scored: EvaluatedCandidate): void;
  /**
   * Gives a candidate of a run that ranks by other scores its ZiCo, in `score`; what it has stays. Nothing where
   * it has one, or failed. Throws `unknown-candidate`, `disk-full`.
   */
  setZico(id: CandidateId, score: CandidateScore): void;
  /** Replaces the settings of the run and its warnings. */
  setSettings(settings: SearchSettings, warnings: readonly Warning[]): void;
  /** How many candidates were stored before rows had digests: changes to these would go unnoticed. */
  withoutDigest(): number;
  /** At most `most` of the candidates with id > after, in id order, as they are listed. */
  rows(after: number, most: number): readonly RunRow[];
  /** Only what ranks evaluated candidates: at most `most` of those with id > after, in id order. */
  points(after: number, most: number): readonly RunPoint[];
}
