/**
 * A network as data. One graph is the source of everything: parameter and MAC counts, the deployable
 * ONNX model and, differentiated, the scoring graph.
 */
import type { LayerKind } from '../common/layer-kinds.ts';
import type { WeightScheme } from '../common/weight-schemes.ts';
import type { DetectionHead, LastMap } from './heads/head.ts';
import type { OperatorAttributes, OperatorKind } from './operators/attributes.ts';
import type { Shape } from './shape.ts';

export type { LayerKind, OperatorAttributes, OperatorKind, Shape, WeightScheme };

/**
 * Values of an initialiser. Random and constant ones are descriptions, so that a graph stays a few
 * kilobytes until `materialise` (weights.ts) turns it into numbers in the process that needs them.
 */
export type InitialValues =
  | { readonly kind: 'data'; readonly data: Float32Array }
  | { readonly kind: 'constant'; readonly value: number }
  | {
      readonly kind: 'random';
      readonly scheme: WeightScheme;
      readonly seed: number;
      /** True where the weights are inputs x outputs, as MatMul has them, not outputs x inputs. */
      readonly inputsFirst?: boolean;
    };

export interface Initializer {
  readonly shape: Shape;
  readonly values: InitialValues;
  /** True for a constant of a formula, which training would not change: it is not a parameter. */
  readonly constant?: boolean;
}

/** Input of a graph; `null` is the batch size, bound by `inferShapes`. */
export interface GraphInput {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  /** Targets are int64; images float32. */
  readonly type: 'float32' | 'int64';
}

/** An empty input name stands for an optional input that was left out, as in ONNX. */
export interface NodeOf<K extends OperatorKind> {
  readonly name: string;
  readonly kind: K;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: OperatorAttributes[K];
}

export type Node = { [K in OperatorKind]: NodeOf<K> }[OperatorKind];

/** Nodes are in topological order: every input is a graph input, an initialiser or an earlier output. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly string[];
  readonly nodes: readonly Node[];
  readonly initializers: ReadonlyMap<string, Initializer>;
  /** How many times the file drew random numbers, which reading has switched off; absent for never. */
  readonly randomDraws?: number;
  /** What most of the file's weights are stored as, where that is not float32; they are computed with in float32. */
  readonly storedAs?: 'float16' | 'bfloat16' | 'float64';
  /** True where outputs of the file are choices of the most likely class, which reading has left out. */
  readonly decided?: boolean;
  /** True where the file takes a single picture, and what it does before making a batch of it has been left out. */
  readonly behindTransform?: boolean;
  /** Inputs and outputs that have channels last in the file: an input is turned when it is read, outputs are not. */
  readonly channelsLast?: readonly string[];
  /** Where something on the way to some of a file's outputs cannot be read: those, the others, and what it is. */
  readonly unread?: UnreadOutputs;
  /** What a detection network predicts, where it is not class and box maps as EfficientDet has them. */
  readonly head?: DetectionHead;
  /** Of a network that was read for its last maps: what the file does with each of its outputs. */
  readonly lastMaps?: readonly LastMap[];
}

export interface UnreadOutputs {
  readonly outputs: readonly string[];
  readonly read: readonly string[];
  readonly reason: string;
}

export interface LayerSummary {
  /** The weight initialiser's name without `.weight`. */
  readonly name: string;
  readonly kind: LayerKind;
  /** Output feature map; fully connected layers have height = width = 1. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Weights and bias of this layer. */
  readonly parameters: number;
  /** Multiply-accumulates for one image. */
  readonly macs: number;
}

export interface NetworkSummary {
  /** Trainable parameters: weights, biases, norm scales and shifts (no running statistics). */
  readonly parameters: number;
  /** Multiply-accumulates of convolutions and matrix products for one image. */
  readonly macs: number;
  /** In node order. */
  readonly layers: readonly LayerSummary[];
}
