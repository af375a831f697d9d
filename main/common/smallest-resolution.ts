/** A front whose networks are all for the smallest images says more about the score than about the networks. */
import type { Warning } from './report.ts';

type Size = readonly [height: number, width: number];

const area = ([height, width]: Size): number => height * width;

/** Of several sizes, the place of the one with the fewest pixels. */
export function smallestOf(sizes: readonly Size[]): number {
  return sizes.reduce((least, size, i) => (area(size) < area(sizes[least]!) ? i : least), 0);
}

/**
 * @param front sizes of images of the networks on it
 * @param offered all sizes of the space; null where it has one
 * @returns null where there is nothing to tell
 */
export function smallestResolutionWarning(
  front: readonly Size[],
  offered: readonly Size[] | null,
): Warning | null {
  if (offered === null || offered.length < 2 || front.length === 0) return null;
  const smallest = offered[smallestOf(offered)]!;
  if (front.some((size) => area(size) !== area(smallest))) return null;
  return {
    code: 'front-at-smallest-resolution',
    message: `Every network on the front is for images of ${smallest.join(' x ')}, the smallest of the ${offered.length} resolutions of the space.`,
    hint: 'Scores of networks for images of different sizes are hardly comparable. Search the space at each resolution that you would deploy, and compare networks of one resolution.',
    count: front.length,
    examples: [],
  };
}
