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
  readonly dilations: Pair;
  /** Rounds output sizes up, so that the last window may extend beyond the edge. */
  readonly ceilMode: boolean;
}

export interface AveragePoolAttributes extends PoolAttributes {
  readonly countIncludePad: boolean;
}

export interface ResizeAttributes {
  readonly mode: 'nearest' | 'linear';
  readonly coordinates: 'half_pixel' | 'pytorch_half_pixel' | 'align_corners' | 'asymmetric';
  readonly nearestMode: 'floor' | 'ceil' | 'round_prefer_floor' | 'round_prefer_ceil';
  /** Output height and width, or factors that give them. */
  readonly target:
    | { readonly kind: 'sizes'; readonly sizes: Pair }
    | { readonly kind: 'scales'; readonly scales: Pair };
}

export interface GridSampleAttributes {
  readonly mode: 'nearest' | 'linear';
  /** What lies beyond the edges. */
  readonly padding: 'zeros' | 'border' | 'reflection';
  /** -1 and 1 are the middles of the outermost pixels, not their borders. */
  readonly alignCorners: boolean;
}

export interface DetectionLossAttributes {
  /** Focal loss: weight of an anchor's own class, and by how much less easy anchors count. */
  readonly alpha: number;
  readonly gamma: number;
  /** Huber loss: where it becomes linear, and its weight beside the focal loss. */
  readonly delta: number;
  readonly boxWeight: number;
}

export interface CrossEntropyAttributes {
  /** True where targets that are no class (255 in masks) are left out of the mean. */
  readonly ignoring: boolean;
}

/** Per axis in `axes`: ONNX's starts, ends (exclusive, may be beyond the edge) and steps. */
export interface SliceAttributes {
  readonly axes: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps: readonly number[];
}

type None = Record<string, never>;

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
  BatchNormalizationGradient: None;
  Relu: None;
  ReluGradient: None;
  Add: None;
  /** Sums a gradient over the axes along which an operand was broadcast. */
  SumTo: { readonly shape: Shape };
  AveragePool: AveragePoolAttributes;
  AveragePoolGradient: AveragePoolAttributes & { readonly inputShape: Shape };
  MaxPool: PoolAttributes;
  /** Inputs: gradient, x. The first of equal maxima takes the gradient, as in PyTorch. */
  MaxPoolGradient: PoolAttributes & { readonly inputShape: Shape };
  GlobalMaxPool: None;
  GlobalAveragePool: None;
  ReduceMean: ReduceAttributes;
  /** Spreads the gradient of a mean evenly over what was averaged. */
  MeanGradient: { readonly axes: readonly number[]; readonly inputShape: Shape };
  Flatten: { readonly axis: number };
  /** ONNX's shape: 0 copies a dimension, one -1 is inferred. */
  Reshape: { readonly shape: readonly number[] };
  /** Zero padding; `pads` has first all the begins, then all the ends. Negative pads crop. */
  Pad: { readonly pads: readonly number[] };
  Gemm: GemmAttributes;
  Identity: None;
  /** The same value, through which no gradient passes: `detach` of PyTorch. */
  Detached: None;
  ConvTranspose: ConvAttributes & { readonly outputPadding: Pair };
  MatMul: None;
  Sub: None;
  Mul: None;
  Div: None;
  /** Elementwise power with a constant exponent. */
  Pow: { readonly exponent: number };
  Neg: None;
  Exp: None;
  Log: None;
  /** A root of a sum of squares is a norm: where it is 0, its gradient is 0 as well, as in PyTorch. */
  Sqrt: { readonly ofSquares?: boolean };
  Reciprocal: None;
  Abs: None;
  Sigmoid: None;
  HardSigmoid: { readonly alpha: number; readonly beta: number };
  HardSwish: None;
  Tanh: None;
  Erf: None;
  Gelu: { readonly approximate: 'none' | 'tanh' };
  Elu: { readonly alpha: number };
  LeakyRelu: { readonly alpha: number };
  PRelu: None;
  Clip: { readonly min: number; readonly max: number };
  /** 1 where min < x < max, else 0. */
  InsideMask: { readonly min: number; readonly max: number };
  Softmax: { readonly axis: number };
  LogSoftmax: { readonly axis: number };
  Sin: None;
  Cos: None;
  /** Inverse tangent. */
  Atan: None;
  /** ln(1 + e^x) */
  Softplus: None;
  /** -1, 0 or 1. */
  Sign: None;
  Floor: None;
  Ceil: None;
  /** To the nearest integer, halves to the even one. */
  Round: None;
  /** The larger of two operands; of equal ones each takes half of the gradient, as in PyTorch. */
  Max: None;
  Min: None;
  /** Elementwise power whose exponent is a tensor. */
  Power: None;
  /** 1 where the first operand is above the second, else 0. */
  GreaterMask: None;
  /** 1 where both operands are equal, else 0. */
  EqualMask: None;
  /** Inputs: mask, x. The value where the mask is not 0, else 0, whatever the value is. */
  Masked: None;
  InstanceNormalization: { readonly epsilon: number };
  LayerNormalization: { readonly axis: number; readonly epsilon: number };
  /** Equal maxima share the gradient, as torch.amax has it. */
  ReduceMax: ReduceAttributes;
  ReduceSum: ReduceAttributes;
  Concat: { readonly axis: number };
  Slice: SliceAttributes;
  Transpose: { readonly permutation: readonly number[] };
  Squeeze: { readonly axes: readonly number[] };
  Unsqueeze: { readonly axes: readonly number[] };
  Expand: { readonly shape: readonly number[] };
  /** Constant indices; a scalar index drops the axis. */
  Gather: {
    readonly axis: number;
    readonly indices: readonly number[];
    readonly indicesShape: Shape;
  };
  Resize: ResizeAttributes;
  /** Multiplies along one axis by a constant matrix of rows x (size of the axis), row-major. */
  LinearAlongAxis: {
    readonly axis: number;
    readonly rows: number;
    readonly matrix: Float32Array;
  };
  /** Inputs: a map, N x C x H x W, and coordinates from -1 to 1, N x H' x W' x 2. */
  GridSample: GridSampleAttributes;
  /** Inputs: values, N x C x size, and whole numbers, N x 1 x places: the values there. */
  FetchFromPlaces: None;
  /** Inputs: values, N x C x places, and whole numbers, N x 1 x places: sums of what comes to each of `size` places. */
  BringToPlaces: { readonly size: number };
  /** Mean of -log softmax(logits)[target] over all places; outputs loss and log-probabilities. */
  SoftmaxCrossEntropyLoss: CrossEntropyAttributes;
  SoftmaxCrossEntropyLossGradient: CrossEntropyAttributes;
  DetectionLoss: DetectionLossAttributes;
  /** A loss that other operators have computed, one number: differentiation starts here. */
  ScalarLoss: None;
  FocalLossGradient: DetectionLossAttributes;
  HuberLossGradient: DetectionLossAttributes;
}

export type OperatorKind = keyof OperatorAttributes;
