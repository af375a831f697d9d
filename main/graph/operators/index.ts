/** The table of operators: everything the product knows about an operator is found from here. */
import {
  abs,
  clip,
  elu,
  erf,
  exp,
  gelu,
  hardSigmoid,
  hardSwish,
  insideMask,
  leakyRelu,
  log,
  neg,
  pow,
  prelu,
  reciprocal,
  sigmoid,
  sqrt,
  tanh,
} from './activations.ts';
import type { OperatorKind } from './attributes.ts';
import { batchNormalization, batchNormalizationGradient } from './batch-normalization.ts';
import { add, div, mul, sub, sumTo } from './broadcasting.ts';
import { equalMask, greaterMask, masked, max, min, power } from './comparing.ts';
import { conv, convInputGradient, convTranspose, convWeightGradient } from './conv.ts';
import { detectionLoss, focalLossGradient, huberLossGradient } from './detection-loss.ts';
import { atan, ceil, cos, floor, round, sign, sin, softplus } from './functions.ts';
import { detached, identity, relu, reluGradient } from './elementwise.ts';
import { gemm } from './gemm.ts';
import { scalarLoss, softmaxCrossEntropyLoss, softmaxCrossEntropyLossGradient } from './loss.ts';
import { logSoftmax, matmul, softmax } from './matmul.ts';
import { concat, expand, squeeze, transpose, unsqueeze } from './moving.ts';
import { instanceNormalization, layerNormalization } from './normalisation.ts';
import type { OperatorDefinition, OperatorTraits } from './operator.ts';
import {
  averagePool,
  averagePoolGradient,
  globalMaxPool,
  maxPool,
  maxPoolGradient,
} from './pooling.ts';
import { globalAveragePool, meanGradient, reduceMax, reduceMean, reduceSum } from './reductions.ts';
import { linearAlongAxis, resize } from './resize.ts';
import { bringToPlaces, fetchFromPlaces, gridSample } from './sampling.ts';
import { gather, slice } from './selecting.ts';
import { flatten, pad, reshape } from './shaping.ts';

export const operators: { readonly [K in OperatorKind]: OperatorDefinition<K> } = {
  Conv: conv,
  ConvInputGradient: convInputGradient,
  ConvWeightGradient: convWeightGradient,
  ConvTranspose: convTranspose,
  BatchNormalization: batchNormalization,
  BatchNormalizationGradient: batchNormalizationGradient,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  Relu: relu,
  ReluGradient: reluGradient,
  Clip: clip,
  InsideMask: insideMask,
  LeakyRelu: leakyRelu,
  PRelu: prelu,
  Elu: elu,
  Sigmoid: sigmoid,
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  Tanh: tanh,
  Erf: erf,
  Gelu: gelu,
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  Sin: sin,
  Cos: cos,
  Atan: atan,
  Softplus: softplus,
  Sign: sign,
  Floor: floor,
  Ceil: ceil,
  Round: round,
  Max: max,
  Min: min,
  Power: power,
  GreaterMask: greaterMask,
  EqualMask: equalMask,
  Masked: masked,
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: div,
  Pow: pow,
  Neg: neg,
  Exp: exp,
  Log: log,
  Sqrt: sqrt,
  Reciprocal: reciprocal,
  Abs: abs,
  SumTo: sumTo,
  AveragePool: averagePool,
  AveragePoolGradient: averagePoolGradient,
  MaxPool: maxPool,
  MaxPoolGradient: maxPoolGradient,
  GlobalAveragePool: globalAveragePool,
  GlobalMaxPool: globalMaxPool,
  ReduceMean: reduceMean,
  ReduceSum: reduceSum,
  ReduceMax: reduceMax,
  MeanGradient: meanGradient,
  Flatten: flatten,
  Reshape: reshape,
  Pad: pad,
  Concat: concat,
  Slice: slice,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Expand: expand,
  Gather: gather,
  Resize: resize,
  LinearAlongAxis: linearAlongAxis,
  GridSample: gridSample,
  FetchFromPlaces: fetchFromPlaces,
  BringToPlaces: bringToPlaces,
  Gemm: gemm,
  MatMul: matmul,
  Identity: identity,
  Detached: detached,
  SoftmaxCrossEntropyLoss: softmaxCrossEntropyLoss,
  SoftmaxCrossEntropyLossGradient: softmaxCrossEntropyLossGradient,
  DetectionLoss: detectionLoss,
  ScalarLoss: scalarLoss,
  FocalLossGradient: focalLossGradient,
  HuberLossGradient: huberLossGradient,
};

/** See `OperatorTraits`; empty for an operator that states none. */
export function traitsOf(kind: OperatorKind): OperatorTraits {
  return definitionOf(kind).traits ?? {};
}

/** What people call an operator. */
export function calledOf(kind: OperatorKind): string {
  return traitsOf(kind).called ?? kind.toLowerCase();
}

/** The definition of a node's operator without its attribute type, for code that treats all operators alike. */
export function definitionOf(kind: OperatorKind): OperatorDefinition<OperatorKind> {
  return operators[kind] as unknown as OperatorDefinition<OperatorKind>;
}
