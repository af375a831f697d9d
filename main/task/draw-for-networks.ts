/** Batches as the networks of one kind take them: drawn, and brought to their channels. */
import { WorkbenchError } from '../errors.ts';
import type { BatchSet } from './batches.ts';
import type { Dataset } from './dataset.ts';
import { drawBatches, type DrawRequest } from './draw-batches.ts';
import { greyBatches } from './grey-batches.ts';

/** What the networks have in common that batches are drawn for. */
export interface Takers {
  /** What they are called in a sentence. */
  readonly title: string;
  /** Channels, height and width of an image as it is scored. */
  readonly scoringShape: readonly [number, number, number];
  readonly classes: number;
}

/** Throws `data-do-not-fit`, and what `drawBatches` throws. */
export async function drawForNetworks(
  images: Dataset,
  { title, scoringShape, classes }: Takers,
  request: Omit<DrawRequest, 'size'>,
): Promise<BatchSet> {
  const [channels, height, width] = scoringShape;
  const grey = takenInGrey(images, channels);
  if ((images.inputShape[0] !== channels && !grey) || images.classes > classes) {
    throw new WorkbenchError(
      'data-do-not-fit',
      `${title} takes ${channels}-channel images of up to ${classes} classes; these have ${images.inputShape[0]} channels and ${images.classes} classes (${images.description}).`,
      'Choose data that fit the search space.',
    );
  }
  const drawn: BatchSet = await drawBatches(images, { ...request, size: [height, width] });
  return grey ? greyBatches(drawn) : drawn;
}

/** Whether networks of so many channels get the brightness of coloured images. */
export const takenInGrey = ({ inputShape }: Pick<Dataset, 'inputShape'>, channels: number) =>
  channels === 1 && inputShape[0] === 3;

/**
 * The digest at the end of a description identifies the images that were drawn, wherever their file is now.
 * @param data where the images should be; null for those that ship with the product
 * @throws WorkbenchError `data-changed`
 */
export function assertSameImages(stored: string, drawn: string, data: string | null): void {
  const digest = (description: string) => description.slice(description.lastIndexOf('digest'));
  if (digest(stored) === digest(drawn)) return;
  throw new WorkbenchError(
    'data-changed',
    `The images ${data === null ? 'that ship with the product' : `in ${data}`} are not those this run was started with, so its scores could not be compared.`,
    'Put the original data back, or start a new run.',
  );
}
