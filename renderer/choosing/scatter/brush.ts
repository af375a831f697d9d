/** A rectangle drawn on the chart, converted from pixels to ranges of values and back. */
import {
  pixelToX,
  pixelToY,
  xToPixel,
  yToPixel,
  type Frame,
  type View,
} from '../../ground/chart/axis.ts';
import { rangeBetween, type FilterRange } from '../../open-run/measures/filter.ts';
import type { PlotRectangle } from '../../ground/chart/paint-marks.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Narrower than this it was a click, not a rectangle. */
const leastPixels = 4;

/** The rectangle between two corners, cut to the plotting area; null where it is too small to be meant. */
export function rectangleBetween(a: Point, b: Point, frame: Frame): PlotRectangle | null {
  const inside = (value: number, low: number, high: number): number =>
    Math.max(low, Math.min(high, value));
  const left = inside(Math.min(a.x, b.x), frame.left, frame.right);
  const right = inside(Math.max(a.x, b.x), frame.left, frame.right);
  const top = inside(Math.min(a.y, b.y), frame.top, frame.bottom);
  const bottom = inside(Math.max(a.y, b.y), frame.top, frame.bottom);
  return right - left < leastPixels || bottom - top < leastPixels
    ? null
    : { left, top, right, bottom };
}

interface Logarithmic {
  readonly x: boolean;
  readonly y: boolean;
}

/** The values under a rectangle; null on an axis where it holds none. */
export function rangesUnder(
  { left, top, right, bottom }: PlotRectangle,
  view: View,
  frame: Frame,
  logarithmic: Logarithmic,
): { readonly x: FilterRange | null; readonly y: FilterRange | null } {
  const value = (at: number, log: boolean): number => (log ? 10 ** at : at);
  return {
    x: rangeBetween(
      value(pixelToX(view, frame, left), logarithmic.x),
      value(pixelToX(view, frame, right), logarithmic.x),
    ),
    y: rangeBetween(
      value(pixelToY(view, frame, bottom), logarithmic.y),
      value(pixelToY(view, frame, top), logarithmic.y),
    ),
  };
}

/** Where ranges of both axes lie on the screen, cut to the plotting area; null where an axis has none. */
export function rectangleOf(
  x: FilterRange | null,
  y: FilterRange | null,
  view: View,
  frame: Frame,
  logarithmic: Logarithmic,
): PlotRectangle | null {
  if (!x && !y) return null;
  const at = (value: number, log: boolean): number =>
    log ? Math.log10(Math.max(value, 0)) : value;
  const cut = (value: number, low: number, high: number): number =>
    Math.max(low, Math.min(high, value));
  const alongX = (value: number): number =>
    cut(xToPixel(view, frame, at(value, logarithmic.x)), frame.left, frame.right);
  const alongY = (value: number): number =>
    cut(yToPixel(view, frame, at(value, logarithmic.y)), frame.top, frame.bottom);
  return {
    left: x ? alongX(x.from) : frame.left,
    right: x ? alongX(x.to) : frame.right,
    top: y ? alongY(y.to) : frame.top,
    bottom: y ? alongY(y.from) : frame.bottom,
  };
}
