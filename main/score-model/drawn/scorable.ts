/** Whether a model can be scored as it stands, and which node is in the way if not. */
import { WorkbenchError } from '../../errors.ts';
import { differentiateSum } from '../../graph/differentiate.ts';
import { toTraining } from '../../graph/forms.ts';
import type { Graph } from '../../graph/graph.ts';
import { findLayers } from '../../graph/layers.ts';
import { knownShapes, readOnnx } from '../../graph/onnx/read.ts';
import type { ExternalData } from '../../graph/onnx/tensor.ts';
import { withDetectorHint } from '../detector.ts';
import { sizedAs } from '../prepared-model.ts';
import type { ShapeOf } from './outline.ts';

/** Where a file leaves them open: the size that most are scored at, and two images, which statistics need. */
const usual = { batchSize: 2, image: [3, 224, 224] } as const;

/** Null where it can be scored, else the error, about the node at fault. Throws only what was not foreseen. */
export async function refusalOf(
  bytes: Uint8Array,
  label: string,
  external: ExternalData,
): Promise<WorkbenchError | null> {
  const read = (part: object = {}) => readOnnx(bytes, label, { ...usual, external, ...part });
  try {
    assertDifferentiable(read());
    return null;
  } catch (error) {
    const told = await withDetectorHint(error, {
      plain: async () => read(),
      read: async (part) => read(part),
      imageOf: (graph) => sizedAs(graph, usual.image),
    });
    if (told instanceof WorkbenchError) return told;
    throw told;
  }
}

/** Shapes of the values of two images, as far as they can be told. */
export const shapesOf = (bytes: Uint8Array, label: string, external: ExternalData): ShapeOf =>
  knownShapes(bytes, label, { ...usual, external });

function assertDifferentiable(graph: Graph): void {
  const { layers } = findLayers(graph);
  if (layers.length === 0) {
    throw new WorkbenchError(
      'no-layers',
      'The model has no convolution and no fully connected layer, so there is nothing to score.',
      'Export the network with its weights.',
    );
  }
  try {
    differentiateSum(
      toTraining(graph),
      usual.batchSize,
      layers.map(({ weight }) => weight),
    );
  } catch (error) {
    // A layer that does not matter for the outputs is left out of a score.
    if (error instanceof WorkbenchError && error.code === 'no-gradient') return;
    throw error;
  }
}
