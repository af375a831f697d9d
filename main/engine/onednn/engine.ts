/**
 * The onednn engine: a supervised child like onnxruntime's. A network with an operator that it does not
 * have is scored by onnxruntime instead, whole; every score names the engine that computed it.
 */
import { SupervisedChild } from '../../child/supervised-child.ts';
import { WorkbenchError } from '../../errors.ts';
import type { BatchSet } from '../../task/batches.ts';
import type { Engine, EngineIdentity, Statistics, StatisticsRequest } from '../engine.ts';
import { OnnxRuntimeEngine, type OnnxRuntimeEngineOptions } from '../onnxruntime/engine.ts';
import type { ScoringBatch, ScoringRequest, ScoringSetup } from '../protocol.ts';
import { notNative } from './lower.ts';

export interface OneDnnEngineOptions extends OnnxRuntimeEngineOptions {
  /** Of oneDNN, as `builtVersion` says. */
  readonly version: string;
}

export class OneDnnEngine implements Engine {
  readonly identity: EngineIdentity;
  private readonly options: OneDnnEngineOptions;
  private readonly child: SupervisedChild;
  private batches: BatchSet | null = null;
  private other: Promise<OnnxRuntimeEngine> | null = null;

  constructor(options: OneDnnEngineOptions) {
    const { processes, entry, limits, threads, version } = options;
    this.options = options;
    this.identity = { name: 'onednn', version, threads };
    this.child = new SupervisedChild({ processes, entry, name: 'scoring', limits });
  }

  async useBatches(set: BatchSet): Promise<void> {
    const { batches, ...rest } = set;
    this.batches = set;
    const setup: ScoringSetup = {
      batches: rest,
      engine: this.identity,
      memoryBytes: this.options.limits.memoryBytes,
    };
    const parts = batches.map((batch: ScoringBatch) => ({ method: 'batch', payload: batch }));
    await this.child.configure('setup', setup, ...parts);
    if (this.other) await (await this.other).useBatches(set);
  }

  async statistics(request: StatisticsRequest, signal?: AbortSignal): Promise<Statistics> {
    try {
      const { graph, termCap } = request;
      const sent: ScoringRequest = { graph, termCap };
      return await this.child.request<Statistics>('statistics', sent, signal);
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== notNative) throw error;
      this.other ??= this.openOther();
      return await (await this.other).statistics(request, signal);
    }
  }

  async close(): Promise<void> {
    await this.child.close();
    if (this.other) await (await this.other).close();
  }

  private async openOther(): Promise<OnnxRuntimeEngine> {
    const engine = new OnnxRuntimeEngine(this.options);
    if (this.batches) await engine.useBatches(this.batches);
    return engine;
  }
}
