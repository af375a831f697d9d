/** The table of operators: everything the product knows about an operator is found from here. */
import type { OperatorKind } from './attributes.ts';
import { batchNormalization, batchNormalizationGradient } from './batch-normalization.ts';
import { conv, convInputGradient, convWeightGradient } from './conv.ts';
import { add, identity, relu, reluGradient, sumTo } from './elementwise.ts';
import { gemm } from './gemm.ts';
import { softmaxCrossEntropyLoss, softmaxCrossEntropyLossGradient } from './loss.ts';
import type { OperatorDefinition } from './operator.ts';
import {
  averagePool,
  averagePoolGradient,
  globalAveragePool,
  meanGradient,
  reduceMean,
} from './pooling.ts';
import { flatten, pad, reshape } from './shaping.ts';

export const operators: { readonly [K in OperatorKind]: OperatorDefinition<K> } = {
  Conv: conv,
  ConvInputGradient: convInputGradient,
  ConvWeightGradient: convWeightGradient,
  BatchNormalization: batchNormalization,
  BatchNormalizationGradient: batchNormalizationGradient,
  Relu: relu,
  ReluGradient: reluGradient,
  Add: add,
  SumTo: sumTo,
  AveragePool: averagePool,
  AveragePoolGradient: averagePoolGradient,
  GlobalAveragePool: globalAveragePool,
  ReduceMean: reduceMean,
  MeanGradient: meanGradient,
  Flatten: flatten,
  Reshape: reshape,
  Pad: pad,
  Gemm: gemm,
  Identity: identity,
  SoftmaxCrossEntropyLoss: softmaxCrossEntropyLoss,
  SoftmaxCrossEntropyLossGradient: softmaxCrossEntropyLossGradient,
};

/** The definition of a node's operator, its attribute type forgotten: for code that treats all alike. */
export function definitionOf(kind: OperatorKind): OperatorDefinition<OperatorKind> {
  return operators[kind] as unknown as OperatorDefinition<OperatorKind>;
}
