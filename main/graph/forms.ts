/** The two forms of one network: deployable (inference) and scoring (training mode with a loss). */
import { WorkbenchError } from '../errors.ts';
import type { Graph, Initializer, Node, NodeOf } from './graph.ts';
import { inferShapes } from './infer-shapes.ts';
import { formatShape } from './shape.ts';

/** BatchNormalization by running statistics; a single output. The network goes to phones in this form. */
export function toInference(graph: Graph): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => normalisation(node, false)) };
}

/**
 * BatchNormalization by batch statistics, whatever the file said: scores are those of a network in
 * training mode (method, section 1).
 */
export function toTraining(graph: Graph): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => normalisation(node, true)) };
}

function normalisation(node: Node, training: boolean): Node {
  if (node.kind !== 'BatchNormalization') return node;
  const [y] = node.outputs;
  const changed: NodeOf<'BatchNormalization'> = {
    ...node,
    attributes: { ...node.attributes, training },
    outputs: training ? [y, `${y}:mean`, `${y}:inverseDeviation`] : [y],
  };
  return changed;
}

export const lossOutput = ':loss';
export const targetsInput = ':targets';

/**
 * Appends the classification loss (mean cross-entropy) to a network in training mode.
 * The graph gets an int64 input `targets` of N classes and the scalar output `loss`.
 * @throws WorkbenchError `shape-mismatch` where the network has no N x classes output of this size.
 */
export function withClassificationLoss(graph: Graph, batchSize: number, classes: number): Graph {
  const [logits] = graph.outputs;
  if (graph.outputs.length !== 1 || graph.inputs.length !== 1) {
    throw new WorkbenchError(
      'shape-mismatch',
      `A classification network has one input and one output; "${graph.name}" has ${graph.inputs.length} and ${graph.outputs.length}.`,
      'Export the network so that it takes images and gives logits, nothing else.',
    );
  }
  const shape = inferShapes(graph, batchSize).get(logits) ?? [];
  if (shape.length !== 2 || shape[0] !== batchSize || shape[1] < classes) {
    throw new WorkbenchError(
      'shape-mismatch',
      `The output "${logits}" is ${formatShape(shape)}; a batch of ${batchSize} with ${classes} classes needs ${batchSize} x ${classes} logits.`,
      'Use data with as many classes as the network tells apart, and a model with an open batch size.',
    );
  }
  const loss: NodeOf<'SoftmaxCrossEntropyLoss'> = {
    kind: 'SoftmaxCrossEntropyLoss',
    name: 'loss',
    inputs: [logits, targetsInput],
    outputs: [lossOutput, ':logProbabilities'],
    attributes: {},
  };
  return {
    ...graph,
    inputs: [...graph.inputs, { name: targetsInput, shape: [null], type: 'int64' }],
    outputs: [lossOutput],
    nodes: [...graph.nodes, loss],
  };
}

/** Drops initialisers that no node reads. */
export function withoutUnused(graph: Graph): Graph {
  const used = new Set(graph.nodes.flatMap((node) => node.inputs));
  const initializers = new Map<string, Initializer>();
  for (const [name, value] of graph.initializers) if (used.has(name)) initializers.set(name, value);
  return { ...graph, initializers };
}
