/** How each operator is said in TensorFlow Lite; one that is missing here is refused by name. */
import type { Node, OperatorKind } from '../../graph/graph.ts';
import type { Emitter } from '../emitter.ts';
import { notConvertible } from '../refusals.ts';
import { conv, convTranspose } from './convolutions.ts';
import * as elementwise from './elementwise.ts';
import type { Emit } from './emit.ts';
import * as moving from './moving.ts';
import * as norms from './norms.ts';
import * as pools from './pools.ts';
import * as products from './products.ts';

const { binary, comparison, single } = elementwise;

/** Batch normalisation is missing because `toDeployed` leaves none. */
const table: { readonly [K in OperatorKind]?: Emit<K> } = {
  Conv: conv,
  ConvTranspose: convTranspose,
  Gemm: products.gemm,
  MatMul: products.matmul,
  LinearAlongAxis: products.linearAlongAxis,
  Relu: elementwise.relu,
  Clip: elementwise.clip,
  Sigmoid: elementwise.sigmoid,
  Tanh: elementwise.tanh,
  HardSwish: elementwise.hardSwish,
  HardSigmoid: elementwise.hardSigmoid,
  Gelu: elementwise.gelu,
  LeakyRelu: elementwise.leakyRelu,
  Elu: elementwise.elu,
  PRelu: elementwise.prelu,
  Softplus: elementwise.softplus,
  Reciprocal: elementwise.reciprocal,
  Pow: elementwise.pow,
  InsideMask: elementwise.insideMask,
  Masked: elementwise.masked,
  GreaterMask: comparison('GREATER'),
  EqualMask: comparison('EQUAL'),
  Add: binary('ADD'),
  Sub: binary('SUB'),
  Mul: binary('MUL'),
  Div: binary('DIV'),
  Max: binary('MAXIMUM'),
  Min: binary('MINIMUM'),
  Power: binary('POW'),
  Neg: single('NEG'),
  Exp: single('EXP'),
  Log: single('LOG'),
  Sqrt: single('SQRT'),
  Abs: single('ABS'),
  Sin: single('SIN'),
  Cos: single('COS'),
  Floor: single('FLOOR'),
  Ceil: single('CEIL'),
  Round: single('ROUND'),
  MaxPool: pools.maxPool,
  AveragePool: pools.averagePool,
  GlobalAveragePool: pools.globalAveragePool,
  GlobalMaxPool: pools.globalMaxPool,
  ReduceMean: pools.reduceMean,
  ReduceSum: pools.reduceSum,
  ReduceMax: pools.reduceMax,
  Identity: moving.identity,
  Transpose: moving.transpose,
  Reshape: moving.reshape,
  Flatten: moving.reshape,
  Squeeze: moving.reshape,
  Unsqueeze: moving.reshape,
  Concat: moving.concat,
  Slice: moving.slice,
  Gather: moving.gather,
  Expand: moving.expand,
  Pad: moving.pad,
  Resize: moving.resize,
  LayerNormalization: norms.layerNormalization,
  InstanceNormalization: norms.instanceNormalization,
  Softmax: norms.softmax,
  LogSoftmax: norms.logSoftmax,
};

/** Writes a node. Throws `not-convertible`. */
export function emitNode(node: Node, emitter: Emitter): void {
  const emit = table[node.kind] as ((node: Node, emitter: Emitter) => void) | undefined;
  if (!emit) throw notConvertible(node, 'cannot be converted');
  emit(node, emitter);
}
