/** Inputs of a file that are given as numbers instead of being fed, such as a scale factor. */
import type onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';
import type { GraphInput } from '../graph.ts';
import { elements } from '../shape.ts';
import { readBy } from './node-order.ts';
import type { OnnxTensor } from './node.ts';
import { isOnePicture } from './single-picture.ts';
import type { INodeProto } from './tensor.ts';

/** Name of an input -> one number for all of its places, or one for each. */
export type ConstantInputs = Readonly<Record<string, readonly number[]>>;

/**
 * @param input as the file has it; its first axis is open where it counts images
 * @param batchSize what that axis becomes
 * @throws WorkbenchError `constant-shape`, `constant-type`
 */
export function constantOf(
  { name, shape, type }: GraphInput,
  values: readonly number[],
  batchSize: number,
): OnnxTensor {
  const bound = shape.map((size, axis) => (axis === 0 ? (size ?? batchSize) : size));
  if (bound.includes(null)) {
    throw new WorkbenchError(
      'constant-shape',
      `The input "${name}" leaves a size open (${written(shape)}), so no constant can take its place.`,
      'Export the model with that size fixed.',
    );
  }
  const full = bound as readonly number[];
  const count = elements(full);
  const images = shape[0] === null ? batchSize : 1;
  const repeats =
    values.length === 1
      ? count
      : values.length === count
        ? 1
        : values.length * images === count
          ? images
          : 0;
  if (repeats === 0) {
    throw new WorkbenchError(
      'constant-shape',
      `The input "${name}" takes ${written(shape)} numbers, but the constant has ${values.length}.`,
      `Give one number for all of them, or ${count / images}, separated by commas.`,
    );
  }
  if (type === 'int64' && !values.every(Number.isInteger)) {
    throw new WorkbenchError(
      'constant-type',
      `The input "${name}" takes whole numbers, but the constant is ${values.join(',')}.`,
      'Give whole numbers.',
    );
  }
  const all = Array.from({ length: repeats }, () => values).flat();
  return type === 'int64'
    ? { shape: full, type, data: new Float32Array(0), integers: all }
    : { shape: full, type, data: Float32Array.from(all), integers: [] };
}

/** @throws WorkbenchError `unknown-input` where a constant is for no input, or for the only one there is. */
export function assertInputs(constants: ConstantInputs, inputs: readonly string[]): void {
  const unknown = Object.keys(constants).find((name) => !inputs.includes(name));
  if (unknown !== undefined) {
    throw new WorkbenchError(
      'unknown-input',
      `The model has no input "${unknown}" for a constant.`,
      `Its inputs: ${inputs.join(', ')}.`,
    );
  }
  if (inputs.length > 0 && inputs.every((name) => Object.hasOwn(constants, name))) {
    throw new WorkbenchError(
      'unknown-input',
      'Every input of the model is given as a constant, so none is left for images.',
      `Leave out the one that takes images: ${inputs.join(', ')}.`,
    );
  }
}

/**
 * Looks before nodes are read, since without the numbers of an input what is made of it can hardly be understood.
 * @throws WorkbenchError `inputs-open` where the network reads more than images
 */
export function assertImagesAlone(
  inputs: readonly GraphInput[],
  nodes: readonly INodeProto[],
): void {
  if (inputs.length < 2) return;
  const read = new Set(nodes.flatMap(readBy));
  const used = inputs.filter(({ name }) => read.has(name));
  const images = used.filter(({ shape, type }) => shape.length === 4 && type === 'float32');
  const others = used.filter((input) => !images.includes(input));
  if (images.length !== 1 || others.length === 0) return;
  throw new WorkbenchError(
    'inputs-open',
    `The model takes more than images ("${images[0]!.name}"): ${others.map(({ name, shape }) => `${name} (${written(shape)})`).join(', ')}.`,
    `Give the others as constants, for example ${others[0]!.name}=1.`,
  );
}

/**
 * @param written inputs as the file has them
 * @param fed those that are no constants
 * @throws WorkbenchError `shape-mismatch` where all that the network takes is one picture, without an axis that counts
 */
export function assertCountsImages(
  written: readonly onnxProto.onnx.IValueInfoProto[],
  fed: readonly GraphInput[],
): void {
  const [only, ...others] = fed;
  if (!only || others.length > 0 || only.shape.length !== 3) return;
  const dims = written.find(({ name }) => name === only.name)?.type?.tensorType?.shape?.dim;
  const sizes = (dims ?? []).map(({ dimValue }) => Number(dimValue ?? 0));
  if (!isOnePicture(sizes)) return;
  throw new WorkbenchError(
    'shape-mismatch',
    `The input "${only.name}" is ${sizes.join(' x ')}: a single picture, without an axis that counts pictures.`,
    'Export the model for batches, N x channels x height x width. It can be measured as it is.',
  );
}

const written = (shape: GraphInput['shape']): string =>
  shape.length === 0 ? 'single' : shape.map((size) => size ?? 'N').join(' x ');
