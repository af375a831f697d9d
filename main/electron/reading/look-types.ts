/** What can be asked about a run file, and who answers. */
import type {
  ArchitectureNode,
  CandidateDetail,
  CandidatePage,
  RunModel,
  RunProgress,
  RunSummary,
  RunView,
} from '../../../preload/contract.ts';
import type { SweptRun } from '../../analysis/sweep-results.ts';
import type { TrainedGroup } from '../../analysis/trained-scores.ts';
import type { BenchmarkSpace } from '../../common/benchmarks.ts';
import type { Candidate, CandidateId } from '../../run/candidate.ts';
import type { Takers } from '../../task/draw-for-networks.ts';
import type { Task } from '../../task/batches.ts';
import type { TrainedModel } from '../../run/trained-model.ts';
import type { CandidateMark, RunCounts, RunInfo } from '../../run/run-store.ts';
import type { Standing } from '../../run/standing.ts';
import type { CandidateTextRequest } from '../../workbench/candidate-text.ts';

export interface NamedRun {
  /** The run's name for the page. */
  readonly run: string;
  readonly file: string;
}

export interface StoredCandidate {
  readonly info: RunInfo;
  readonly candidate: Candidate;
}

export interface Resumable {
  readonly info: RunInfo;
  readonly earlier: RunCounts;
  readonly planned: number | null;
}

/** What a run's networks take. */
export interface RunTakers {
  readonly info: RunInfo;
  readonly task: Task;
  readonly takers: Takers;
  /** Height and width at which the candidate takes them; null for the size at which they are drawn. */
  readonly size: readonly [number, number] | null;
}

export interface ScoredGenotype {
  readonly genotype: string;
  readonly score: number;
}

/** What a run of a sweep has come to, as far as it got. */
export interface SweptFront {
  readonly run: SweptRun;
  /** By whose table of accuracies it can be judged; null where none are known. */
  readonly judgedSpace: BenchmarkSpace | null;
  /** Its scored networks, where they can be judged. */
  readonly networks: readonly ScoredGenotype[];
}

/** The request and the result of each look. */
interface LookTypes {
  /** What is wrong with the file, if anything is. */
  info: { request: null; result: RunInfo };
  summary: { request: NamedRun; result: RunSummary };
  view: { request: NamedRun; result: Omit<RunView, 'readOnly'> };
  progress: { request: NamedRun; result: RunProgress };
  candidates: { request: { readonly after: number; readonly most: number }; result: CandidatePage };
  /** As it is stored. Throws `unknown-candidate`, as all that name a candidate. */
  stored: { request: Id; result: StoredCandidate };
  /** With what an export says of it besides. @param all for a report as well */
  exported: {
    request: Id & { readonly all: boolean };
    result: ForExport;
  };
  /** The same for a network, as a candidate or scored besides. Throws `unknown-candidate`. */
  network: {
    request: { readonly genotype: string; readonly all: boolean };
    result: ForExport;
  };
  candidate: { request: Id; result: CandidateDetail };
  /** The same for a network, as a candidate or scored besides. Throws `unknown-candidate`. */
  networkDetail: { request: { readonly genotype: string }; result: CandidateDetail };
  /** The network of a candidate as boxes. */
  architecture: { request: Id; result: ArchitectureNode[] };
  /** What a search needs to know before it continues; throws if it will not be able to read what it needs. */
  resumable: { request: null; result: Resumable };
  /** What its images are drawn for; for a candidate as that network takes them. */
  takers: { request: { readonly id: number | null }; result: RunTakers };
  /** Candidates as text for other programs. */
  candidatesText: { request: CandidateTextRequest; result: string };
  trend: { request: null; result: readonly number[] };
  model: { request: { readonly beta: number | null }; result: RunModel | null };
  sweptFront: { request: null; result: SweptFront };
  marks: { request: null; result: CandidateMark[] };
  /** The run's report as a page. */
  report: {
    request: { readonly name: string; readonly productVersion: string };
    result: string;
  };
  trained: { request: null; result: readonly TrainedModel[] };
  /** Candidates with so many MACs, in full. */
  alike: { request: { readonly macs: number }; result: readonly Candidate[] };
  againstTruth: { request: { readonly beta: number }; result: readonly TrainedGroup[] };
}

interface ForExport extends StoredCandidate {
  readonly standing: Standing;
  /** Only a report needs these; empty for anything else. */
  readonly candidates: readonly Candidate[];
  readonly trained: readonly TrainedModel[];
}

interface Id {
  readonly id: number;
}

export type LookName = keyof LookTypes;
export type LookRequest<N extends LookName> = LookTypes[N]['request'];
export type LookResult<N extends LookName> = LookTypes[N]['result'];

/** Can look at files that nobody is writing, and make notes in them. */
export interface RunLooking {
  /** Throws an error that says what is wrong with the file. */
  look<N extends LookName>(name: N, file: string, request: LookRequest<N>): Promise<LookResult<N>>;
  /** Checks all of a file, as `lookThroughRun` in store/, and returns what that does. */
  lookThrough(file: string): Promise<string>;
  /** Throws `run-in-use`, `folder-not-writable`, `disk-full`, `unknown-candidate`. */
  setMark(file: string, mark: CandidateMark): Promise<void>;
  setTags(file: string, tags: readonly string[]): Promise<void>;
  /** Throws what `copyWithoutNotes` throws. */
  copyWithoutNotes(file: string, target: string): Promise<void>;
  /** Throws `run-in-use`, `run-name-taken`, `folder-not-writable`. */
  rename(file: string, to: string): Promise<void>;
  setTrained(file: string, model: TrainedModel): Promise<void>;
  removeTrained(file: string, id: CandidateId): Promise<void>;
}
