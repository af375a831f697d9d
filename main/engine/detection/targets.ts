/** What a detector should predict for a batch, as inputs of the graph that has its loss. */
import type { Shape } from '../../graph/graph.ts';

export interface DetectionTargets {
  /** Classes as integers, for the loss that takes them so: images x anchors. */
  readonly classes: { readonly data: Int32Array; readonly shape: Shape } | null;
  /** By the names of inputs; images first. */
  readonly numbers: ReadonlyMap<string, { readonly data: Float32Array; readonly shape: Shape }>;
}
