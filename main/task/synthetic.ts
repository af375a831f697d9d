/**
 * Noise in place of pictures, for a network whose own data are not at hand: normally distributed values and random
 * targets of the right kind. Every image is a function of the seed and its number.
 */
import { generatorFor, type RandomGenerator } from '../random.ts';
import type { ImageBoxes, Task } from './batches.ts';
import type { Dataset, DatasetInfo } from './dataset.ts';

export interface SyntheticRequest {
  readonly task: Task;
  /** Channels, height, width. */
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  readonly seed: number;
}

/** As many as anybody draws. */
const count = 2 ** 24;
/** Masks are made of squares of so many pixels, as regions of a photograph have some extent. */
const cell = 8;
const mostBoxes = 8;

/** Pixels are used as they are, since noise is normalised already. */
export function syntheticDataset({ task, inputShape, classes, seed }: SyntheticRequest): Dataset {
  const info: DatasetInfo = {
    kind: 'synthetic',
    task,
    description: `synthetic data: noise with random ${targetsOf[task]}`,
    count,
    inputShape,
    storedSize: null,
    fit: 'fixed',
    classes,
    classNames: Array.from({ length: classes }, (_, i) => `class ${i}`),
    classCounts: null,
    normalisation: null,
    problems: [],
    problemCount: 0,
  };
  const read = (indices: readonly number[], size = inputShape.slice(1) as [number, number]) => {
    const image = (index: number) => {
      const random = generatorFor('synthetic', seed, index);
      const pixels = noise(random, inputShape[0] * size[0] * size[1]);
      return { pixels, stored: size, ...targetOf(random, task, size, classes) };
    };
    return Promise.resolve(indices.map(image));
  };
  // The compiler cannot see that the target is the task's.
  return { ...info, read } as unknown as Dataset;
}

const targetsOf: Readonly<Record<Task, string>> = {
  classification: 'classes',
  segmentation: 'masks',
  detection: 'boxes',
};

function targetOf(
  random: RandomGenerator,
  task: Task,
  size: readonly [number, number],
  classes: number,
) {
  switch (task) {
    case 'classification':
      return { label: below(random, classes) };
    case 'segmentation':
      return { mask: mask(random, size, classes) };
    case 'detection':
      return boxes(random, size, classes);
  }
}

/** 0 <= number < 1. */
const uniform = (random: RandomGenerator): number => (random.next() >>> 0) / 2 ** 32;

const below = (random: RandomGenerator, limit: number): number =>
  Math.floor(uniform(random) * limit);

/** Standard normal values (Box and Muller, 1958). */
function noise(random: RandomGenerator, length: number): Float32Array {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(random)));
    const angle = 2 * Math.PI * uniform(random);
    values[i] = radius * Math.cos(angle);
    if (i + 1 < length) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}

function mask(
  random: RandomGenerator,
  [height, width]: readonly [number, number],
  classes: number,
) {
  const across = Math.ceil(width / cell);
  const cells = Uint8Array.from({ length: across * Math.ceil(height / cell) }, () =>
    below(random, classes),
  );
  const pixels = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / cell) * across;
    for (let x = 0; x < width; x++) pixels[y * width + x] = cells[row + Math.floor(x / cell)]!;
  }
  return pixels;
}

/** One to eight boxes, their sides between a sixteenth and a half of the image's. */
function boxes(
  random: RandomGenerator,
  [height, width]: readonly [number, number],
  classes: number,
): ImageBoxes {
  const number = 1 + below(random, mostBoxes);
  const edges = Array.from({ length: number }, () => {
    const [w, h] = [width, height].map((side) => side * 2 ** -(1 + 3 * uniform(random))) as [
      number,
      number,
    ];
    const [x, y] = [uniform(random) * (width - w), uniform(random) * (height - h)];
    return [x, y, x + w, y + h];
  });
  return {
    boxes: Float32Array.from(edges.flat()),
    classes: Int32Array.from({ length: number }, () => below(random, classes)),
  };
}
