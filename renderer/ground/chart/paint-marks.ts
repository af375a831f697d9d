/** The layer on top: the selected and the hovered candidate. Cheap, for it follows the pointer. */
import type { Frame } from './axis.ts';
import type { Pen } from '../figure/pen.ts';
import type { Palette } from './palette.ts';
import { circle, type AxisLabel } from './paint-axes.ts';

export interface MarkPosition {
  readonly x: number;
  readonly y: number;
}

/** Values of a candidate as they stand on the axes. */
export interface SelectionTags {
  readonly x: string;
  readonly y: string;
}

export interface PlotRectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Gold ring, dotted lines to both axes, and the two values on the axes.
 * @param labels numbers of the axes, which make room: half hidden they could be read as others
 */
export function paintSelection(
  context: Pen,
  mark: MarkPosition,
  tags: SelectionTags,
  frame: Frame,
  palette: Palette,
  labels: readonly AxisLabel[] = [],
): void {
  const { x, y } = mark;
  const inX = x >= frame.left && x <= frame.right;
  const inY = y >= frame.top && y <= frame.bottom;
  context.strokeStyle = palette.selection;
  context.lineWidth = 1;
  context.setLineDash([2, 3]);
  context.beginPath();
  if (inY) {
    context.moveTo(frame.left, Math.round(y) + 0.5);
    context.lineTo(Math.min(x, frame.right), Math.round(y) + 0.5);
  }
  if (inX) {
    context.moveTo(Math.round(x) + 0.5, Math.max(y, frame.top));
    context.lineTo(Math.round(x) + 0.5, frame.bottom);
  }
  context.stroke();
  context.setLineDash([]);
  if (inX && inY) {
    ring(context, mark, palette.surface, 4);
    ring(context, mark, palette.selection, 2.5);
  }
  context.font = `600 11px ${palette.figureFont}`;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  const on = (side: AxisLabel['side']) => labels.filter((label) => label.side === side);
  if (inX) tag(context, tags.x, x, frame.bottom + 12, 'center', palette, on('x'));
  if (inY) tag(context, tags.y, frame.left - 3, y, 'right', palette, on('y'));
}

function ring(context: Pen, { x, y }: MarkPosition, colour: string, width: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  circle(context, x, y, 8.5);
  context.stroke();
}

function tag(
  context: Pen,
  written: string,
  x: number,
  y: number,
  anchor: 'center' | 'right',
  palette: Palette,
  labels: readonly AxisLabel[],
): void {
  const width = context.measureText(written).width + 10;
  const left = anchor === 'center' ? x - width / 2 : x - width;
  context.fillStyle = palette.surface;
  for (const label of labels) {
    const wide = context.measureText(label.written).width + 2;
    const from = label.side === 'x' ? label.x - wide / 2 : label.x - wide + 1;
    const apart = from > left + width || from + wide < left || Math.abs(label.y - y) > 15;
    if (!apart) context.fillRect(from, label.y - 7, wide, 14);
  }
  context.fillStyle = palette.selection;
  context.beginPath();
  context.roundRect(left, y - 8, width, 16, 2);
  context.fill();
  context.fillStyle = palette.onSelection;
  context.fillText(written, left + width / 2, y + 0.5);
}

export function paintHover(context: Pen, { x, y }: MarkPosition, palette: Palette): void {
  context.strokeStyle = palette.surface;
  context.lineWidth = 3;
  circle(context, x, y, 7);
  context.stroke();
  context.strokeStyle = palette.text2;
  context.lineWidth = 1.5;
  circle(context, x, y, 7);
  context.stroke();
}

/** The rectangle that is being drawn, or the filter where both axes have a range. */
export function paintBrush(context: Pen, brush: PlotRectangle, palette: Palette): void {
  const { left, top, right, bottom } = brush;
  context.globalAlpha = 0.07;
  context.fillStyle = palette.accent;
  context.fillRect(left, top, right - left, bottom - top);
  context.globalAlpha = 1;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1;
  context.strokeRect(
    Math.round(left) + 0.5,
    Math.round(top) + 0.5,
    Math.round(right - left),
    Math.round(bottom - top),
  );
}
