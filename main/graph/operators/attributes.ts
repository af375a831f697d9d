/** Static attributes of every operator. Names and meaning are ONNX's unless a comment says otherwise. */
import type { Shape } from '../shape.ts';

/** Height, width. */
export type Pair = readonly [number, number];
/** Top, left, bottom, right: ONNX's order. */
export type Pads = readonly [number, number, number, number];

export interface ConvAttributes {
  readonly strides: Pair;
  readonly pads: Pads;
  readonly dilations: Pair;
  readonly group: number;
}

export interface PoolAttributes {
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly pads: Pads;
  readonly countIncludePad: boolean;
}

/**
 * `training`: batch statistics, and outputs y, mean, inverse standard deviation.
 * Otherwise running statistics and the output y alone.
 */
export interface BatchNormalizationAttributes {
  readonly epsilon: number;
  readonly training: boolean;
}

export interface GemmAttributes {
  readonly alpha: number;
  readonly beta: number;
  readonly transA: boolean;
  readonly transB: boolean;
}

export interface ReduceAttributes {
  /** Non-negative, ascending. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** Attributes of all operators; operators whose name ends in Gradient exist only after differentiation. */
export interface OperatorAttributes {
  Conv: ConvAttributes;
  ConvInputGradient: ConvAttributes & { readonly inputShape: Shape };
  ConvWeightGradient: ConvAttributes & { readonly weightShape: Shape };
  BatchNormalization: BatchNormalizationAttributes;
  BatchNormalizationGradient: Record<string, never>;
  Relu: Record<string, never>;
  ReluGradient: Record<string, never>;
  Add: Record<string, never>;
  /** Sums a gradient over the axes along which an operand was broadcast. */
  SumTo: { readonly shape: Shape };
  AveragePool: PoolAttributes;
  AveragePoolGradient: PoolAttributes & { readonly inputShape: Shape };
  GlobalAveragePool: Record<string, never>;
  ReduceMean: ReduceAttributes;
  /** Spreads the gradient of a mean evenly over what was averaged. */
  MeanGradient: { readonly axes: readonly number[]; readonly inputShape: Shape };
  Flatten: { readonly axis: number };
  /** ONNX's shape: 0 copies a dimension, one -1 is inferred. */
  Reshape: { readonly shape: readonly number[] };
  /** Zero padding; `pads` has all begins, then all ends. Negative pads crop. */
  Pad: { readonly pads: readonly number[] };
  Gemm: GemmAttributes;
  Identity: Record<string, never>;
  /** Mean of -log softmax(logits)[target] over the batch; outputs loss and log-probabilities. */
  SoftmaxCrossEntropyLoss: Record<string, never>;
  SoftmaxCrossEntropyLossGradient: Record<string, never>;
}

export type OperatorKind = keyof OperatorAttributes;
