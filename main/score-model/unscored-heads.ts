/** What a network gives where that is no output that its task scores, in the words of who built it. */
import { WorkbenchError } from '../errors.ts';
import { bindImage } from '../graph/bind.ts';
import type { Graph } from '../graph/graph.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { areLogits } from '../graph/outputs.ts';
import { formatShape, type Shape } from '../graph/shape.ts';
import type { Task } from '../task/batches.ts';
import { likelyTask } from './task-hint.ts';

type Image = readonly [number, number, number];

/** Strides of the maps on which detectors of the YOLO kind predict, with or without coarser ones. */
const strides = [
  [8, 16, 32],
  [8, 16, 32, 64],
  [8, 16, 32, 64, 128],
] as const;
const anchorsPerPlace = [1, 2, 3, 9] as const;

/**
 * Looks at a network whose outputs are neither logits nor maps.
 * @throws WorkbenchError `shape-mismatch` where it is known what they are, or where none of several fits
 */
export function refuseUnscoredHeads(graph: Graph, task: Task, image: Image): void {
  if (graph.head) return;
  const shapes = inferShapes(bindImage(graph, image), images);
  const [output = '', ...others] = graph.outputs;
  const shape = shapes.get(output) ?? [];
  const written = (name: string) => `${name} (${shapeInWords(shapes.get(name) ?? [])})`;
  const set = setOfBoxes(graph.outputs, shapes);
  if (set && !isPyramid(set.queries, image)) {
    throw new WorkbenchError(
      'shape-mismatch',
      `The model predicts a set of ${set.queries} boxes for each image, as DETR does: ${set.outputs.map(written).join(' and ')}. Which of them stands for which object depends on what they predict, so such a set is not scored.`,
      'Score its image part: name a map inside it as its output, and score that as segmentation.',
    );
  }
  if (task === 'detection') {
    const single = boxesOfOneScale(graph, shapes);
    if (!single) return;
    const [boxes, ...others] = single;
    const beside = others.map(written).join(', ');
    throw new WorkbenchError(
      'shape-mismatch',
      `The model predicts one box for each place of a single map, as the first stage of MTCNN does: boxes are ${written(boxes!)}, beside ${beside}. Boxes of one scale are not scored.`,
      'Score its image part: name a map inside it as its output, and score that as segmentation.',
    );
  }
  if (shape.length === 3 && !areLogits(shape)) throw perPlace(output, shape, image, task);
  if (others.length === 0 && isLargerPicture(shape, image)) {
    const [height, width] = image.slice(1);
    throw new WorkbenchError(
      'shape-mismatch',
      `The output ${written(output)} is larger than the image of ${height} x ${width}: pictures made of pictures, as super-resolution gives, are not scored.`,
      'Score the part before it grows: name a map inside it as its output, and score that as segmentation.',
    );
  }
  // What they look like is said where they do not fit.
  if (others.length > 0 && likelyTask(graph, image) === null) {
    throw new WorkbenchError(
      'shape-mismatch',
      `The model has ${graph.outputs.length} outputs, none of which is what ${task} scores: ${graph.outputs.map(written).join(', ')}.`,
      'Name another task, or a value inside the network that is what the task scores.',
    );
  }
}

/**
 * Looks at all outputs of a network, before one of them is chosen: masks of a set would pass for a map of classes.
 * @throws WorkbenchError `shape-mismatch` where they are a set of masks
 */
export function refuseSetOfMasks(graph: Graph, image: Image): void {
  const shapes = inferShapes(bindImage(graph, image), images);
  const [classes, masks] = [3, 4].map((rank) =>
    graph.outputs.filter((name) => shapes.get(name)?.length === rank),
  ) as [string[], string[]];
  const queries = (name: string) => shapes.get(name)![1]!;
  for (const mask of masks) {
    const [, , height = 0, width = 0] = shapes.get(mask)!;
    const beside = classes.find((name) => {
      const [, , numbers = 0] = shapes.get(name)!;
      // Key points have two or three numbers each, and maps that are written as lists a number for each place.
      return queries(name) === queries(mask) && numbers > 3 && numbers !== height * width;
    });
    const isSet = beside !== undefined && queries(mask) > 1 && queries(mask) <= mostQueries;
    if (!isSet) continue;
    const written = [beside, mask].map((name) => `${name} (${shapeInWords(shapes.get(name)!)})`);
    throw new WorkbenchError(
      'shape-mismatch',
      `The model predicts a set of ${queries(mask)} masks for each image, as MaskFormer and Mask2Former do: ${written.join(' and ')}. Which of them stands for which object depends on what they predict, so such a set is not scored.`,
      'Score its image part: name a map inside it as its output, and score that as segmentation.',
    );
  }
}

/** Of a batch for which shapes are looked at. */
const images = 2;

/** Recognition of text often counts steps before images: T x N x classes. */
const batchAxis = (shape: Shape): 0 | 1 =>
  shape.length === 3 && shape[0] !== images && shape[1] === images ? 1 : 0;

function shapeInWords(shape: Shape): string {
  return formatShape(shape.map((size, axis) => (axis === batchAxis(shape) ? null : size)));
}

/** Numbers of a box. */
const boxNumbers = 4;

/** Boxes and classes of as many queries as each other; null where there are none. */
function setOfBoxes(
  outputs: readonly string[],
  shapes: ReadonlyMap<string, Shape>,
): { readonly queries: number; readonly outputs: readonly string[] } | null {
  const lists = outputs.filter((name) => shapes.get(name)?.length === 3);
  const boxes = lists.find((name) => shapes.get(name)![2] === boxNumbers);
  const queries = shapes.get(boxes ?? '')?.[1];
  const classes = lists.find((name) => name !== boxes && shapes.get(name)![1] === queries);
  if (boxes === undefined || classes === undefined || queries === undefined) return null;
  return queries <= mostQueries ? { queries, outputs: [classes, boxes] } : null;
}

/**
 * The map of boxes, and what else is predicted at its places, where all outputs are maps of one size; null where it is
 * not clear which the boxes are.
 */
function boxesOfOneScale(
  graph: Graph,
  shapes: ReadonlyMap<string, Shape>,
): readonly string[] | null {
  const isLast = (name: string) => graph.channelsLast?.includes(name) ?? false;
  const maps = graph.outputs.map((name) => {
    const [, ...sizes] = shapes.get(name) ?? [];
    const channels = sizes.at(isLast(name) ? -1 : 0);
    const place = (isLast(name) ? sizes.slice(0, -1) : sizes.slice(1)).join('x');
    return { name, channels, place, isMap: sizes.length === 3 };
  });
  const [first] = maps;
  if (maps.length < 2 || maps.some(({ isMap, place }) => !isMap || place !== first!.place)) {
    return null;
  }
  const shares = new Set(
    graph.nodes.flatMap(({ kind, outputs }) =>
      kind === 'Softmax' || kind === 'Sigmoid' ? outputs : [],
    ),
  );
  const boxes = maps.filter(({ name, channels }) => channels === boxNumbers && !shares.has(name));
  if (boxes.length !== 1) return null;
  const { name } = boxes[0]!;
  return [name, ...graph.outputs.filter((other) => other !== name)];
}

/** Published detectors that predict sets have 100 to 900; those with anchors have thousands of boxes. */
const mostQueries = 1000;

function perPlace(output: string, shape: Shape, image: Image, task: Task): WorkbenchError {
  const isTimeFirst = batchAxis(shape) === 1;
  const [a = 0, b = 0] = shape.filter((_, axis) => axis !== batchAxis(shape));
  const whole = shapeInWords(shape);
  if (!isTimeFirst && a === image[1] && b === image[2]) {
    return new WorkbenchError(
      'shape-mismatch',
      `The output "${output}" is ${whole}: a number for each pixel, as estimation of depth gives. No task is scored by such numbers.`,
      'Where they are logits of a mask of one class, export them with an axis for it (N x 1 x height x width); else name a map inside the network as its output, and score that as segmentation.',
    );
  }
  const [places, values] = a > b ? [a, b] : [b, a];
  if (!isTimeFirst && values > 4 && isPyramid(places, image)) {
    return new WorkbenchError(
      'shape-mismatch',
      `The output "${output}" is ${whole}: ${values} numbers (a box, and classes) for each of ${places} places, as detectors of the YOLO kind give them.`,
      `Score it as detection, where that is what it is: ${task} takes no such output.`,
    );
  }
  return new WorkbenchError(
    'shape-mismatch',
    `The output "${output}" is ${whole}: ${a} predictions of ${b} numbers for each image, as recognition of text, detectors that predict a set of boxes (DETR) or token classifiers give them. Classification scores one prediction per image.`,
    'Cut the model off where it gives one class per image, or score its image part: name a value inside it as its output.',
  );
}

/** A map of as many channels as the image, and of more pixels. */
function isLargerPicture(shape: Shape, [channels, height, width]: Image): boolean {
  const [, own, ...sizes] = shape;
  return sizes.length === 2 && own === channels && sizes[0]! > height && sizes[1]! > width;
}

/** Whether there are as many places as cells, or anchors, of all scales of an image. */
function isPyramid(places: number, [, height, width]: Image): boolean {
  const cells = (stride: number) => Math.ceil(height / stride) * Math.ceil(width / stride);
  return strides.some((levels) => {
    const all = levels.reduce((sum, stride) => sum + cells(stride), 0);
    return (
      anchorsPerPlace.some((anchors) => anchors * all === places) || cells(levels[0]) === places
    );
  });
}
