/** Front, ghost, knee and cap: what the scatter of a search has besides its points. */
import type { Frame } from '../../ground/chart/axis.ts';
import { caption, circle, haloed } from '../../ground/chart/paint-axes.ts';
import { markShapes, shapePath } from '../../ground/chart/mark-shapes.ts';
import { rampSteps, type Palette } from '../../ground/chart/palette.ts';
import type { Pen } from '../../ground/figure/pen.ts';
import { statuses } from '../../ground/chart/statuses.ts';
import type { MarkPosition } from '../../ground/chart/paint-marks.ts';
import type { Points } from './points.ts';

/** The axis that holds the cost where the other one holds the score; null where there is no staircase. */
export type CostSide = 'x' | 'y' | null;

/** The staircase, the shape of dominance. */
export function paintFrontLine(
  context: Pen,
  points: Points,
  front: Uint32Array,
  side: CostSide,
  frame: Frame,
  palette: Palette,
): void {
  if (front.length === 0 || side === null) return;
  context.strokeStyle = palette.front;
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.beginPath();
  front.forEach((i, k) => {
    const x = points.x[i]!;
    const y = points.y[i]!;
    if (k === 0) {
      context.moveTo(x, y);
      return;
    }
    const before = front[k - 1]!;
    // Up to the next one's cost the score stays that of the one before.
    if (side === 'x') context.lineTo(x, points.y[before]!);
    else context.lineTo(points.x[before]!, y);
    context.lineTo(x, y);
  });
  const end = front[front.length - 1]!;
  if (side === 'x') context.lineTo(Math.max(frame.right, points.x[end]!), points.y[end]!);
  else context.lineTo(points.x[end]!, Math.min(frame.top, points.y[end]!));
  context.stroke();
}

export interface PlacedBar {
  readonly at: MarkPosition;
  /** Pixels along the axis. */
  readonly from: number;
  readonly to: number;
  readonly doubtful: boolean;
  readonly onFront: boolean;
}

/** How far figures may be off: lines with ends through their points, dashed where nobody should rely on them. */
export function paintErrorBars(
  context: Pen,
  bars: readonly PlacedBar[],
  side: 'x' | 'y',
  palette: Palette,
): void {
  context.lineWidth = 1;
  for (const { at, from, to, doubtful, onFront } of bars) {
    context.strokeStyle = onFront ? palette.text2 : palette.axis;
    // Half a pixel, so that a line of one pixel is one.
    const across = Math.round(side === 'x' ? at.y : at.x) + 0.5;
    const ends = [from, to].map((end) => Math.round(end) + 0.5);
    context.beginPath();
    for (const end of ends) stroke(context, side, [end, across - 3], [end, across + 3]);
    context.stroke();
    context.beginPath();
    context.setLineDash(doubtful ? [3, 3] : []);
    stroke(context, side, [from, across], [to, across]);
    context.stroke();
    context.setLineDash([]);
  }
}

/** @param from along the axis, and across it */
function stroke(
  context: Pen,
  side: 'x' | 'y',
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  const [a, b] = side === 'x' ? [0, 1] : [1, 0];
  context.moveTo(from[a]!, from[b]!);
  context.lineTo(to[a]!, to[b]!);
}

/**
 * The members of the front on top of everything.
 * @param drawn the style of each member; those outside the filter are faded, doubtful ones hollow
 */
export function paintFrontMembers(
  context: Pen,
  points: Points,
  front: Uint32Array,
  drawn: {
    readonly styles: Uint8Array;
    readonly mask: Uint8Array | null;
    readonly doubtful: ReadonlySet<number>;
  },
  palette: Palette,
): void {
  const { styles, mask, doubtful } = drawn;
  context.lineWidth = 1.5;
  front.forEach((i, k) => {
    const style = styles[k]!;
    const status = style >= rampSteps ? statuses[style - rampSteps] : null;
    context.globalAlpha = mask?.[i] === 0 ? 0.3 : 1;
    const colour = status ? palette.status[status] : palette.generations[style]!;
    const hollow = doubtful.has(i);
    context.fillStyle = hollow ? palette.surface : colour;
    context.strokeStyle = hollow ? colour : palette.surface;
    shapePath(context, status ? markShapes[status] : 'circle', points.x[i]!, points.y[i]!, 4.5);
    context.fill();
    context.stroke();
  });
  context.globalAlpha = 1;
}

/** The front that a model expects: a dashed staircase, hollow marks for what was not scored, the chosen one filled. */
export function paintExpected(
  context: Pen,
  places: readonly (MarkPosition & { readonly scored: boolean; readonly chosen: boolean })[],
  side: 'x' | 'y',
  palette: Palette,
): void {
  context.strokeStyle = palette.ghost;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  context.beginPath();
  places.forEach(({ x, y }, k) => {
    const before = places[k - 1];
    if (before === undefined) context.moveTo(x, y);
    else if (side === 'x') context.lineTo(x, before.y);
    else context.lineTo(before.x, y);
    context.lineTo(x, y);
  });
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = 1;
  for (const { x, y, scored, chosen } of places) {
    if (scored && !chosen) continue;
    circle(context, x, y, chosen ? 4.5 : 2.5);
    context.fillStyle = chosen ? palette.ghost : palette.surface;
    context.fill();
    context.stroke();
  }
}

/** The front as it was before beta moved, where its members stand now. */
export function paintGhost(
  context: Pen,
  points: Points,
  ghost: Uint32Array,
  front: ReadonlySet<number>,
  label: string,
  palette: Palette,
): void {
  context.strokeStyle = palette.ghost;
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.beginPath();
  ghost.forEach((i, k) => {
    if (k === 0) context.moveTo(points.x[i]!, points.y[i]!);
    else context.lineTo(points.x[i]!, points.y[i]!);
  });
  context.stroke();
  context.setLineDash([]);
  const left = [...ghost].filter((i) => !front.has(i));
  context.fillStyle = palette.surface;
  context.lineWidth = 1.5;
  for (const i of left) {
    circle(context, points.x[i]!, points.y[i]!, 4);
    context.fill();
    context.stroke();
  }
  const labelled = left[Math.floor(left.length / 2)];
  if (labelled === undefined) return;
  context.font = `${caption}px ${palette.uiFont}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  haloed(
    context,
    label,
    points.x[labelled]!,
    points.y[labelled]! + 18,
    palette.text3,
    palette.surface,
  );
}

/**
 * A diamond around a member of the front that has a name: the knee, the best under the cap. The name stands
 * left of it, above the front; at the chart's left edge below and right of it, where no front passes.
 */
export function paintNamed(
  context: Pen,
  { x, y }: MarkPosition,
  label: string,
  diamond: boolean,
  frame: Frame,
  palette: Palette,
): void {
  context.strokeStyle = palette.front;
  context.lineWidth = 1.5;
  if (diamond) {
    shapePath(context, 'diamond', x, y, 9 / 1.35);
    context.stroke();
  }
  context.font = `500 ${caption}px ${palette.uiFont}`;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  if (x - 14 - context.measureText(label).width < frame.left) {
    context.textAlign = 'left';
    haloed(context, label, x + 10, y + 14, palette.text, palette.surface);
    return;
  }
  if (diamond) {
    // Cheaper and better than a member of the front there is nothing, so that the label covers no point.
    const above = y - 20 > frame.top;
    const [left, up] = above ? [7, 13] : [14, 0];
    haloed(context, label, x - left, y - up, palette.text, palette.surface);
    return;
  }
  // Above its point with a leader, where the front leaves room.
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, y - 7);
  context.lineTo(x, y - 22);
  context.lineTo(x - 3, y - 22);
  context.stroke();
  haloed(context, label, x - 6, y - 22, palette.text, palette.surface);
}

/** What is beyond the cap is dimmed. */
export function paintBeyondCap(
  context: Pen,
  side: 'x' | 'y',
  at: number,
  frame: Frame,
  palette: Palette,
): void {
  context.globalAlpha = 0.62;
  context.fillStyle = palette.surface;
  if (side === 'x') {
    const left = Math.max(frame.left, at);
    context.fillRect(left, frame.top, Math.max(0, frame.right - left), frame.bottom - frame.top);
  } else {
    const bottom = Math.min(frame.bottom, at);
    context.fillRect(
      frame.left,
      frame.top,
      frame.right - frame.left,
      Math.max(0, bottom - frame.top),
    );
  }
  context.globalAlpha = 1;
}
