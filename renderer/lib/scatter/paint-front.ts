/** Grid, axes, front and ghost: what a scatter of the search consists of beside its points. */
import {
  linearTicks,
  logTicks,
  xToPixel,
  yToPixel,
  type Frame,
  type Tick,
  type View,
} from '../axis.ts';
import { fixed } from '../format.ts';
import { rampStep, type Palette } from './palette.ts';
import type { Points } from './points.ts';

type Context = CanvasRenderingContext2D;

export interface AxisTexts {
  readonly y: string;
  readonly x: string;
  /** What one divides a cost by before it is written. */
  readonly costUnit: number;
}

const caption = 11;

export function paintGrid(
  context: Context,
  view: View,
  frame: Frame,
  palette: Palette,
  texts: AxisTexts,
): void {
  const width = frame.right - frame.left;
  const unitShift = Math.log10(texts.costUnit);
  const xView = { from: view.x.from - unitShift, to: view.x.to - unitShift };
  context.font = `${caption}px ${palette.figureFont}`;
  context.lineWidth = 1;
  context.strokeStyle = palette.grid;
  context.fillStyle = palette.text3;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.beginPath();
  for (const tick of logTicks(xView, width, 44)) {
    const x = Math.round(xToPixel(view, frame, tick.at + unitShift)) + 0.5;
    context.moveTo(x, frame.top);
    context.lineTo(x, frame.bottom);
    context.fillText(String(tick.value), x, frame.bottom + 12);
  }
  context.textAlign = 'right';
  const yTicks = linearTicks(view.y, frame.bottom - frame.top, 48);
  const decimals = tickDecimals(yTicks);
  for (const tick of yTicks) {
    const y = Math.round(yToPixel(view, frame, tick.at)) + 0.5;
    context.moveTo(frame.left, y);
    context.lineTo(frame.right, y);
    context.fillText(fixed(tick.value, decimals), frame.left - 8, y);
  }
  context.stroke();
}

/** Decimals that tell the ticks of a linear axis apart. */
export function tickDecimals(ticks: readonly Tick[]): number {
  const step = ticks.length > 1 ? ticks[1].value - ticks[0].value : 1;
  return step >= 1 ? 0 : Math.min(4, Math.ceil(-Math.log10(step)));
}

/** Drawn last, over the points: the axes themselves and what they mean. */
export function paintAxes(
  context: Context,
  frame: Frame,
  palette: Palette,
  texts: AxisTexts,
): void {
  context.strokeStyle = palette.axis;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(frame.left + 0.5, frame.top);
  context.lineTo(frame.left + 0.5, frame.bottom + 0.5);
  context.lineTo(frame.right, frame.bottom + 0.5);
  context.stroke();
  context.font = `${caption}px ${palette.uiFont}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  haloed(context, texts.y, frame.left + 8, frame.top + 8, palette.text3, palette.surface);
  context.fillStyle = palette.text3;
  context.textAlign = 'right';
  const room = frame.right - frame.left;
  context.fillText(clipped(context, texts.x, room), frame.right, frame.bottom + 28);
}

/** As many clauses as there is room for: a sentence cut in mid-word looks like a mistake. */
function clipped(context: Context, written: string, room: number): string {
  const clauses = written.split(', ');
  for (let n = clauses.length; n > 1; n--) {
    const shown = n === clauses.length ? written : `${clauses.slice(0, n).join(', ')}, …`;
    if (context.measureText(shown).width <= room) return shown;
  }
  return clauses[0] ?? '';
}

export function haloed(
  context: Context,
  written: string,
  x: number,
  y: number,
  colour: string,
  halo: string,
): void {
  context.lineJoin = 'round';
  context.lineWidth = 4;
  context.strokeStyle = halo;
  context.strokeText(written, x, y);
  context.fillStyle = colour;
  context.fillText(written, x, y);
}

/** The front as a staircase, the shape of dominance, with its members on top. */
export function paintFront(
  context: Context,
  points: Points,
  front: Uint32Array,
  generation: Int32Array,
  last: number,
  frame: Frame,
  palette: Palette,
): void {
  if (front.length === 0) return;
  context.strokeStyle = palette.front;
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.beginPath();
  front.forEach((i, k) => {
    if (k === 0) {
      context.moveTo(points.x[i], points.y[i]);
    } else {
      context.lineTo(points.x[i], points.y[front[k - 1]]);
      context.lineTo(points.x[i], points.y[i]);
    }
  });
  const end = front[front.length - 1];
  context.lineTo(Math.max(frame.right, points.x[end]), points.y[end]);
  context.stroke();
  context.strokeStyle = palette.surface;
  for (const i of front) {
    context.fillStyle = palette.generations[rampStep(generation[i], last)];
    circle(context, points.x[i], points.y[i], 4.5);
    context.fill();
    context.stroke();
  }
}

/** The front as it was before beta moved, where its members stand now. */
export function paintGhost(
  context: Context,
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
    if (k === 0) context.moveTo(points.x[i], points.y[i]);
    else context.lineTo(points.x[i], points.y[i]);
  });
  context.stroke();
  context.setLineDash([]);
  const left = [...ghost].filter((i) => !front.has(i));
  context.fillStyle = palette.surface;
  context.lineWidth = 1.5;
  for (const i of left) {
    circle(context, points.x[i], points.y[i], 4);
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
    points.x[labelled],
    points.y[labelled] + 18,
    palette.text3,
    palette.surface,
  );
}

export function paintKnee(
  context: Context,
  x: number,
  y: number,
  label: string,
  palette: Palette,
): void {
  context.strokeStyle = palette.front;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, y - 9);
  context.lineTo(x + 9, y);
  context.lineTo(x, y + 9);
  context.lineTo(x - 9, y);
  context.closePath();
  context.stroke();
  context.font = `500 ${caption}px ${palette.uiFont}`;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  haloed(context, label, x - 14, y, palette.text, palette.surface);
}

export function circle(context: Context, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}
