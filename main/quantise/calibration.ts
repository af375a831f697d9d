/** What is known about a network's values after it was run on images, and the network that is quantised by it. */
import type { Graph } from '../graph/graph.ts';
import type { BlockMoments } from './moments.ts';
import type { Range } from './ranges.ts';

export interface Calibration {
  readonly ranges: ReadonlyMap<string, Range>;
  /** The mean of each channel, for values with a channel axis. */
  readonly means: ReadonlyMap<string, Float64Array>;
  /** Moments of the inputs of layers with weights, by the names of the layers' outputs. */
  readonly moments: ReadonlyMap<string, BlockMoments>;
}

/** A network that is ready to be written in int8: its weights are numbers that int8 has. */
export interface Quantisable {
  /** Deployed (`toDeployedForInt8`). */
  readonly graph: Graph;
  /** The same network with its original weights. */
  readonly exact: Graph;
  readonly calibration: Calibration;
}
