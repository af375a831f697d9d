/** How the window reads a person's files: in a supervised child, which no file can block for long. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { retryKilled, ProcessKilled } from '../../child/killed.ts';
import type { ChildProcesses } from '../../child/process.ts';
import { SupervisedChild, type ChildLimits } from '../../child/supervised-child.ts';
import type { ModelGraph, ModelNode } from '../../common/model-graph.ts';
import { WorkbenchError } from '../../errors.ts';
import type { Graph } from '../../graph/graph.ts';
import type { FileOutput } from '../../graph/onnx/file-outputs.ts';
import type { ReadForMeasuring } from '../../measure-model/measure-model.ts';
import type { LookedAtModel, TrainedRequest } from '../../measure-model/trained-model.ts';
import type { CandidateId } from '../../run/candidate.ts';
import type { TrainedModel } from '../../run/trained-model.ts';
import type { CandidateMark } from '../../run/run-store.ts';
import type { JudgedFronts } from './front-truth.ts';
import type { LookName, LookRequest, LookResult, RunLooking } from './look-types.ts';
import type {
  CopyMessage,
  DetachMessage,
  DrawnMessage,
  DrawnNodeMessage,
  JudgeMessage,
  LookMessage,
  MarkMessage,
  MeasuredMessage,
  ModelMessage,
  OutputsMessage,
  RenameMessage,
  TagsMessage,
  ThroughMessage,
  TrainedFileMessage,
  TrainedMessage,
} from './protocol.ts';

/** A run of 50,000 candidates takes under a second and 200 MB. */
const runLimits: ChildLimits = { timeoutMs: 20_000, memoryBytes: 800 * 2 ** 20 };
/** Models contain weights, of which reading holds several copies. */
const modelLimits: ChildLimits = { timeoutMs: 60_000, memoryBytes: 4 * 2 ** 30 };

/** A report of a large run, or all its candidates as text, may take long, and that says nothing about its file. */
const wholeLimits: ChildLimits = { timeoutMs: 600_000, memoryBytes: 3 * 2 ** 30 };
/** Looks at all of a run that nobody's list should wait for, and what helps where one takes too much. */
const whole: ReadonlyMap<LookName, string> = new Map([
  ['report', 'Nothing was written. Close other programs, and save the report again.'],
  ['candidatesText', 'Nothing was written. Close other programs, or ask for fewer candidates.'],
  ['model', 'Close other programs, and open the run again. All else about it can be seen.'],
]);

/** Failures of the child itself, not of its task. */
const failures: ReadonlySet<string> = new Set([
  'engine-crashed',
  'memory-ceiling',
  'reading-timeout',
]);

export class Reading implements RunLooking {
  /** Two, so that runs can be listed while a large model is being read. */
  readonly #runs: SupervisedChild;
  readonly #models: SupervisedChild;
  /** Files that killed a child, and their state at the time: they are not tried again before they change. */
  readonly #refused = new Map<string, { readonly stamp: string; readonly error: WorkbenchError }>();

  readonly #others = new Set<SupervisedChild>();
  readonly #startOther: () => SupervisedChild;

  /** @param entry script of the reading child */
  constructor(
    processes: ChildProcesses,
    entry: string,
    limits: ChildLimits = runLimits,
    apart: ChildLimits = wholeLimits,
  ) {
    const name = 'reading';
    this.#startOther = () => new SupervisedChild({ processes, entry, name, limits: apart });
    this.#runs = new SupervisedChild({ processes, entry, name, limits });
    this.#models = new SupervisedChild({ processes, entry, name, limits: modelLimits });
  }

  look<N extends LookName>(name: N, file: string, request: LookRequest<N>): Promise<LookResult<N>> {
    const message: LookMessage = { name, file, request };
    const help = whole.get(name);
    if (help !== undefined) return this.#apart(file, message, help);
    return this.#guarded(file, () => this.#runs.request<LookResult<N>>('look', message));
  }

  lookThrough(file: string): Promise<string> {
    const message: ThroughMessage = { file };
    return this.#guarded(file, () => this.#runs.request<string>('through', message));
  }

  async setMark(file: string, mark: CandidateMark): Promise<void> {
    const message: MarkMessage = { file, mark };
    await this.#guarded(file, () => this.#runs.request('mark', message));
  }

  async setTags(file: string, tags: readonly string[]): Promise<void> {
    const message: TagsMessage = { file, tags };
    await this.#guarded(file, () => this.#runs.request('tags', message));
  }

  async copyWithoutNotes(file: string, target: string): Promise<void> {
    const message: CopyMessage = { file, target };
    // Where a slow disk takes too long over it, that says nothing about the run, and nobody's list has to wait.
    await retryKilled(() => this.#models.request('copy', message));
  }

  async rename(file: string, to: string): Promise<void> {
    const message: RenameMessage = { file, to };
    await this.#guarded(file, () => this.#runs.request('rename', message));
  }

  async setTrained(file: string, model: TrainedModel): Promise<void> {
    const message: TrainedMessage = { file, model };
    await this.#guarded(file, () => this.#runs.request('attach', message));
  }

  async removeTrained(file: string, id: CandidateId): Promise<void> {
    const message: DetachMessage = { file, id };
    await this.#guarded(file, () => this.#runs.request('detach', message));
  }

  /** Throws what `lookAtTrained` in measure-model/ throws; `model-not-read` where it takes too much. */
  async lookAtTrained(request: TrainedRequest, signal?: AbortSignal): Promise<LookedAtModel> {
    const message: TrainedFileMessage = { request };
    return this.#ofModel('trained', request.model, message, signal);
  }

  /** Throws what `readModelFile` in score-model/ throws; `model-not-read` where it takes too much. */
  async readModel(
    file: string,
    options: ModelMessage['options'],
    signal?: AbortSignal,
  ): Promise<Graph> {
    const message: ModelMessage = { file, options };
    return this.#ofModel('model', file, message, signal);
  }

  /** Throws what `readForMeasuring` in measure-model/ throws; `model-not-read` where it takes too much. */
  async readToMeasure(
    request: MeasuredMessage['request'],
    signal?: AbortSignal,
  ): Promise<ReadForMeasuring> {
    const message: MeasuredMessage = { request };
    return this.#ofModel('measured', request.model, message, signal);
  }

  /** What fronts give away, by the accuracies that are known. */
  judgeFronts(message: JudgeMessage): Promise<JudgedFronts> {
    return retryKilled(() => this.#models.request<JudgedFronts>('judge', message));
  }

  /** What a model file says it gives. Throws `not-onnx`, `model-not-read`. */
  async modelOutputs(file: string, signal?: AbortSignal): Promise<readonly FileOutput[]> {
    const message: OutputsMessage = { file };
    return this.#ofModel('outputs', file, message, signal);
  }

  /** A model file as it stands, for drawing. Throws what `DrawnModel.read` throws; `model-not-read`. */
  async drawnModel(file: string, signal?: AbortSignal): Promise<Omit<ModelGraph, 'model'>> {
    const message: DrawnMessage = { file };
    return this.#ofModel('drawn', file, message, signal);
  }

  /** One node of it. Throws the same; `unknown-box`. */
  async drawnNode(file: string, box: number): Promise<ModelNode> {
    const message: DrawnNodeMessage = { file, box };
    return this.#ofModel('drawnNode', file, message);
  }

  /** Nobody looks at a model any more. */
  async letDrawnGo(): Promise<void> {
    // A process that is not there keeps nothing.
    if (this.#models.pid !== undefined) await this.#models.request('letDrawnGo', null);
  }

  async #ofModel<T>(
    asked: string,
    file: string,
    message: object,
    signal?: AbortSignal,
  ): Promise<T> {
    try {
      return await retryKilled(() => this.#models.request<T>(asked, message, signal), signal);
    } catch (error) {
      if (!isFailure(error)) throw error;
      throw new WorkbenchError(
        'model-not-read',
        `${file} could not be read: ${error.message}`,
        'Simplify the model, or make it smaller.',
        { cause: error },
      );
    }
  }

  async close(): Promise<void> {
    const children = [this.#runs, this.#models, ...this.#others];
    await Promise.all(children.map((child) => child.close()));
  }

  /** In a child of its own, which ends with the answer. */
  async #apart<T>(file: string, message: LookMessage, help: string): Promise<T> {
    const child = this.#startOther();
    this.#others.add(child);
    try {
      return await retryKilled(() => child.request<T>('look', message));
    } catch (error) {
      if (!isFailure(error)) throw error;
      throw new WorkbenchError(
        'run-not-gone-through',
        `${path.basename(file)} could not be gone through as a whole: ${error.message}`,
        help,
        { cause: error },
      );
    } finally {
      this.#others.delete(child);
      await child.close();
    }
  }

  async #guarded<T>(file: string, ask: () => Promise<T>): Promise<T> {
    const refused = this.#refused.get(file);
    const stamp = stampOf(file);
    if (refused?.stamp === stamp) throw refused.error;
    this.#refused.delete(file);
    try {
      return await retryKilled(ask);
    } catch (error) {
      if (!isFailure(error)) throw error;
      const named = new WorkbenchError(
        'not-a-run-file',
        `${path.basename(file)} could not be read: ${error.message}`,
        'It is damaged, or larger than a run can be. Copy it again, or move it out of the folder.',
        { cause: error },
      );
      this.#refused.set(file, { stamp, error: named });
      throw named;
    }
  }
}

function isFailure(error: unknown): error is WorkbenchError {
  // A child that was ended by something else says nothing about the file.
  if (error instanceof ProcessKilled) return false;
  return error instanceof WorkbenchError && failures.has(error.code);
}

function stampOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return '';
  }
}
