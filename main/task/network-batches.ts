/** Batches from arrays for one particular network, whose input and classes they have to fit. */
import { WorkbenchError } from '../errors.ts';
import { bindImage } from '../graph/bind.ts';
import type { Graph } from '../graph/graph.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import type { ClassificationBatches } from './batches.ts';
import { batchesFromNpy, type NpyBatchesRequest } from './npy-batches.ts';
import type { Known } from '../common/known.ts';

/**
 * Like `batchesFromNpy`, with the number of classes taken from the network. Also throws `shape-mismatch` where
 * the network takes other images.
 */
export function batchesForNetwork(
  graph: Graph,
  request: Omit<NpyBatchesRequest, 'classes'>,
): ClassificationBatches {
  const input = graph.inputs[0]!;
  const output = graph.outputs[0]!;
  if (graph.inputs.length !== 1 || graph.outputs.length !== 1) {
    throw new WorkbenchError(
      'shape-mismatch',
      `A classification network has one input and one output, but "${graph.name}" has ${graph.inputs.length} and ${graph.outputs.length}.`,
      'Export the model so that it takes images and gives one score for each class.',
    );
  }
  const images = request.inputs.shape;
  const fits =
    input.shape.length === images.length &&
    input.shape.every((size, axis) => axis === 0 || size === null || size === images[axis]);
  if (!fits) {
    const wanted = input.shape.map((size) => size ?? 'N').join(' x ');
    throw new WorkbenchError(
      'shape-mismatch',
      `${request.names.inputs} has the shape ${images.join(' x ')}, but the network's input "${input.name}" takes ${wanted}.`,
      'Give images of the size that the model was exported for.',
    );
  }
  // Two images represent any number, since only the classes are wanted.
  const [, channels, height, width] = images as Known<number>;
  const bound = bindImage(graph, [channels, height, width]);
  const logits = inferShapes(bound, 2).get(output) ?? [];
  if (logits.length !== 2) {
    throw new WorkbenchError(
      'shape-mismatch',
      `The network's output "${output}" has ${logits.length} axes (${logits.join(' x ')}), but a classification network gives images x classes.`,
      'Export the model without anything after its classifier.',
    );
  }
  return batchesFromNpy({ ...request, classes: logits[1]! });
}
