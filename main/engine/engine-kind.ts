/** What an engine has to offer so that searches and models can be scored by it. */
import type { ChildProcesses } from '../child/process.ts';
import type { ChildLimits } from '../child/supervised-child.ts';
import type { EngineIdentity, Precision } from '../common/engines.ts';
import type { ProxyName } from '../common/proxies.ts';
import type { ErrorReport } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { BatchSet } from '../task/batches.ts';
import type { Engine, Statistics } from './engine.ts';
import type { ProxyReadings } from './proxies/compute.ts';

export interface EngineKind {
  /** What is available here in a precision, or why nothing is. */
  here(
    precision: Precision,
  ): { readonly version: string } | { readonly version: null; readonly missing: ErrorReport };
  /** True where `Computing.check` has to be asked before a run whether it can score a space. */
  readonly checks: boolean;
  /** Opens an engine of one process. Throws WorkbenchError where it is not available. */
  open(options: EngineOptions): Engine;
  /** Loaded by the scoring child, for the engine that it computes with and no other. */
  computing(): Promise<Computing>;
}

export interface EngineOptions {
  readonly processes: ChildProcesses;
  /** Script of the scoring child. */
  readonly entry: string;
  readonly threads: number;
  readonly precision: Precision;
  /** For one candidate: time and resident memory of the child. */
  readonly limits: ChildLimits;
  /** True where a network that it cannot score may be scored by another engine, which the score then says. */
  readonly mayHandOn: boolean;
}

/** The part of an engine that runs in the scoring child. */
export interface Computing {
  /** Throws what `Engine.statistics` throws. */
  compute(
    graph: Graph,
    batches: BatchSet,
    termCap: number,
    engine: EngineIdentity,
    memoryBytes: number,
  ): Promise<Pick<Statistics, 'layers' | 'losses'>>;
  /** Throws what `Engine.proxies` throws. */
  proxies(
    graph: Graph,
    batches: BatchSet,
    names: readonly ProxyName[],
    engine: EngineIdentity,
    memoryBytes: number,
  ): Promise<ProxyReadings>;
  /**
   * Throws why the networks cannot be scored with batches like these, here, in this precision. Absent where the
   * engine scores whatever it is given.
   */
  check?(networks: readonly Graph[], batches: BatchSet, precision: Precision): void;
}
