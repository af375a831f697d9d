/** Settings that suit a space, for whoever names none. */
import type { Space } from '../space/space.ts';

/** Pixels that a batch has at most: sixteen images of 224 x 224. More cost memory and time, and add little. */
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
  const fitting = 2 ** Math.floor(Math.log2(Math.max(1, pixelsInBatch / (height * width))));
  return {
    batchSize: Math.min(mostImages, Math.max(leastImages, fitting)),
    beta: task === 'segmentation' ? 2 : 1,
  };
}
