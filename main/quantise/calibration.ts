/** What is known of a network's values after it was run on images, and the network that is quantised by it. */
import type { Graph } from '../graph/graph.ts';
import type { BlockMoments } from './moments.ts';
import type { Range } from './ranges.ts';

export interface Calibration {
  readonly ranges: ReadonlyMap<string, Range>;
  /** Means a channel of values with a channel axis. */
  readonly means: ReadonlyMap<string, Float64Array>;
  /** Of what layers with weights read, by the values that they make. */
  readonly moments: ReadonlyMap<string, BlockMoments>;
}

/** A network that is ready to be written in int8: its weights are numbers that int8 has. */
export interface Quantisable {
  /** Deployed (`toDeployedForInt8`). */
  readonly graph: Graph;
  /** The same with the weights that it had. */
  readonly exact: Graph;
  readonly calibration: Calibration;
}
