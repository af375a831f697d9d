/** Detection networks: brings their outputs into one form and appends the loss. */
import { WorkbenchError } from '../errors.ts';
import type { Graph, Node, Shape } from './graph.ts';
import { joinMaps } from './heads/joined-maps.ts';
import { inferShapes } from './infer-shapes.ts';
import { lossOutput, targetsInput } from './losses.ts';
import type { DetectionLossAttributes } from './operators/attributes.ts';
import { formatShape } from './shape.ts';

export const targetOffsetsInput = ':targetOffsets';
export const positiveInput = ':positive';

/** EfficientDet's: focal loss alpha 0.25, gamma 1.5; Huber delta 0.1, weight 50. */
export const efficientDetLoss: DetectionLossAttributes = {
  alpha: 0.25,
  gamma: 1.5,
  delta: 0.1,
  boxWeight: 50,
};

export interface DetectionGraph {
  readonly graph: Graph;
  /** Classes that the network distinguishes, at least as many as the data have. */
  readonly outputClasses: number;
  /** Feature maps of the levels, fine to coarse. */
  readonly levels: readonly { readonly height: number; readonly width: number }[];
}

/**
 * Appends the detection loss. The network gives, level by level from fine to coarse, class logits of
 * N x (anchors classes) x h x w and box offsets of N x (anchors 4) x h x w: first all classes, then all
 * boxes; or two outputs, N x all anchors x classes and N x all anchors x 4.
 * The graph gets the inputs `targets` (int64, N x anchors), `targetOffsets` and `positive`.
 * @throws WorkbenchError `shape-mismatch` naming what is expected.
 */
export function withDetectionLoss(
  graph: Graph,
  batchSize: number,
  classes: number,
  anchors: {
    readonly perPlace: number;
    /** Levels of networks with two outputs, which do not show the sizes of the maps. */
    readonly pyramid: readonly { readonly height: number; readonly width: number }[];
  },
): DetectionGraph {
  const shapes = inferShapes(graph, batchSize);
  const outputs = graph.outputs.map((name) => ({ name, shape: shapes.get(name) ?? [] }));
  const nodes: Node[] = [...graph.nodes];
  const joined =
    outputs.length === 2 && outputs.every(({ shape }) => shape.length === 3)
      ? { classes: outputs[0]!.name, boxes: outputs[1]!.name, levels: anchors.pyramid }
      : joinLevels(outputs, anchors.perPlace, nodes, classes);
  const places = joined.levels.reduce((sum, { height, width }) => sum + height * width, 0);
  const count = places * anchors.perPlace;
  if (outputs.length === 2 && joined.classes === outputs[0]!.name) {
    const wanted: Shape[] = [
      [batchSize, count, classes],
      [batchSize, count, 4],
    ];
    outputs.forEach(({ shape, name }, i) => {
      const enough = shape[1] === count && (i === 0 ? shape[2]! >= classes : shape[2] === 4);
      if (!enough)
        throw mismatch(`"${name}" is ${formatShape(shape)}, not ${formatShape(wanted[i]!)}`);
    });
  }
  nodes.push({
    kind: 'DetectionLoss',
    name: 'loss',
    inputs: [joined.classes, joined.boxes, targetsInput, targetOffsetsInput, positiveInput],
    outputs: [lossOutput],
    attributes: efficientDetLoss,
  });
  const inputs: Graph['inputs'] = [
    ...graph.inputs,
    { name: targetsInput, shape: [null, count], type: 'int64' },
    { name: targetOffsetsInput, shape: [null, count, 4], type: 'float32' },
    { name: positiveInput, shape: [null, count, 1], type: 'float32' },
  ];
  const { shape } = outputs[0]!;
  const outputClasses = shape.length === 3 ? shape[2]! : shape[1]! / anchors.perPlace;
  return {
    graph: { ...graph, inputs, nodes, outputs: [lossOutput] },
    outputClasses,
    levels: joined.levels,
  };
}

interface Output {
  readonly name: string;
  readonly shape: Shape;
}

/** N x (anchors width) x h x w of every level becomes one N x all anchors x width. */
function joinLevels(
  outputs: readonly Output[],
  perPlace: number,
  nodes: Node[],
  classes: number,
): { classes: string; boxes: string; levels: { height: number; width: number }[] } {
  const half = outputs.length / 2;
  const [classMaps, boxMaps] = [outputs.slice(0, half), outputs.slice(half)];
  if (!Number.isInteger(half) || half < 1 || outputs.some(({ shape }) => shape.length !== 4)) {
    throw mismatch(`it has ${outputs.length} outputs`);
  }
  classMaps.forEach(({ name, shape }, i) => {
    const box = boxMaps[i]!.shape;
    const sameMap = shape[2] === box[2] && shape[3] === box[3];
    if (!sameMap || box[1] !== perPlace * 4 || shape[1]! % perPlace !== 0) {
      throw mismatch(
        `classes (a multiple of ${perPlace} numbers) come first, then boxes (${perPlace * 4} numbers) of the same places, but "${name}" is ${formatShape(shape)} and "${boxMaps[i]!.name}" is ${formatShape(box)}`,
      );
    }
    if (shape[1]! / perPlace < classes) {
      throw mismatch(
        `"${name}" tells ${shape[1]! / perPlace} classes apart, but the data have ${classes}`,
      );
    }
  });
  const joined = (part: string, maps: readonly Output[]) =>
    joinMaps(
      part,
      maps.map(({ name, shape }) => ({ name, numbers: shape[1]! / perPlace })),
      nodes,
    );
  return {
    classes: joined('classes', classMaps),
    boxes: joined('boxes', boxMaps),
    levels: classMaps.map(({ shape }) => ({ height: shape[2]!, width: shape[3]! })),
  };
}

function mismatch(what: string): WorkbenchError {
  return new WorkbenchError(
    'shape-mismatch',
    `The network does not end as a detection network with nine anchors per place: ${what}.`,
    'Detectors of the kinds of EfficientDet, RetinaNet, YOLO, SSD and FCOS are known by their last convolutions: name these maps as outputs where the file hides them.',
  );
}
