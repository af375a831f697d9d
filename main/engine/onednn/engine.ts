/**
 * The onednn engine: a supervised child like onnxruntime's. Its owner decides what happens to a network that it
 * cannot score: it is refused by name, or scored by onnxruntime as a whole, as the score then says.
 */
import { SupervisedChild } from '../../child/supervised-child.ts';
import { WorkbenchError } from '../../errors.ts';
import type { BatchSet } from '../../task/batches.ts';
import type {
  Engine,
  EngineIdentity,
  ProxyRequest,
  ProxyResult,
  Statistics,
  StatisticsRequest,
} from '../engine.ts';
import { fallbackNote } from '../engine-choice.ts';
import { OnnxRuntimeEngine, type OnnxRuntimeEngineOptions } from '../onnxruntime/engine.ts';
import { batchSteps } from '../batch-parts.ts';
import { instructionsHere, type InstructionSet } from '../instructions.ts';
import { precisionField, type Precision } from '../precision.ts';
import type { ScoringRequest, ScoringSetup } from '../protocol.ts';
import { notNative } from './lower.ts';

export interface OneDnnEngineOptions extends OnnxRuntimeEngineOptions {
  /** Of oneDNN and the kernels, as `builtVersion` says. */
  readonly version: string;
  /** Absent: float32. A processor without bf16 refuses every network with `precision-unavailable`. */
  readonly precision?: Precision;
  /** Absent: those of this computer. The child refuses every network where it cannot have them. */
  readonly instructions?: InstructionSet;
  /** What scores a network that onednn cannot score; null refuses it by name. */
  readonly otherwise: 'onnxruntime' | null;
}

export class OneDnnEngine implements Engine {
  readonly identity: EngineIdentity;
  private readonly options: OneDnnEngineOptions;
  private batches: BatchSet | null = null;
  /** At most one of the two exists, so that together they stay below the memory ceiling. */
  private native: SupervisedChild | null = null;
  private other: OnnxRuntimeEngine | null = null;
  private closed = false;

  constructor(options: OneDnnEngineOptions) {
    this.options = options;
    const { version, threads, precision = 'float32' } = options;
    const { instructions = instructionsHere() } = options;
    this.identity = {
      name: 'onednn',
      version,
      threads,
      ...precisionField(precision),
      instructions,
    };
  }

  async useBatches(batches: BatchSet): Promise<void> {
    this.batches = batches;
    if (this.native) await this.configure(this.native, batches);
    else if (this.other) await this.other.useBatches(batches);
    else await this.nativeChild();
  }

  statistics(request: StatisticsRequest, signal?: AbortSignal): Promise<Statistics> {
    const { graph, termCap } = request;
    const sent: ScoringRequest = { graph, termCap };
    return this.asked('statistics', sent, (other) => other.statistics(request, signal), signal);
  }

  proxies(request: ProxyRequest, signal?: AbortSignal): Promise<ProxyResult> {
    return this.asked('proxies', request, (other) => other.proxies(request, signal), signal);
  }

  private async asked<Result extends { readonly note?: string }>(
    method: 'statistics' | 'proxies',
    sent: object,
    ofOther: (other: OnnxRuntimeEngine) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    try {
      const native = await this.nativeChild();
      return await native.request<Result>(method, sent, signal);
    } catch (error) {
      const refused = error instanceof WorkbenchError && refusals.has(error.code);
      if (!refused || this.options.otherwise === null || this.closed) throw error;
      const result = await ofOther(await this.otherEngine());
      return { ...result, note: fallbackNote(this.options.otherwise, this.identity.name, error) };
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([this.native?.close(), this.other?.close()]);
  }

  private async nativeChild(): Promise<SupervisedChild> {
    if (this.native) return this.native;
    const { processes, entry, limits } = this.options;
    const native = new SupervisedChild({ processes, entry, name: 'scoring', limits });
    this.native = native;
    // At once: a request that comes now must find its batches.
    const ready = this.batches ? this.configure(native, this.batches) : Promise.resolve();
    const { other } = this;
    this.other = null;
    await other?.close();
    await ready;
    return native;
  }

  private async otherEngine(): Promise<OnnxRuntimeEngine> {
    if (this.other) return this.other;
    const other = new OnnxRuntimeEngine(this.options);
    this.other = other;
    const ready = this.batches ? other.useBatches(this.batches) : Promise.resolve();
    const { native } = this;
    this.native = null;
    await native?.close();
    await ready;
    return other;
  }

  private configure(child: SupervisedChild, set: BatchSet): Promise<void> {
    const { batches, ...rest } = set;
    const { memoryBytes } = this.options.limits;
    const setup: ScoringSetup = { batches: rest, engine: this.identity, memoryBytes };
    return child.configure('setup', setup, ...batchSteps(batches));
  }
}

/** An add-on that does not load refuses every network. */
const refusals = new Set([notNative, 'engine-unavailable']);
