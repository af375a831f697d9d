/** Grid, ticks and titles of a chart's two axes. */
import type { Tick } from '../../../main/common/ticks.ts';
import { xToPixel, yToPixel, type Frame, type View } from './axis.ts';
import { fixed } from '../words/format.ts';
import type { Pen } from '../figure/pen.ts';
import type { Palette } from './palette.ts';

export interface AxisMarks {
  readonly ticks: readonly Tick[];
  readonly write: (value: number) => string;
}

export const caption = 11;

/** Ticks written with the decimals that tell them apart. */
export function evenly(ticks: readonly Tick[]): AxisMarks {
  const decimals = tickDecimals(ticks);
  return { ticks, write: (value) => fixed(value, decimals) };
}

/** Ticks of a logarithmic axis or of choices: values as round as they are. */
export function plainly(ticks: readonly Tick[]): AxisMarks {
  return { ticks, write: (value) => String(value).replaceAll('-', '−') };
}

/** Decimals that tell the ticks of a linear axis apart. */
export function tickDecimals(ticks: readonly Tick[]): number {
  const step = ticks.length > 1 ? ticks[1]!.value - ticks[0]!.value : 1;
  return step >= 1 ? 0 : Math.min(4, Math.ceil(-Math.log10(step) - 1e-9));
}

/** A number beside an axis: centred below the x axis, ending left of the y axis. */
export interface AxisLabel {
  readonly side: 'x' | 'y';
  readonly written: string;
  readonly x: number;
  readonly y: number;
}

/** Where the numbers of both axes stand. */
export function axisLabels(
  view: View,
  frame: Frame,
  marks: { readonly x: AxisMarks; readonly y: AxisMarks },
): AxisLabel[] {
  const { x, y } = marks;
  return [
    ...x.ticks.map(({ at, value }) => ({
      ...{ side: 'x' as const, written: x.write(value) },
      ...{ x: Math.round(xToPixel(view, frame, at)) + 0.5, y: frame.bottom + 12 },
    })),
    ...y.ticks.map(({ at, value }) => ({
      ...{ side: 'y' as const, written: y.write(value) },
      ...{ x: frame.left - 8, y: Math.round(yToPixel(view, frame, at)) + 0.5 },
    })),
  ];
}

export function paintGrid(
  context: Pen,
  view: View,
  frame: Frame,
  palette: Palette,
  marks: { readonly x: AxisMarks; readonly y: AxisMarks },
): void {
  context.font = `${caption}px ${palette.figureFont}`;
  context.lineWidth = 1;
  context.strokeStyle = palette.grid;
  context.fillStyle = palette.text3;
  context.textBaseline = 'middle';
  context.beginPath();
  for (const { side, written, x, y } of axisLabels(view, frame, marks)) {
    context.textAlign = side === 'x' ? 'center' : 'right';
    context.moveTo(side === 'x' ? x : frame.left, side === 'x' ? frame.top : y);
    context.lineTo(side === 'x' ? x : frame.right, side === 'x' ? frame.bottom : y);
    context.fillText(written, x, y);
  }
  context.stroke();
}

/** The axes themselves and what they mean, drawn last, over the points. */
export function paintAxes(
  context: Pen,
  frame: Frame,
  palette: Palette,
  titles: { readonly x: string; readonly y: string },
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
  const room = frame.right - frame.left;
  context.fillStyle = palette.text3;
  // Above the plot: over it, it would lie on points.
  context.fillText(clipped(context, titles.y, room), frame.left, frame.top - 10);
  context.textAlign = 'right';
  context.fillText(clipped(context, titles.x, room), frame.right, frame.bottom + 28);
}

/** As many clauses as there is room for: a sentence cut in mid-word looks like a mistake. */
function clipped(context: Pen, written: string, room: number): string {
  const clauses = written.split(', ');
  for (let n = clauses.length; n > 1; n--) {
    const shown = n === clauses.length ? written : `${clauses.slice(0, n).join(', ')}, …`;
    if (context.measureText(shown).width <= room) return shown;
  }
  return clauses[0] ?? '';
}

export function haloed(
  context: Pen,
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

export function circle(context: Pen, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}
