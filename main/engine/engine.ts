/** What every engine offers: from a network and batches to gradient statistics of each layer. */
import type { EngineIdentity, EngineName } from '../common/engines.ts';
import type { ProxyName, ProxyReading } from '../common/proxies.ts';
import type { Graph, LayerKind } from '../graph/graph.ts';
import type { BatchSet } from '../task/batches.ts';

export type { EngineIdentity, EngineName };

export interface LayerStatistics {
  /** The weight initialiser's name without `.weight`. */
  readonly name: string;
  readonly kind: LayerKind;
  /** Number of weights. */
  readonly weights: number;
  /** Output feature map; fully connected layers have height = width = 1. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Sum over the weights of mean|g| / std(g) (method: z_l). */
  readonly sum: number;
  /** The same with every term capped at the request's term cap. */
  readonly sumCapped: number;
  /** Euclidean norm of the layer's weight gradient, one per batch. */
  readonly gradientNorms: readonly number[];
}

export interface Statistics {
  /** In node order. */
  readonly layers: readonly LayerStatistics[];
  /** Mean loss of each batch. */
  readonly losses: readonly number[];
  readonly termCap: number;
  readonly batches: number;
  readonly batchSize: number;
  readonly engine: EngineIdentity;
  /** Wall time in the engine, from receiving the network to the last statistic. */
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  /** Why it is not the engine that was asked for, or the usual one; absent where it is. */
  readonly note?: string;
}

export interface StatisticsRequest {
  readonly graph: Graph;
  /** Cap of a single term in `sumCapped`. */
  readonly termCap: number;
}

export interface ProxyRequest {
  readonly graph: Graph;
  readonly proxies: readonly ProxyName[];
}

/** Scores of a network by proxies. */
export interface ProxyResult {
  readonly readings: Readonly<Partial<Record<ProxyName, ProxyReading>>>;
  readonly engine: EngineIdentity;
  /** Wall time in the engine. */
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  /** As in `Statistics`. */
  readonly note?: string;
}

export interface Engine {
  readonly identity: EngineIdentity;
  /** The batches that every later request uses, until replaced. */
  useBatches(batches: BatchSet): Promise<void>;
  /**
   * Throws WorkbenchError: `unsupported-operator`, `shape-mismatch`, `gradient-not-finite`,
   * `memory-lower-bound`, `scoring-timeout`, `memory-ceiling`, `engine-crashed`.
   */
  statistics(request: StatisticsRequest, signal?: AbortSignal): Promise<Statistics>;
  /** Throws what `statistics` throws, except for what concerns gradients. */
  proxies(request: ProxyRequest, signal?: AbortSignal): Promise<ProxyResult>;
  close(): Promise<void>;
}
