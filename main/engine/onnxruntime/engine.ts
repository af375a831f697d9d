/** The onnxruntime engine, seen from the parent: a supervised child computes. */
import type { ChildProcesses } from '../../child/process.ts';
import { SupervisedChild, type ChildLimits } from '../../child/supervised-child.ts';
import type { BatchSet } from '../../task/batches.ts';
import type {
  Engine,
  EngineIdentity,
  ProxyRequest,
  ProxyResult,
  Statistics,
  StatisticsRequest,
} from '../engine.ts';
import { batchSteps } from '../batch-parts.ts';
import type { ScoringRequest, ScoringSetup } from '../protocol.ts';
import { scoringVersion } from './version.ts';

export interface OnnxRuntimeEngineOptions {
  readonly processes: ChildProcesses;
  /** Script of the scoring child. */
  readonly entry: string;
  readonly threads: number;
  /** For one candidate: time and resident memory of the child. */
  readonly limits: ChildLimits;
}

export class OnnxRuntimeEngine implements Engine {
  readonly identity: EngineIdentity;
  private readonly child: SupervisedChild;
  private readonly memoryBytes: number;

  constructor({ processes, entry, threads, limits }: OnnxRuntimeEngineOptions) {
    this.identity = { name: 'onnxruntime', version: scoringVersion, threads };
    this.memoryBytes = limits.memoryBytes;
    this.child = new SupervisedChild({ processes, entry, name: 'scoring', limits });
  }

  useBatches({ batches, ...rest }: BatchSet): Promise<void> {
    const { memoryBytes } = this;
    const setup: ScoringSetup = { batches: rest, engine: this.identity, memoryBytes };
    return this.child.configure('setup', setup, ...batchSteps(batches));
  }

  statistics(request: StatisticsRequest, signal?: AbortSignal): Promise<Statistics> {
    return this.child.request<Statistics>('statistics', request satisfies ScoringRequest, signal);
  }

  proxies(request: ProxyRequest, signal?: AbortSignal): Promise<ProxyResult> {
    return this.child.request<ProxyResult>('proxies', request, signal);
  }

  close(): Promise<void> {
    return this.child.close();
  }
}
