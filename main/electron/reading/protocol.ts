/** Requests that the reading child answers. */
import type { ModelFileOptions } from '../../score-model/model-file.ts';
import type { MeasureModelRequest } from '../../measure-model/measure-model.ts';
import type { TrainedRequest } from '../../measure-model/trained-model.ts';
import type { CandidateId } from '../../run/candidate.ts';
import type { TrainedModel } from '../../run/trained-model.ts';
import type { CandidateMark } from '../../run/run-store.ts';
import type { BenchmarkSpace } from '../../common/benchmarks.ts';
import type { LookName, ScoredGenotype } from './look-types.ts';

export interface LookMessage {
  readonly name: LookName;
  readonly file: string;
  readonly request: unknown;
}

export interface ThroughMessage {
  readonly file: string;
}

export interface MarkMessage {
  readonly file: string;
  readonly mark: CandidateMark;
}

export interface TagsMessage {
  readonly file: string;
  readonly tags: readonly string[];
}

export interface CopyMessage {
  readonly file: string;
  readonly target: string;
}

export interface TrainedMessage {
  readonly file: string;
  readonly model: TrainedModel;
}

export interface DetachMessage {
  readonly file: string;
  readonly id: CandidateId;
}

export interface TrainedFileMessage {
  readonly request: TrainedRequest;
}

export interface ModelMessage {
  readonly file: string;
  readonly options: ModelFileOptions;
}

export interface MeasuredMessage {
  readonly request: MeasureModelRequest;
}

export interface DrawnMessage {
  readonly file: string;
}

export interface DrawnNodeMessage extends DrawnMessage {
  readonly box: number;
}

export interface RenameMessage {
  readonly file: string;
  /** Where nothing lies yet, in the same folder. */
  readonly to: string;
}

export interface JudgeMessage {
  readonly space: BenchmarkSpace;
  readonly fronts: readonly (readonly ScoredGenotype[])[];
  readonly assetsFolder: string;
}

export interface OutputsMessage {
  readonly file: string;
}
