/** Refusals in the words of who exported the model. */
import { WorkbenchError } from '../../errors.ts';
import { mostFolded } from './fold-numbers.ts';
import type { OnnxNode } from './node.ts';
import { namedInOrder } from './node-order.ts';
import type { INodeProto } from './tensor.ts';

/** Operators that run over a sequence, and what people call them. */
const recurrent: Readonly<Record<string, string>> = {
  LSTM: 'an LSTM',
  GRU: 'a GRU',
  RNN: 'a recurrent layer',
  Loop: 'a loop',
  Scan: 'a loop',
  SequenceMap: 'a loop',
};

/** Operators that cut a map out for each proposal of a detector. */
const perProposal = new Set(['RoiAlign', 'MaxRoiPool']);

/**
 * Looks before anything is read, since the loops between the stages would be refused first.
 * @throws WorkbenchError `unsupported-operator`
 */
export function refuseTwoStages(nodes: readonly INodeProto[]): void {
  const found = nodes.find(({ opType }) => perProposal.has(opType ?? ''));
  if (!found) return;
  throw new WorkbenchError(
    'unsupported-operator',
    `The network is a two-stage detector (${found.opType} node "${found.name ?? ''}"): what its second stage sees depends on what its first predicts, so neither is scored as detection.`,
    'Score a part of it: name a map of its backbone or of its first stage as output, and score that as segmentation.',
    { node: nameOf(found, nodes) },
  );
}

/**
 * Looks before anything is read: what surrounds such a layer would be refused first, and say nothing of it.
 * @throws WorkbenchError `unsupported-operator`
 */
export function refuseRecurrent(nodes: readonly INodeProto[]): void {
  const found = nodes.find(({ opType }) => Object.hasOwn(recurrent, opType ?? ''));
  if (!found) return;
  throw new WorkbenchError(
    'unsupported-operator',
    `The network has ${recurrent[found.opType ?? '']} (node "${found.name ?? ''}"); networks that run over a sequence are not scored.`,
    'Score its image part alone: export the model up to the features that the sequence is made of.',
    { node: nameOf(found, nodes) },
  );
}

/** How operators of TensorFlow begin that have no counterpart in ONNX: calls, random numbers, variables. */
const tensorFlows =
  /^(Stateless|Stateful|PartitionedCall|Resource|VarHandle|ReadVariable|TensorList)/;

/**
 * tf2onnx leaves what it does not know as it is, in files that nothing runs. Looks before anything is read: what such
 * operators take would be refused first.
 * @throws WorkbenchError `unsupported-operator`
 */
export function refuseTensorFlows(nodes: readonly INodeProto[]): void {
  const found = nodes.find(({ opType, domain }) => !domain && tensorFlows.test(opType ?? ''));
  if (!found) return;
  throw new WorkbenchError(
    'unsupported-operator',
    `${found.opType} (node "${found.name ?? ''}") is an operator of TensorFlow, not of ONNX: the exporter has left it as it was.`,
    'Export the model for inference, with training=False and without layers that change images at random. Convolutions in groups, which Keras compiles, have to be DepthwiseConv2D where each channel is a group.',
    { node: nameOf(found, nodes) },
  );
}

export function integerArithmetic({ opType, name }: OnnxNode, input: string): WorkbenchError {
  return new WorkbenchError(
    'unsupported-operator',
    `${opType} node "${name}" computes with the integers "${input}", and its result is not a small constant (at most ${mostFolded} numbers).`,
    'Export the model with constant folding on, or without this node.',
  );
}

/** Operators that choose places by what the network predicts for them. */
const choosing = new Set(['TopK', 'NonMaxSuppression']);

export function unsupported(operator: string, name: string): WorkbenchError {
  if (choosing.has(operator)) {
    return new WorkbenchError(
      'unsupported-operator',
      `${operator} node "${name}" chooses places by what is predicted for them: boxes to keep, or the queries of a detector such as RT-DETR. What lies behind it depends on that choice and is not read.`,
      'To score it, score what lies before that: name a map inside the network as output, and score that as segmentation.',
    );
  }
  return new WorkbenchError(
    'unsupported-operator',
    `Operator ${operator} (node "${name}") is not supported.`,
    'Export the model without it, or score a part of it that does not need it.',
    { option: '"zico operators" lists those that can be read.' },
  );
}

/** Operators of other makers than ONNX; those of onnxruntime are what it makes of others. */
export function unsupportedDomain(domain: string, operator: string, name: string): WorkbenchError {
  if (domain !== 'com.microsoft') return unsupported(`${domain}.${operator}`, name);
  return new WorkbenchError(
    'unsupported-operator',
    `Operator ${operator} (node "${name}") is one of onnxruntime's own, not of ONNX.`,
    'Score the model from before it was optimised or quantised for onnxruntime. Such a model can be measured.',
  );
}

/** As other errors call it, also where the file gives it no name. */
const nameOf = (node: INodeProto, nodes: readonly INodeProto[]): string | null =>
  namedInOrder(nodes).find((one) => one.node === node)?.name ?? null;
