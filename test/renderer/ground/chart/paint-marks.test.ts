import { describe, expect, it } from 'vitest';
import { axisLabels, plainly } from '../../../../renderer/ground/chart/paint-axes.ts';
import { paintSelection } from '../../../../renderer/ground/chart/paint-marks.ts';
import type { Palette } from '../../../../renderer/ground/chart/palette.ts';
import { MarkPen } from '../../../../renderer/ground/figure/pen.ts';

const frame = { left: 40, right: 240, top: 20, bottom: 220 };
const view = { x: { from: 0, to: 200 }, y: { from: 0, to: 200 } };
const ticks = plainly([0, 50, 100, 150].map((value) => ({ at: value, value })));
const labels = axisLabels(view, frame, { x: ticks, y: ticks });
const palette = {
  ...{ surface: 'white', selection: 'gold', onSelection: 'black' },
  ...{ figureFont: 'monospace', uiFont: 'sans-serif' },
} as Palette;

/** Numbers of the axes that make room for those of a candidate at these values. */
function hiddenBy(x: number, y: number): string[] {
  const pen = new MarkPen({
    measure: (text) => ({ width: 6 * text.length }) as TextMetrics,
    plainColour: (colour) => ({ colour, opacity: 1 }),
  });
  const mark = { x: frame.left + x, y: frame.bottom - y };
  paintSelection(pen, mark, { x: String(x), y: String(y) }, frame, palette, labels);
  const boxes = pen.marks.flatMap((one) =>
    one.kind === 'outline' && one.style.fill === 'white' ? [one.path] : [],
  );
  return labels
    .filter((label) => {
      const width = 6 * label.written.length + 2;
      const left = label.side === 'x' ? label.x - width / 2 : label.x - width + 1;
      return boxes.some((path) => path.startsWith(`M${left} ${label.y - 7}`));
    })
    .map(({ side, written }) => `${side} ${written}`);
}

describe('the values of a selected candidate on the axes', () => {
  it('hide each number of an axis that they would cross, as a whole, and no other', () => {
    expect(hiddenBy(75, 75)).toEqual([]);
    expect(hiddenBy(50, 75)).toEqual(['x 50']);
    expect(hiddenBy(75, 56)).toEqual(['y 50']);
    expect(hiddenBy(164, 138)).toEqual(['x 150', 'y 150']);
  });
});

describe('numbers of an axis', () => {
  it('have a proper minus sign', () => {
    expect(plainly([]).write(-0.5)).toBe('−0.5');
  });
});
