import { describe, expect, it } from 'vitest';
import { rampSteps } from '../../../../renderer/ground/chart/palette.ts';
import {
  fadedStyle,
  noStyle,
  PointStyles,
  statusStyle,
  styleOf,
} from '../../../../renderer/choosing/scatter/point-styles.ts';

describe('styles of points', () => {
  it('follow the generation, the newest at the end of the ramp', () => {
    const style = styleOf({ by: 'generation', generation: Int32Array.of(0, 2, 4), last: 4 });
    expect([0, 1, 2].map(style)).toEqual([0, (rampSteps - 1) / 2, rampSteps - 1]);
  });

  it('follow the place of a gene’s value among its choices', () => {
    const style = styleOf({ by: 'gene', values: [8, 64, 16], choices: [8, 16, 64] });
    expect([0, 1, 2].map(style)).toEqual([0, rampSteps - 1, (rampSteps - 1) / 2]);
  });

  it('tell what a person did before where a candidate stands', () => {
    const style = styleOf({
      ...{ by: 'status', onFront: new Set([0, 1]), starred: new Set([1, 2]) },
      pinned: new Set([2]),
    });
    expect([0, 1, 2, 3].map(style)).toEqual(
      (['front', 'starred', 'pinned', 'dominated'] as const).map(statusStyle),
    );
  });

  it('fade what is outside the filter and leave the front to its own layer', () => {
    const generation = Int32Array.of(0, 0, 0);
    const styles = new PointStyles().of(
      { by: 'generation', generation, last: 0 },
      3,
      Uint32Array.of(2),
      Uint8Array.of(1, 0, 0),
    );
    expect([...styles]).toEqual([rampSteps - 1, fadedStyle, noStyle]);
  });
});
