/** Score against accuracy: a scatter on two layers, the points and the marks that follow the pointer. */
import { linearTicks, spanOf, xToPixel, yToPixel, type Frame, type View } from '../axis.ts';
import { fixed } from '../format.ts';
import { circle, haloed, tickDecimals } from './paint-front.ts';
import { paintHover, paintSelection, type Mark } from './paint-marks.ts';
import { readPalette, type Palette } from './palette.ts';

export interface AccuracyPoint {
  readonly score: number;
  /** In %. */
  readonly accuracy: number;
}

export interface AccuracyState {
  readonly points: readonly AccuracyPoint[];
  readonly titles: { readonly x: string; readonly y: string };
  /** Indices. */
  readonly selected: number | null;
  readonly hovered: number | null;
}

const margin = { left: 44, top: 8, right: 16, bottom: 38 };
const radius = 3.5;

export class AccuracyChart {
  readonly #host: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  #palette: Palette | null = null;
  #places: Mark[] = [];
  #width = 0;
  #height = 0;
  #scale = 1;

  constructor(host: HTMLElement, canvas: HTMLCanvasElement) {
    this.#host = host;
    this.#canvas = canvas;
  }

  get size(): { readonly width: number; readonly height: number } {
    return { width: this.#width, height: this.#height };
  }

  resize(width: number, height: number, scale: number): void {
    Object.assign(this.#canvas, {
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
    });
    this.#width = width;
    this.#height = height;
    this.#scale = scale;
  }

  /** The theme changed. */
  recolour(): void {
    this.#palette = null;
  }

  paint({ points, titles, selected, hovered }: AccuracyState): void {
    const { frame } = this;
    const view = viewOf(points);
    this.#places = points.map(({ score, accuracy }) => ({
      x: xToPixel(view, frame, score),
      y: yToPixel(view, frame, accuracy),
    }));
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    const palette = (this.#palette ??= readPalette(this.#host));
    context.setTransform(this.#scale, 0, 0, this.#scale, 0, 0);
    context.clearRect(0, 0, this.#width, this.#height);
    if (points.length > 0) paintGrid(context, view, frame, palette);
    context.fillStyle = palette.generations[20];
    // Where many lie on one another it gets darker.
    context.globalAlpha = points.length > 300 ? 0.45 : 0.7;
    for (const { x, y } of this.#places) {
      circle(context, x, y, radius);
      context.fill();
    }
    context.globalAlpha = 1;
    paintAxes(context, frame, palette, titles);
    const over = hovered === null ? null : this.place(hovered);
    if (over && hovered !== selected) paintHover(context, over, palette);
    const mark = selected === null ? null : this.place(selected);
    if (mark && selected !== null) {
      const { score, accuracy } = points[selected];
      const tags = { score: fixed(accuracy, 1), cost: fixed(score, 1) };
      paintSelection(context, mark, tags, frame, palette);
    }
  }

  place(index: number): Mark | null {
    return this.#places[index] ?? null;
  }

  /** Index of the point nearest to a place, none farther than `reach` pixels; null where there is none. */
  nearest(x: number, y: number, reach: number): number | null {
    let best: number | null = null;
    let least = reach * reach;
    for (const [index, place] of this.#places.entries()) {
      const distance = (place.x - x) ** 2 + (place.y - y) ** 2;
      if (distance > least) continue;
      least = distance;
      best = index;
    }
    return best;
  }

  get frame(): Frame {
    return {
      left: margin.left,
      top: margin.top,
      right: Math.max(margin.left + 1, this.#width - margin.right),
      bottom: Math.max(margin.top + 1, this.#height - margin.bottom),
    };
  }
}

function viewOf(points: readonly AccuracyPoint[]): View {
  const range = (value: (point: AccuracyPoint) => number) => {
    let low = Infinity;
    let high = -Infinity;
    for (const point of points) {
      low = Math.min(low, value(point));
      high = Math.max(high, value(point));
    }
    return low <= high ? spanOf(low, high, 0.04, 1) : { from: 0, to: 1 };
  };
  return { x: range(({ score }) => score), y: range(({ accuracy }) => accuracy) };
}

function paintGrid(
  context: CanvasRenderingContext2D,
  view: View,
  frame: Frame,
  palette: Palette,
): void {
  context.font = `11px ${palette.figureFont}`;
  context.lineWidth = 1;
  context.strokeStyle = palette.grid;
  context.fillStyle = palette.text3;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.beginPath();
  const xTicks = linearTicks(view.x, frame.right - frame.left, 56);
  for (const tick of xTicks) {
    const x = Math.round(xToPixel(view, frame, tick.at)) + 0.5;
    context.moveTo(x, frame.top);
    context.lineTo(x, frame.bottom);
    context.fillText(fixed(tick.value, tickDecimals(xTicks)), x, frame.bottom + 12);
  }
  context.textAlign = 'right';
  const yTicks = linearTicks(view.y, frame.bottom - frame.top, 40);
  for (const tick of yTicks) {
    const y = Math.round(yToPixel(view, frame, tick.at)) + 0.5;
    context.moveTo(frame.left, y);
    context.lineTo(frame.right, y);
    context.fillText(fixed(tick.value, tickDecimals(yTicks)), frame.left - 8, y);
  }
  context.stroke();
}

function paintAxes(
  context: CanvasRenderingContext2D,
  frame: Frame,
  palette: Palette,
  titles: AccuracyState['titles'],
): void {
  context.strokeStyle = palette.axis;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(frame.left + 0.5, frame.top);
  context.lineTo(frame.left + 0.5, frame.bottom + 0.5);
  context.lineTo(frame.right, frame.bottom + 0.5);
  context.stroke();
  context.font = `11px ${palette.uiFont}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  haloed(context, titles.y, frame.left + 8, frame.top + 8, palette.text3, palette.surface);
  context.fillStyle = palette.text3;
  context.textAlign = 'right';
  context.fillText(titles.x, frame.right, frame.bottom + 28);
}
