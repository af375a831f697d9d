/**
 * Batches from two arrays, one of images and one of their targets, taken in order. Targets are classes (integers, N),
 * masks (integers, N x H x W; 255 is ignored) or boxes (floating-point, N x boxes x 5: x1, y1, x2, y2 in pixels of the
 * image and the class; rows with a class below 0 only fill up).
 */
import { WorkbenchError } from '../errors.ts';
import { ignoredClass, type BatchSet, type ImageBoxes, type Task } from './batches.ts';
import type { NpyArray } from './npy.ts';

export interface NpyBatchesRequest {
  /** float32 or float64 (rounded to float32), N x C x H x W, normalised as the network wants them. */
  readonly inputs: NpyArray;
  /** As the task has them. */
  readonly targets: NpyArray;
  /** Images in a batch; null makes two batches of N / 2. */
  readonly batchSize: number | null;
  /** Classes of the network: targets must be below this. */
  readonly classes: number;
  /** What errors and the description call the two arrays. */
  readonly names: { readonly inputs: string; readonly targets: string };
}

/** The task that targets are for, by their type and number of axes. */
export function taskOfTargets({ type, shape }: NpyArray): Task {
  if (shape.length !== 3) return 'classification';
  return type === 'float32' || type === 'float64' ? 'detection' : 'segmentation';
}

/**
 * Throws `shape-mismatch` (arrays that do not fit each other, images that do not fill whole batches),
 * `target-out-of-range`, `one-batch-only`, `npy-type` and `inputs-not-finite`.
 */
export function batchesFromNpy<T extends Task = 'classification'>(
  request: NpyBatchesRequest & { readonly task?: T },
): Extract<BatchSet, { task: T }> {
  const { inputs, targets, names, task = 'classification' as T } = request;
  const inputShape = imageShape(inputs, names.inputs);
  const images = inputs.shape[0]!;
  assertTargetsFit(targets, task, [images, ...inputShape], names);
  const batchSize = batchSizeOf(images, request.batchSize, names.inputs);
  const values = toFloat32(inputs, names.inputs);
  const targetsOf = targetReader(request, task);
  const imageLength = inputShape[0] * inputShape[1] * inputShape[2];
  const set = {
    task,
    batchSize,
    inputShape,
    classes: request.classes,
    ...(task === 'segmentation' && { maskShape: inputShape.slice(1) }),
    batches: Array.from({ length: images / batchSize }, (_, b) => ({
      // Copied, because batches are sent to another process, and a view would bring the whole array along.
      inputs: values.slice(b * batchSize * imageLength, (b + 1) * batchSize * imageLength),
      targets: targetsOf(b * batchSize, (b + 1) * batchSize),
    })),
    description: `${images} images from ${names.inputs} with the ${targetWords[task].what} in ${names.targets}, as they are, in batches of ${batchSize}`,
  };
  // The compiler cannot see that the targets are the task's.
  return set as unknown as Extract<BatchSet, { task: T }>;
}

const targetWords = {
  classification: {
    what: 'classes',
    hint: 'Give one class number for each image.',
    axes: ([images]: readonly number[]) => [`${images}`],
  },
  segmentation: {
    what: 'masks',
    hint: 'Give a class number for each pixel: integers, images x height x width.',
    axes: ([images, , height, width]: readonly number[]) => [`${images}`, `${height}`, `${width}`],
  },
  detection: {
    what: 'boxes',
    hint: 'Give x1, y1, x2, y2 in pixels and the class of each box: float32, images x boxes x 5.',
    axes: ([images]: readonly number[]) => [`${images}`, 'boxes', '5'],
  },
} as const;

function assertTargetsFit(
  targets: NpyArray,
  task: Task,
  inputShape: readonly number[],
  names: NpyBatchesRequest['names'],
): void {
  const { hint, axes } = targetWords[task];
  const wanted = axes(inputShape);
  const fits =
    targets.shape.length === wanted.length &&
    wanted.every((size, axis) => size === 'boxes' || Number(size) === targets.shape[axis]);
  if (fits) return;
  throw new WorkbenchError(
    'shape-mismatch',
    `${names.inputs} has ${inputShape[0]} images, so ${names.targets} must have the shape (${wanted.join(', ')}), but it has (${targets.shape.join(', ')}).`,
    hint,
  );
}

/** Targets of the images from one number to another, as batches of the task have them. */
function targetReader(
  { targets, classes, names }: NpyBatchesRequest,
  task: Task,
): (from: number, to: number) => unknown {
  if (task === 'detection') {
    return (from, to) =>
      Array.from({ length: to - from }, (_, i) =>
        boxesOf(targets, from + i, classes, names.targets),
      );
  }
  const masks = task === 'segmentation';
  const labels = toClasses(targets, classes, names.targets, masks);
  const each = labels.length / targets.shape[0]!;
  return (from, to) => {
    const part = labels.slice(from * each, to * each);
    return masks ? Uint8Array.from(part) : part;
  };
}

function boxesOf(targets: NpyArray, image: number, classes: number, name: string): ImageBoxes {
  if (targets.type !== 'float32' && targets.type !== 'float64') {
    throw new WorkbenchError(
      'npy-type',
      `${name} holds ${targets.type} numbers, but boxes are float32.`,
      'Save the boxes as float32.',
    );
  }
  const most = targets.shape[1]!;
  const kept: number[] = [];
  const kinds: number[] = [];
  for (let box = 0; box < most; box++) {
    const at = (image * most + box) * 5;
    const [x1, y1, x2, y2, kind] = [...targets.data.subarray(at, at + 5)] as [
      number,
      number,
      number,
      number,
      number,
    ];
    if (kind < 0) continue;
    const where = `${name}, image ${image}, box ${box} (counted from 0)`;
    if (!Number.isInteger(kind) || kind >= classes) throw outOfRange(where, kind, classes);
    if (![x1, y1, x2, y2].every(Number.isFinite) || x1 >= x2 || y1 >= y2) {
      throw new WorkbenchError(
        'target-out-of-range',
        `${where}: ${x1}, ${y1}, ${x2}, ${y2} is not a box.`,
        'Give x1 < x2 and y1 < y2, in pixels of the image.',
      );
    }
    kept.push(x1, y1, x2, y2);
    kinds.push(kind);
  }
  return { boxes: Float32Array.from(kept), classes: Int32Array.from(kinds) };
}

/** Channels, height, width. Throws `shape-mismatch` of what is no array of images, `one-batch-only` of an empty one. */
export function imageShape(inputs: NpyArray, name: string): [number, number, number] {
  const [images, channels, height, width] = inputs.shape;
  if (inputs.shape.length !== 4 || !channels || !height || !width) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${name} has the shape (${inputs.shape.join(', ')}), but images are N, C, H, W.`,
      'Save the images as one array of images x channels x height x width.',
    );
  }
  if (images === 0) {
    throw new WorkbenchError(
      'one-batch-only',
      `${name} is empty: it has the shape (${inputs.shape.join(', ')}).`,
      'Save at least two batches of images in it.',
    );
  }
  return [channels, height, width];
}

function batchSizeOf(images: number, asked: number | null, name: string): number {
  if (asked === null) {
    if (images < 2) throw oneBatchOnly(`${name} has ${images} images`);
    if (images % 2 === 0) return images / 2;
    throw new WorkbenchError(
      'shape-mismatch',
      `${name} has ${images} images, which do not make two equal batches.`,
      'Leave one image out, or say how many images make a batch.',
      { option: 'That is --batch-size.' },
    );
  }
  if (images <= asked)
    throw oneBatchOnly(`${name} has ${images} images and a batch takes ${asked}`);
  if (images % asked !== 0) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${name} has ${images} images, which is not a multiple of the batch size ${asked}.`,
      `Leave out the last ${images % asked} images, or choose a batch size that divides ${images}.`,
    );
  }
  return asked;
}

function oneBatchOnly(what: string): WorkbenchError {
  return new WorkbenchError(
    'one-batch-only',
    `${what}: that is less than the two batches ZiCo needs, because it divides by the standard deviation over batches.`,
    'Give more images or a smaller batch size.',
  );
}

function toFloat32(inputs: NpyArray, name: string): Float32Array {
  if (inputs.type !== 'float32' && inputs.type !== 'float64') {
    throw new WorkbenchError(
      'npy-type',
      `${name} holds ${inputs.type} numbers, but images are float32.`,
      'Normalise the images as the network expects them and save them as float32.',
    );
  }
  const values = inputs.type === 'float32' ? inputs.data : Float32Array.from(inputs.data);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const image = Math.floor(bad / (values.length / inputs.shape[0]!));
    throw new WorkbenchError(
      'inputs-not-finite',
      `${name}, image ${image} (counted from 0), contains ${values[bad]}.`,
      'Remove NaN and infinite values from the images.',
    );
  }
  return values;
}

function toClasses(targets: NpyArray, classes: number, name: string, masks: boolean): Int32Array {
  if (targets.type === 'float32' || targets.type === 'float64') {
    throw new WorkbenchError(
      'npy-type',
      `${name} holds ${targets.type} numbers, but targets are class numbers.`,
      'Save the targets as int64.',
    );
  }
  const labels = new Int32Array(targets.data.length);
  const each = labels.length / Math.max(1, targets.shape[0]!);
  for (let i = 0; i < labels.length; i++) {
    const target = Number(targets.data[i]!);
    const ignored = masks && target === ignoredClass;
    if ((target < 0 || target >= classes) && !ignored) {
      throw outOfRange(`${name}, image ${Math.floor(i / each)} (counted from 0)`, target, classes);
    }
    labels[i] = target;
  }
  return labels;
}

function outOfRange(where: string, target: number, classes: number): WorkbenchError {
  return new WorkbenchError(
    'target-out-of-range',
    `${where}: the target is ${target}, but the network has the classes 0 to ${classes - 1}.`,
    'Check that the targets belong to this network and count from 0.',
  );
}
