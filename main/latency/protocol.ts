/** The requests that the latency child answers: `repeat`, and `release` when a network has been measured. */
import type { HostRunner } from '../common/host-runners.ts';
import type { DeployedPrecision } from '../common/precisions.ts';
import type { Graph } from '../graph/graph.ts';
import type { StoredModel } from '../graph/onnx/stored-form.ts';
import type { ComputerLoad } from './load.ts';

/** A network that is understood, or a file's model as it stands. */
export type TimedModel =
  | { readonly graph: Graph; readonly precision: DeployedPrecision; readonly runner: HostRunner }
  | { readonly stored: Pick<StoredModel, 'bytes' | 'inputs'> };

export interface RepeatRequest {
  /** Repeats with the same number are of the same network, which remains loaded between them. */
  readonly measurement: number;
  readonly model: TimedModel;
  readonly warmUp: number;
  readonly runs: number;
  readonly threads: number;
  /** Milliseconds between the previous repeat and this one. */
  readonly pauseMs: number;
  /** The best pace of late, as far as it is known (pace.ts). */
  readonly bestPaceMs: number | null;
}

export interface TimedRuns {
  /** Wall time of each run that counts, after the warm-up, in order, in milliseconds. */
  readonly runsMs: readonly number[];
  readonly load: ComputerLoad;
  /** The best pace that was seen meanwhile (pace.ts): what later ones are compared with. */
  readonly bestPaceMs: number;
}
