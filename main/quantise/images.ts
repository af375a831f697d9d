/** Images for finding ranges, drawn from a data set at the size that a network takes. */
import { WorkbenchError } from '../errors.ts';
import type { Dataset } from '../task/dataset.ts';
import { drawBatches, type DrawRequest } from '../task/draw-batches.ts';
import { inGrey } from '../task/fitted-dataset.ts';

/**
 * @param image channels, height and width of the network's input
 * @returns each C x H x W, normalised as the data set says; the same for the same request
 * @throws WorkbenchError `data-do-not-fit`, what `drawBatches` throws
 */
export async function calibrationImages(
  dataset: Dataset,
  image: readonly [number, number, number],
  drawn: Omit<DrawRequest, 'size'>,
): Promise<readonly Float32Array[]> {
  const [channels, ...size] = image;
  const given = dataset.inputShape[0];
  const fitting = channels === 1 && given === 3 ? inGrey(dataset) : dataset;
  if (fitting.inputShape[0] !== channels) {
    throw new WorkbenchError(
      'data-do-not-fit',
      `The network takes images of ${channels} channels; these have ${given} (${dataset.description}).`,
      'Choose images that fit the network, or give them as an array.',
    );
  }
  const { batches } = await drawBatches(fitting, { ...drawn, size });
  const length = image.reduce((product, n) => product * n, 1);
  return batches.flatMap(({ inputs }) => slices(inputs, length));
}

/** Up to so many images, or as many as there are: in two batches, because fewer are never drawn. */
export function upTo(images: number, { count }: Pick<Dataset, 'count'>): Omit<DrawRequest, 'seed'> {
  return { batches: 2, batchSize: Math.max(1, Math.floor(Math.min(images, count) / 2)) };
}

/** Cuts an array into arrays of one length. */
export function slices(data: Float32Array, length: number): Float32Array[] {
  return Array.from({ length: data.length / length }, (_, i) =>
    data.slice(i * length, (i + 1) * length),
  );
}
