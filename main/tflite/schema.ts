/**
 * The parts of TensorFlow Lite's file format that are written: numbers of operators, types and tables.
 * Source: tensorflow/lite/schema/schema.fbs, schema version 3.
 */

/** The operators that files may contain, by their number in the schema. All are written in version 1. */
export const builtin = {
  ADD: 0,
  AVERAGE_POOL_2D: 1,
  CONCATENATION: 2,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  DEQUANTIZE: 6,
  FLOOR: 8,
  FULLY_CONNECTED: 9,
  LOGISTIC: 14,
  MAX_POOL_2D: 17,
  MUL: 18,
  RELU: 19,
  RELU_N1_TO_1: 20,
  RELU6: 21,
  RESHAPE: 22,
  RESIZE_BILINEAR: 23,
  SOFTMAX: 25,
  TANH: 28,
  PAD: 34,
  GATHER: 36,
  TRANSPOSE: 39,
  MEAN: 40,
  SUB: 41,
  DIV: 42,
  STRIDED_SLICE: 45,
  EXP: 47,
  SPLIT: 49,
  LOG_SOFTMAX: 50,
  CAST: 53,
  PRELU: 54,
  MAXIMUM: 55,
  MINIMUM: 57,
  NEG: 59,
  PADV2: 60,
  GREATER: 61,
  SLICE: 65,
  SIN: 66,
  TRANSPOSE_CONV: 67,
  TILE: 69,
  EQUAL: 71,
  LOG: 73,
  SUM: 74,
  SQRT: 75,
  RSQRT: 76,
  POW: 78,
  REDUCE_MAX: 82,
  LEAKY_RELU: 98,
  SQUARED_DIFFERENCE: 99,
  RESIZE_NEAREST_NEIGHBOR: 97,
  ABS: 101,
  CEIL: 104,
  COS: 108,
  ELU: 111,
  QUANTIZE: 114,
  ROUND: 116,
  HARD_SWISH: 117,
  SELECT_V2: 123,
  BATCH_MATMUL: 126,
  GELU: 150,
} as const;
export type Builtin = keyof typeof builtin;

/** Element types of tensors: their number in the schema, and bytes per element. */
export const elementTypes = {
  float32: { code: 0, bytes: 4 },
  float16: { code: 1, bytes: 2 },
  int32: { code: 2, bytes: 4 },
  bool: { code: 6, bytes: 1 },
  int8: { code: 9, bytes: 1 },
} as const;
export type ElementType = keyof typeof elementTypes;

/** A field of an options table: its index in the table, its kind, its value. */
export type OptionField =
  | readonly [slot: number, kind: 'int8' | 'int32' | 'float32', value: number]
  | readonly [slot: number, kind: 'bool', value: boolean]
  | readonly [slot: number, kind: 'int32s', value: readonly number[]];

/** Options of one operator: which table of the union BuiltinOptions, and its fields. */
export interface Options {
  readonly table: number;
  readonly fields: readonly OptionField[];
  /** The one of the fields that others ask for. */
  readonly activation?: FusedActivation;
}

/** Activations that an operator can apply to its own result. */
export const fusedActivations = { NONE: 0, RELU: 1, RELU_N1_TO_1: 2, RELU6: 3 } as const;
export type FusedActivation = keyof typeof fusedActivations;

/** SAME splits what is missing between both ends; VALID uses the image as it is. */
export const paddings = { SAME: 0, VALID: 1 } as const;
export type Padding = keyof typeof paddings;

type Pair = readonly [height: number, width: number];

/** Options as the schema's tables have them; an operator whose table is empty has none. */
export const options = {
  conv: (padding: Padding, strides: Pair, dilations: Pair, activation: FusedActivation) => ({
    table: 1,
    activation,
    fields: [
      [0, 'int8', paddings[padding]],
      [1, 'int32', strides[1]],
      [2, 'int32', strides[0]],
      [3, 'int8', fusedActivations[activation]],
      [4, 'int32', dilations[1]],
      [5, 'int32', dilations[0]],
    ],
  }),
  depthwise: (
    padding: Padding,
    strides: Pair,
    multiplier: number,
    dilations: Pair,
    activation: FusedActivation,
  ) => ({
    table: 2,
    activation,
    fields: [
      [0, 'int8', paddings[padding]],
      [1, 'int32', strides[1]],
      [2, 'int32', strides[0]],
      [3, 'int32', multiplier],
      [4, 'int8', fusedActivations[activation]],
      [5, 'int32', dilations[1]],
      [6, 'int32', dilations[0]],
    ],
  }),
  pool: (padding: Padding, strides: Pair, kernel: Pair, activation: FusedActivation) => ({
    table: 5,
    activation,
    fields: [
      [0, 'int8', paddings[padding]],
      [1, 'int32', strides[1]],
      [2, 'int32', strides[0]],
      [3, 'int32', kernel[1]],
      [4, 'int32', kernel[0]],
      [5, 'int8', fusedActivations[activation]],
    ],
  }),
  fullyConnected: (activation: FusedActivation) => ({
    table: 8,
    activation,
    fields: [
      [0, 'int8', fusedActivations[activation]],
      [2, 'bool', true], // keep_num_dims
    ],
  }),
  softmax: () => ({ table: 9, fields: [[0, 'float32', 1]] }),
  concatenation: (axis: number) => ({ table: 10, fields: [[0, 'int32', axis]] }),
  add: (activation: FusedActivation) => ({
    table: 11,
    activation,
    fields: [[0, 'int8', fusedActivations[activation]]],
  }),
  resizeBilinear: (alignCorners: boolean, halfPixel: boolean) => ({
    table: 15,
    fields: [
      [2, 'bool', alignCorners],
      [3, 'bool', halfPixel],
    ],
  }),
  reshape: (shape: readonly number[]) => ({ table: 17, fields: [[0, 'int32s', shape]] }),
  mul: (activation: FusedActivation) => ({
    table: 21,
    activation,
    fields: [[0, 'int8', fusedActivations[activation]]],
  }),
  pad: () => ({ table: 22, fields: [] }),
  gather: (axis: number) => ({ table: 23, fields: [[0, 'int32', axis]] }),
  transpose: () => ({ table: 26, fields: [] }),
  reduce: (keepDims: boolean) => ({ table: 27, fields: [[0, 'bool', keepDims]] }),
  sub: (activation: FusedActivation) => ({
    table: 28,
    activation,
    fields: [[0, 'int8', fusedActivations[activation]]],
  }),
  div: (activation: FusedActivation) => ({
    table: 29,
    activation,
    fields: [[0, 'int8', fusedActivations[activation]]],
  }),
  stridedSlice: () => ({ table: 32, fields: [] }),
  split: (count: number) => ({ table: 35, fields: [[0, 'int32', count]] }),
  cast: (from: ElementType, to: ElementType) => ({
    table: 37,
    fields: [
      [0, 'int8', elementTypes[from].code],
      [1, 'int8', elementTypes[to].code],
    ],
  }),
  transposeConv: (padding: Padding, strides: Pair) => ({
    table: 49,
    fields: [
      [0, 'int8', paddings[padding]],
      [1, 'int32', strides[1]],
      [2, 'int32', strides[0]],
    ],
  }),
  resizeNearest: (alignCorners: boolean, halfPixel: boolean) => ({
    table: 74,
    fields: [
      [0, 'bool', alignCorners],
      [1, 'bool', halfPixel],
    ],
  }),
  leakyRelu: (alpha: number) => ({ table: 75, fields: [[0, 'float32', alpha]] }),
  batchMatMul: (transposeFirst: boolean, transposeSecond: boolean) => ({
    table: 101,
    fields: [
      [0, 'bool', transposeFirst],
      [1, 'bool', transposeSecond],
    ],
  }),
  gelu: (approximate: boolean) => ({ table: 116, fields: [[0, 'bool', approximate]] }),
} as const satisfies Record<string, (...values: never[]) => Options>;
