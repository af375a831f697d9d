/** A TensorFlow Lite network as data, before it becomes bytes: tensors and operators in order. */
import type { Shape } from '../graph/shape.ts';
import type { Builtin, ElementType, Options } from './schema.ts';

/** An integer q stands for scale * (q - zeroPoint); there is one scale, or one per index along `axis`. */
export interface Quantisation {
  readonly scales: Float32Array;
  readonly zeroPoint: number;
  readonly axis: number;
}

export type TensorData = Float32Array | Int32Array | Int8Array | Uint16Array;

export interface Tensor {
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
  /** Row-major; absent for computed tensors. float16 values are given as their bits. */
  readonly data?: TensorData;
  readonly quantisation?: Quantisation;
  /** The network's value that this holds, in whatever order of axes; its calibrated range is found by that. */
  readonly value?: string;
}

/** Index of a tensor in `TfliteModel.tensors`. */
export type TensorIndex = number;

export interface Operator {
  readonly kind: Builtin;
  readonly inputs: readonly TensorIndex[];
  readonly outputs: readonly TensorIndex[];
  readonly options?: Options;
  /** Name of the network's node that it belongs to. */
  readonly node: string;
}

export interface TfliteModel {
  readonly name: string;
  readonly tensors: readonly Tensor[];
  readonly operators: readonly Operator[];
  readonly inputs: readonly TensorIndex[];
  readonly outputs: readonly TensorIndex[];
}
