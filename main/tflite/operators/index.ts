/** How each operator is said in TensorFlow Lite; one that is missing here is refused by name. */
import type { Node, OperatorKind } from '../../graph/graph.ts';
import type { Emitter } from '../emitter.ts';
import { notConvertible } from '../refusals.ts';
import { emitConv, emitConvTranspose } from './convolutions.ts';
import * as elementwise from './elementwise.ts';
import type { Emit } from './emit.ts';
import * as moving from './moving.ts';
import * as norms from './norms.ts';
import * as pools from './pools.ts';
import * as products from './products.ts';

const { emitBinary, emitComparison, emitSingle } = elementwise;

/** Batch normalisation is missing because `toDeployed` leaves none. */
const table: { readonly [K in OperatorKind]?: Emit<K> } = {
  Conv: emitConv,
  ConvTranspose: emitConvTranspose,
  Gemm: products.emitGemm,
  MatMul: products.emitMatmul,
  LinearAlongAxis: products.emitLinearAlongAxis,
  Relu: elementwise.emitRelu,
  Clip: elementwise.emitClip,
  Sigmoid: elementwise.emitSigmoid,
  Tanh: elementwise.emitTanh,
  HardSwish: elementwise.emitHardSwish,
  HardSigmoid: elementwise.emitHardSigmoid,
  Gelu: elementwise.emitGelu,
  LeakyRelu: elementwise.emitLeakyRelu,
  Elu: elementwise.emitElu,
  PRelu: elementwise.emitPrelu,
  Softplus: elementwise.emitSoftplus,
  Reciprocal: elementwise.emitReciprocal,
  Pow: elementwise.emitPow,
  InsideMask: elementwise.emitInsideMask,
  Masked: elementwise.emitMasked,
  GreaterMask: emitComparison('GREATER'),
  EqualMask: emitComparison('EQUAL'),
  Add: emitBinary('ADD'),
  Sub: emitBinary('SUB'),
  Mul: emitBinary('MUL'),
  Div: emitBinary('DIV'),
  Max: emitBinary('MAXIMUM'),
  Min: emitBinary('MINIMUM'),
  Power: emitBinary('POW'),
  Neg: emitSingle('NEG'),
  Exp: emitSingle('EXP'),
  Log: emitSingle('LOG'),
  Sqrt: emitSingle('SQRT'),
  Abs: emitSingle('ABS'),
  Sin: emitSingle('SIN'),
  Cos: emitSingle('COS'),
  Floor: emitSingle('FLOOR'),
  Ceil: emitSingle('CEIL'),
  Round: emitSingle('ROUND'),
  MaxPool: pools.emitMaxPool,
  AveragePool: pools.emitAveragePool,
  GlobalAveragePool: pools.emitGlobalAveragePool,
  GlobalMaxPool: pools.emitGlobalMaxPool,
  ReduceMean: pools.emitReduceMean,
  ReduceSum: pools.emitReduceSum,
  ReduceMax: pools.emitReduceMax,
  Identity: moving.emitIdentity,
  Transpose: moving.emitTranspose,
  Reshape: moving.emitReshape,
  Flatten: moving.emitReshape,
  Squeeze: moving.emitReshape,
  Unsqueeze: moving.emitReshape,
  Concat: moving.emitConcat,
  Slice: moving.emitSlice,
  Gather: moving.emitGather,
  Expand: moving.emitExpand,
  Pad: moving.emitPad,
  Resize: moving.emitResize,
  LayerNormalization: norms.emitLayerNormalization,
  InstanceNormalization: norms.emitInstanceNormalization,
  Softmax: norms.emitSoftmax,
  LogSoftmax: norms.emitLogSoftmax,
};

/** Writes a node. Throws `not-convertible`. */
export function emitNode(node: Node, emitter: Emitter): void {
  const emit = table[node.kind] as ((node: Node, emitter: Emitter) => void) | undefined;
  if (!emit) throw notConvertible(node, 'cannot be converted');
  emit(node, emitter);
}
