/** Settings that suit a space, where none are given. */
import type { Space } from '../space/space.ts';

/** The most pixels in a batch: sixteen images of 224 x 224. More cost memory and time, and add little. */
const pixelsInBatch = 16 * 224 * 224;
const mostImages = 64;
const leastImages = 2;
/** Images that ship with the product; two batches of them have to suffice where no data are given. */
export const shippedImages = {
  classification: 256,
  segmentation: 40,
  detection: 40,
} as const satisfies Readonly<Record<Space['task'], number>>;

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
  const most = Math.min(mostImages, shippedImages[task] / 2, pixelsInBatch / (height * width));
  return {
    batchSize: Math.max(leastImages, 2 ** Math.floor(Math.log2(most))),
    beta: task === 'segmentation' ? 2 : 1,
  };
}
