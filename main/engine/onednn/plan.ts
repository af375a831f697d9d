/** What the native add-on takes: values by number and steps in execution order (native/plan.hpp). */
import type { Shape } from '../../graph/shape.ts';
import type { UniformDraw } from '../../graph/weights.ts';

/** One operation over named values; what `ints`, `floats` and `data` mean is its own business. */
export interface NamedStep {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly ints?: readonly number[];
  readonly floats?: readonly number[];
  readonly data?: readonly number[];
}

export interface PlanValue {
  readonly dims: Shape;
  /** Numbers of an initialiser, row-major. */
  readonly constant: Float32Array | null;
  /** An initialiser that the add-on draws: several times as fast, and into memory that it has already. */
  readonly drawn?: UniformDraw | null;
}

export interface PlanStep {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly data: readonly number[];
}

export interface PlanBatch {
  /** One array for each of the plan's inputs. */
  readonly inputs: readonly Float32Array[];
  /** Classes of images, places or anchors. */
  readonly targets: Int32Array;
}

export interface Plan {
  readonly values: readonly PlanValue[];
  readonly steps: readonly PlanStep[];
  /** Values that every batch brings: the image, and what a loss needs beside its targets. */
  readonly inputs: readonly number[];
  /** Weight gradients, one a layer. */
  readonly gradients: readonly number[];
}
