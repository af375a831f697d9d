/** All that lies above the points: the front with what belongs to it, and the axes. */
import { xToPixel, yToPixel, type Frame, type View } from '../../ground/chart/axis.ts';
import { paintAxes } from '../../ground/chart/paint-axes.ts';
import type { Palette } from '../../ground/chart/palette.ts';
import type { Pen } from '../../ground/figure/pen.ts';
import {
  paintBeyondCap,
  paintErrorBars,
  paintExpected,
  paintFrontLine,
  paintFrontMembers,
  paintGhost,
  paintNamed,
} from './paint-front.ts';
import type { Points } from './points.ts';
import type { ChartState, ExpectedMark } from './scatter-state.ts';

const pixelOf = (view: View, side: 'x' | 'y', value: number, frame: Frame): number =>
  side === 'x' ? xToPixel(view, frame, value) : yToPixel(view, frame, value);

/** Where the front stands that a model expects, in pixels. */
export function expectedPlaces({ expected, costSide, view }: ChartState, frame: Frame) {
  if (expected === null || costSide === null) return [];
  return expected.map((mark): ExpectedMark => ({
    ...mark,
    x: xToPixel(view, frame, mark.x),
    y: yToPixel(view, frame, mark.y),
  }));
}

export function paintFrontLayer(
  context: Pen,
  points: Points,
  state: ChartState,
  frame: Frame,
  palette: Palette,
): void {
  const { front, costSide, mask, view } = state;
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
  context.clip();
  if (state.ghost && costSide) {
    const { front: ghost, label } = state.ghost;
    paintGhost(context, points, ghost, state.onFront, label, palette);
  }
  if (state.expected && costSide) {
    paintExpected(context, expectedPlaces(state, frame), costSide, palette);
  }
  if (state.bars) paintBars(context, points, state, frame, palette);
  paintFrontLine(context, points, front, costSide, frame, palette);
  const doubtful = new Set(
    (state.bars?.bars ?? []).filter((bar) => bar.doubtful).map(({ index }) => index),
  );
  const drawn = { styles: state.frontStyles, mask, doubtful };
  paintFrontMembers(context, points, front, drawn, palette);
  if (costSide && state.cap !== null) {
    const at = pixelOf(view, costSide, state.cap, frame);
    paintBeyondCap(context, costSide, at, frame, palette);
  }
  for (const { index, label, diamond } of state.named) {
    const place = points.at(index);
    if (place) paintNamed(context, place, label, diamond, frame, palette);
  }
  context.restore();
  paintAxes(context, frame, palette, state.titles);
}

function paintBars(
  context: Pen,
  points: Points,
  { bars, view, onFront, mask }: ChartState,
  frame: Frame,
  palette: Palette,
): void {
  if (bars === null) return;
  const { side } = bars;
  const placed = bars.bars.flatMap(({ index, low, high, doubtful }) => {
    const at = points.at(index);
    if (at === null || mask?.[index] === 0) return [];
    const [from, to] = [low, high].map((value) => pixelOf(view, side, value, frame));
    return [{ at, from: from!, to: to!, doubtful, onFront: onFront.has(index) }];
  });
  paintErrorBars(context, placed, side, palette);
}
