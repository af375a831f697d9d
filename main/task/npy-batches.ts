/** Batches from two arrays, one of images and one of their classes, taken in order. */
import { WorkbenchError } from '../errors.ts';
import type { ClassificationBatches } from './batches.ts';
import type { NpyArray } from './npy.ts';

export interface NpyBatchesRequest {
  /** float32 or float64 (rounded to float32), N x C x H x W, normalised as the network wants them. */
  readonly inputs: NpyArray;
  /** int64, int32 or uint8, N. */
  readonly targets: NpyArray;
  /** Images in a batch; null makes two batches of N / 2. */
  readonly batchSize: number | null;
  /** Classes of the network: targets must be below this. */
  readonly classes: number;
  /** What errors and the description call the two arrays. */
  readonly names: { readonly inputs: string; readonly targets: string };
}

/**
 * Throws `shape-mismatch` (arrays that do not fit each other, images that do not fill whole batches),
 * `target-out-of-range`, `one-batch-only`, `npy-type` and `inputs-not-finite`.
 */
export function batchesFromNpy(request: NpyBatchesRequest): ClassificationBatches {
  const { inputs, targets, names, classes } = request;
  const inputShape = imageShape(inputs, names.inputs);
  const images = inputs.shape[0]!;
  if (targets.shape.length !== 1 || targets.shape[0] !== images) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${names.inputs} has ${images} images, so ${names.targets} must have the shape (${images}), but it has (${targets.shape.join(', ')}).`,
      'Give one class number for each image.',
    );
  }
  const batchSize = batchSizeOf(images, request.batchSize, names.inputs);
  const values = toFloat32(inputs, names.inputs);
  const labels = toClasses(targets, classes, names.targets);
  const imageLength = inputShape[0] * inputShape[1] * inputShape[2];
  return {
    task: 'classification',
    batchSize,
    inputShape,
    classes,
    batches: Array.from({ length: images / batchSize }, (_, b) => ({
      // Copied, because batches are sent to another process, and a view would bring the whole array along.
      inputs: values.slice(b * batchSize * imageLength, (b + 1) * batchSize * imageLength),
      targets: labels.slice(b * batchSize, (b + 1) * batchSize),
    })),
    description: `${images} images from ${names.inputs} with the classes in ${names.targets}, as they are, in batches of ${batchSize}`,
  };
}

function imageShape(inputs: NpyArray, name: string): [number, number, number] {
  const [, channels, height, width] = inputs.shape;
  if (inputs.shape.length !== 4 || !channels || !height || !width) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${name} has the shape (${inputs.shape.join(', ')}), but images are N, C, H, W.`,
      'Save the images as one array of images x channels x height x width.',
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
      'Leave one image out, or say how many images make a batch (--batch-size).',
    );
  }
  if (images <= asked)
    throw oneBatchOnly(`${name} has ${images} images and a batch takes ${asked}`);
  if (images % asked !== 0) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${name} has ${images} images, which is no multiple of the batch size ${asked}.`,
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

function toClasses(targets: NpyArray, classes: number, name: string): Int32Array {
  if (targets.type === 'float32' || targets.type === 'float64') {
    throw new WorkbenchError(
      'npy-type',
      `${name} holds ${targets.type} numbers, but targets are class numbers.`,
      'Save the targets as int64.',
    );
  }
  const labels = new Int32Array(targets.data.length);
  for (let i = 0; i < labels.length; i++) {
    const target = targets.data[i]!;
    if (target < 0 || target >= classes) {
      throw new WorkbenchError(
        'target-out-of-range',
        `${name}, image ${i} (counted from 0): the target is ${target}, but the network has the classes 0 to ${classes - 1}.`,
        'Check that the targets belong to this network and count from 0.',
      );
    }
    labels[i] = Number(target);
  }
  return labels;
}
