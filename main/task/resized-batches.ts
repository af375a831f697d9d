/** The same images at another size, for networks whose resolution is a choice. */
import type {
  BatchSet,
  ClassificationBatch,
  DetectionBatch,
  ImageBoxes,
  SegmentationBatch,
} from './batches.ts';

type Size = readonly [height: number, width: number];

/** Every pixel the mean of what it covers; masks by the nearest pixel, boxes in proportion. */
export function resizedBatches(set: BatchSet, size: Size): BatchSet {
  const [channels, ...from] = set.inputShape;
  const inputShape = [channels, ...size] as const;
  const planes = set.batchSize * channels;
  const images = ({ inputs }: { readonly inputs: Float32Array }) =>
    resizedPlanes(inputs, planes, from, size);
  switch (set.task) {
    case 'classification': {
      const batches = set.batches.map((batch): ClassificationBatch => ({
        ...batch,
        inputs: images(batch),
      }));
      return { ...set, inputShape, batches };
    }
    case 'segmentation': {
      const batches = set.batches.map((batch): SegmentationBatch => ({
        inputs: images(batch),
        targets: resizedMasks(batch.targets, set.batchSize, set.maskShape, size),
      }));
      return { ...set, inputShape, maskShape: size, batches };
    }
    case 'detection': {
      const batches = set.batches.map((batch): DetectionBatch => ({
        inputs: images(batch),
        targets: batch.targets.map((boxes) => scaledBoxes(boxes, from, size)),
      }));
      return { ...set, inputShape, batches };
    }
  }
}

/** What a pixel of the result takes from each pixel that it covers; the shares of one add up to 1. */
function shares(from: number, to: number): readonly (readonly [first: number, shares: number[]])[] {
  const step = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * step, (i + 1) * step];
    const first = Math.min(Math.floor(start), from - 1);
    const last = Math.min(Math.ceil(end - 1e-9), from);
    const covered = Array.from({ length: Math.max(last - first, 1) }, (__, k) =>
      Math.max(Math.min(end, first + k + 1) - Math.max(start, first + k), 0),
    );
    const whole = covered.reduce((sum, share) => sum + share, 0);
    return [first, covered.map((share) => share / whole)];
  });
}

/** Rows first, then columns; sums in double precision. */
function resizedPlanes(
  inputs: Float32Array,
  planes: number,
  [fromHeight, fromWidth]: Size,
  [height, width]: Size,
): Float32Array {
  const [rows, columns] = [shares(fromHeight, height), shares(fromWidth, width)];
  const result = new Float32Array(planes * height * width);
  const line = new Float64Array(fromWidth);
  for (let plane = 0; plane < planes; plane++) {
    for (let y = 0; y < height; y++) {
      const [first, parts] = rows[y]!;
      line.fill(0);
      for (const [k, share] of parts.entries()) {
        const at = (plane * fromHeight + first + k) * fromWidth;
        for (let x = 0; x < fromWidth; x++) line[x]! += share * inputs[at + x]!;
      }
      for (let x = 0; x < width; x++) {
        const [left, across] = columns[x]!;
        let sum = 0;
        for (const [k, share] of across.entries()) sum += share * line[left + k]!;
        result[(plane * height + y) * width + x] = sum;
      }
    }
  }
  return result;
}

function resizedMasks(
  masks: Uint8Array,
  count: number,
  [fromHeight, fromWidth]: Size,
  [height, width]: Size,
): Uint8Array {
  const result = new Uint8Array(count * height * width);
  const nearest = (i: number, from: number, to: number): number =>
    Math.min(Math.floor(((i + 0.5) * from) / to), from - 1);
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < height; y++) {
      const row = (n * fromHeight + nearest(y, fromHeight, height)) * fromWidth;
      for (let x = 0; x < width; x++)
        result[(n * height + y) * width + x] = masks[row + nearest(x, fromWidth, width)]!;
    }
  }
  return result;
}

function scaledBoxes({ boxes, classes }: ImageBoxes, from: Size, to: Size): ImageBoxes {
  const [down, across] = [to[0] / from[0], to[1] / from[1]];
  return { boxes: boxes.map((edge, i) => edge * (i % 2 === 0 ? across : down)), classes };
}
