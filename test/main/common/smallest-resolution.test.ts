import { describe, expect, it } from 'vitest';
import { smallestResolutionWarning } from '../../../main/common/smallest-resolution.ts';

const offered = [
  [224, 224],
  [128, 128],
  [128, 256],
] as const;
const small = [128, 128] as const;

describe('a front at the smallest resolution alone', () => {
  it('is told', () => {
    expect(smallestResolutionWarning([small, small], offered)).toMatchObject({
      code: 'front-at-smallest-resolution',
      message: expect.stringContaining('128 x 128, the smallest of the 3') as string,
      count: 2,
    });
  });

  it('is not where the front has another, there is no front, or the space has one size', () => {
    expect(smallestResolutionWarning([small, [128, 256]], offered)).toBeNull();
    expect(smallestResolutionWarning([], offered)).toBeNull();
    expect(smallestResolutionWarning([small], null)).toBeNull();
    expect(smallestResolutionWarning([small], [small])).toBeNull();
  });
});
