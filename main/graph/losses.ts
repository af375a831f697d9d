/** Losses as part of the graph: differentiation starts from them. */
import { WorkbenchError } from '../errors.ts';
import type { Graph, Node, NodeOf } from './graph.ts';
import { inferShapes } from './infer-shapes.ts';
import { formatShape, type Shape } from './shape.ts';

export const lossOutput = ':loss';
export const targetsInput = ':targets';

/**
 * Appends the classification loss (mean cross-entropy, no label smoothing) to a network in training mode.
 * The graph gets an int64 input `targets` of N classes and the scalar output `loss`.
 * @throws WorkbenchError `shape-mismatch` where the network has no N x classes output of this size.
 */
export function withClassificationLoss(network: Graph, batchSize: number, classes: number): Graph {
  const { graph, logits, shape } = ofTwoClasses(network, batchSize, classes, 'classification');
  if (shape.length !== 2 || shape[0] !== batchSize || shape[1]! < classes) {
    throw new WorkbenchError(
      'shape-mismatch',
      `The output "${logits}" is ${formatShape(shape)}; a batch of ${batchSize} with ${classes} classes needs ${batchSize} x ${classes} logits.`,
      shape[0] === batchSize
        ? 'Use data with as many classes as the network tells apart.'
        : 'Use a batch size of 1 if the model was exported for one image, or export it with an open batch size.',
    );
  }
  return withCrossEntropy(graph, graph.nodes, logits, [null], false);
}

/**
 * Appends the segmentation loss: cross-entropy of every place, averaged over those whose target is a class
 * (255 is left out). Logits smaller than the masks are resized bilinearly, without aligned corners.
 * The graph gets an int64 input `targets` of N x height x width.
 * @throws WorkbenchError `shape-mismatch` where the network has no N x classes x h x w output.
 */
export function withSegmentationLoss(
  network: Graph,
  batchSize: number,
  classes: number,
  [height, width]: readonly [number, number],
): Graph {
  const {
    graph,
    logits: output,
    shape,
  } = ofTwoClasses(network, batchSize, classes, 'segmentation');
  if (shape.length !== 4 || shape[0] !== batchSize || shape[1]! < classes) {
    throw new WorkbenchError(
      'shape-mismatch',
      `The output "${output}" is ${formatShape(shape)}; segmentation of ${classes} classes needs ${batchSize} x ${classes} x height x width logits.`,
      'Use masks with as many classes as the network tells apart, and a model that ends in its logits.',
    );
  }
  if (shape[2]! > height || shape[3]! > width) {
    throw new WorkbenchError(
      'shape-mismatch',
      `The logits are ${shape[2]} x ${shape[3]}, larger than the masks of ${height} x ${width}.`,
      'Use masks of the size of the images.',
    );
  }
  if (shape[2] === height && shape[3] === width) {
    return withCrossEntropy(graph, graph.nodes, output, [null, height, width], true);
  }
  const resize: NodeOf<'Resize'> = {
    kind: 'Resize',
    name: 'logits to the size of the masks',
    inputs: [output],
    outputs: [':resizedLogits'],
    attributes: {
      mode: 'linear',
      coordinates: 'half_pixel',
      nearestMode: 'floor',
      target: { kind: 'sizes', sizes: [height, width] },
    },
  };
  const nodes = [...graph.nodes, resize];
  return withCrossEntropy(graph, nodes, ':resizedLogits', [null, height, width], true);
}

/**
 * Where a network has one logit for two classes, as binary classifiers and segmentations have it, the first class
 * gets a logit of zero: cross-entropy of (0, x) is binary cross-entropy of x, and so are its gradients.
 */
function ofTwoClasses(
  network: Graph,
  batchSize: number,
  classes: number,
  task: string,
): { readonly graph: Graph; readonly logits: string; readonly shape: Shape } {
  const [logits, shape] = onlyOutput(network, batchSize, task);
  if (classes !== 2 || shape[1] !== 1) return { graph: network, logits, shape };
  const [zero, none, both] = [':zero', ':noLogit', ':twoLogits'];
  const nodes: Node[] = [
    {
      kind: 'Mul',
      name: 'a logit of zero',
      inputs: [logits, zero],
      outputs: [none],
      attributes: {},
    },
    {
      kind: 'Concat',
      name: 'logits of both classes',
      inputs: [none, logits],
      outputs: [both],
      attributes: { axis: 1 },
    },
  ];
  const initializers = new Map(network.initializers);
  initializers.set(zero, { shape: [], values: { kind: 'constant', value: 0 }, constant: true });
  const graph = { ...network, nodes: [...network.nodes, ...nodes], outputs: [both], initializers };
  return { graph, logits: both, shape: shape.with(1, 2) };
}

function onlyOutput(graph: Graph, batchSize: number, task: string): readonly [string, Shape] {
  const logits = graph.outputs[0]!;
  if (graph.outputs.length !== 1 || graph.inputs.length !== 1) {
    throw new WorkbenchError(
      'shape-mismatch',
      `A ${task} network has one input and one output; "${graph.name}" has ${graph.inputs.length} and ${graph.outputs.length}.`,
      'Export the network so that it takes images and gives logits, nothing else.',
    );
  }
  return [logits, inferShapes(graph, batchSize).get(logits) ?? []];
}

function withCrossEntropy(
  graph: Graph,
  nodes: readonly Node[],
  logits: string,
  targets: readonly (number | null)[],
  ignoring: boolean,
): Graph {
  const loss: NodeOf<'SoftmaxCrossEntropyLoss'> = {
    kind: 'SoftmaxCrossEntropyLoss',
    name: 'loss',
    inputs: [logits, targetsInput],
    outputs: [lossOutput, ':logProbabilities'],
    attributes: { ignoring },
  };
  return {
    ...graph,
    inputs: [...graph.inputs, { name: targetsInput, shape: targets, type: 'int64' }],
    outputs: [lossOutput],
    nodes: [...nodes, loss],
  };
}
