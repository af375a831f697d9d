/** Invented batches of tiny images, which arrive two at a time. */
import type { ShownBatch, ShownImage } from '../../preload/contract.ts';

export const shownBatches = 2;
const batchSize = 4;
const inOnePart = 2;

const image = (label: number): ShownImage => ({
  pixels: new Uint8Array(4 * 2 * 2).fill(40 * label),
  mask: null,
  label,
  boxes: [],
});

/** @param changes what differs for another task */
export function shownPart(
  batch: number,
  first: number,
  changes: Partial<ShownBatch> = {},
): ShownBatch {
  return {
    ...{ task: 'classification', batches: shownBatches, batchSize, height: 2, width: 2 },
    description: '256 images, 2 batches of 4 drawn without repetition with seed 0; digest 0123',
    classes: [
      { index: 0, name: 'cat', colour: '#c04040', count: 2 },
      { index: 1, name: 'dog', colour: '#4040c0', count: 2 },
    ],
    ignoredShare: null,
    notes: [],
    images: Array.from({ length: Math.min(inOnePart, batchSize - first) }, (_, i) =>
      image((batch + first + i) % 2),
    ),
    ...changes,
  };
}
