/**
 * From a differentiated graph to one ONNX model of inference operators: onnxruntime has no training operators.
 */
import type { DifferentiatedGraph } from '../../graph/differentiate.ts';
import type { Node, OperatorKind } from '../../graph/graph.ts';
import { OnnxBuilder } from '../../graph/onnx/builder.ts';
import { definitionOf } from '../../graph/operators/index.ts';
import { materialise } from '../../graph/weights.ts';
import { lowerBatchNormalization, lowerBatchNormalizationGradient } from './batch-normalization.ts';
import type { Lowering, LoweringContext } from './context.ts';
import { lowerConv } from './conv.ts';
import { lowerConvInputGradient } from './conv-input-gradient.ts';
import { lowerConvWeightGradient } from './conv-weight-gradient.ts';
import {
  lowerSoftmaxCrossEntropyLoss,
  lowerSoftmaxCrossEntropyLossGradient,
} from './cross-entropy.ts';
import {
  lowerDetectionLoss,
  lowerFocalLossGradient,
  lowerHuberLossGradient,
} from './detection-loss.ts';
import { lowerAveragePoolGradient, lowerMaxPoolGradient } from './pool-gradients.ts';
import { lowerMeanGradient, lowerReluGradient, lowerSumTo } from './simple-gradients.ts';

/** Operators that onnxruntime lacks in any form that a score could use; all others are written as they are. */
const lowerings: { readonly [K in OperatorKind]?: Lowering<K> } = {
  Conv: lowerConv,
  ConvInputGradient: lowerConvInputGradient,
  ConvWeightGradient: lowerConvWeightGradient,
  BatchNormalization: lowerBatchNormalization,
  BatchNormalizationGradient: lowerBatchNormalizationGradient,
  ReluGradient: lowerReluGradient,
  SumTo: lowerSumTo,
  AveragePoolGradient: lowerAveragePoolGradient,
  MaxPoolGradient: lowerMaxPoolGradient,
  MeanGradient: lowerMeanGradient,
  SoftmaxCrossEntropyLoss: lowerSoftmaxCrossEntropyLoss,
  SoftmaxCrossEntropyLossGradient: lowerSoftmaxCrossEntropyLossGradient,
  DetectionLoss: lowerDetectionLoss,
  FocalLossGradient: lowerFocalLossGradient,
  HuberLossGradient: lowerHuberLossGradient,
};

/** Outputs of the model: the loss, then the gradients in the order of `gradients`. */
export function lowerToModel(differentiated: DifferentiatedGraph): Uint8Array {
  const { graph, shapes, gradients } = differentiated;
  const builder = new OnnxBuilder();
  const weights = new Map<string, Float32Array>();
  for (const [name, initializer] of graph.initializers) {
    const data = materialise(initializer);
    weights.set(name, data);
    builder.floats(name, initializer.shape, () => data);
  }
  const context: LoweringContext = {
    builder,
    shapeOf: (value) => shapes.get(value) ?? [],
    constantOf: (value) => weights.get(value) ?? null,
  };
  for (const { name, type } of graph.inputs) builder.input(name, shapes.get(name) ?? [], type);
  for (const node of graph.nodes) lowerNode(node, context);
  for (const name of [...graph.outputs, ...gradients.values()]) {
    builder.output(name, shapes.get(name) ?? [], 'float32');
  }
  return builder.encode('score', '');
}

function lowerNode(node: Node, context: LoweringContext): void {
  const lowering = lowerings[node.kind] as Lowering<OperatorKind> | undefined;
  if (lowering) {
    lowering(node, context);
    return;
  }
  const { write } = definitionOf(node.kind);
  if (!write) throw new RangeError(`no lowering for ${node.kind}`);
  write(node, context.builder, context.shapeOf);
}
