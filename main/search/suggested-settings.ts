/** Settings that suit a space, where none are given. */
import { betaOfTask, embeddedImages } from '../common/tasks.ts';
import type { Space } from '../space/space.ts';

/** The most pixels in a batch: sixteen images of 224 x 224. More cost memory and time, and add little. */
const pixelsInBatch = 16 * 224 * 224;
const mostImages = 64;
const leastImages = 2;

export interface SuggestedSettings {
  /** A power of two. */
  readonly batchSize: number;
  /** The paper's: 2 for segmentation, 1 otherwise. */
  readonly beta: number;
}

export function suggestedSettings({
  task,
  scoringShape: [, height, width],
}: Pick<Space, 'task' | 'scoringShape'>): SuggestedSettings {
  // Two batches of the images that ship with the product have to suffice where no data are given.
  const most = Math.min(mostImages, embeddedImages[task] / 2, pixelsInBatch / (height * width));
  return {
    batchSize: Math.max(leastImages, 2 ** Math.floor(Math.log2(most))),
    beta: betaOfTask[task],
  };
}
