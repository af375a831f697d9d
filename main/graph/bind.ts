/** Fits a network to the images that it is given. */
import { WorkbenchError } from '../errors.ts';
import type { Graph } from './graph.ts';
import { formatShape } from './shape.ts';

/**
 * Fills open sizes of the image input with those of the data.
 * @param image channels, height, width
 * @throws WorkbenchError `shape-mismatch` where a size of the network differs from the data's.
 */
export function bindImage(graph: Graph, image: readonly [number, number, number]): Graph {
  const input = graph.inputs[0]!;
  if (graph.inputs.length !== 1 || input.type !== 'float32' || input.shape.length !== 4) {
    throw new WorkbenchError(
      'shape-mismatch',
      `"${graph.name}" does not take one batch of images: its inputs are ${graph.inputs
        .map(({ name, shape }) => `${name} (${formatShape(shape)})`)
        .join(', ')}.`,
      'Score a network with one input of N x channels x height x width.',
    );
  }
  const wanted = [null, ...image];
  const fits = input.shape.every(
    (size, axis) => size === null || axis === 0 || size === wanted[axis],
  );
  if (!fits) {
    throw new WorkbenchError(
      'shape-mismatch',
      `The network takes images of ${formatShape(input.shape)}, but the data are ${formatShape(wanted)}.`,
      'Use data of the size that the network was built for.',
    );
  }
  // The first axis is left alone: it is fixed where the network's own arithmetic contains the batch size.
  return { ...graph, inputs: [{ ...input, shape: [input.shape[0]!, ...image] }] };
}
