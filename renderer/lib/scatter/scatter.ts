/**
 * The scatter on three layers: dominated points (offscreen, kept while nothing moves, so that new
 * candidates are added without repainting the old), the chart, and marks that follow the pointer.
 */
import type { Frame, View } from '../axis.ts';
import {
  paintAxes,
  paintFront,
  paintGhost,
  paintGrid,
  paintKnee,
  type AxisTexts,
} from './paint-front.ts';
import { paintHover, paintSelection, type Mark, type SelectionTags } from './paint-marks.ts';
import { PointLayer, stampsOf, type Stamps } from './paint-points.ts';
import { readPalette, type Palette } from './palette.ts';
import { Points, type PointInput } from './points.ts';

export interface ChartState extends PointInput {
  readonly view: View;
  readonly hasPoints: boolean;
  /** Differs whenever scores or costs mean something else: beta, term cap, cost axis. */
  readonly rankedBy: string;
  readonly lastGeneration: number;
  readonly front: Uint32Array;
  readonly onFront: ReadonlySet<number>;
  readonly ghost: { readonly front: Uint32Array; readonly label: string } | null;
  readonly knee: { readonly index: number; readonly label: string } | null;
  readonly texts: AxisTexts;
}

export interface MarkState {
  readonly selected: { readonly index: number; readonly tags: SelectionTags } | null;
  readonly hovered: number | null;
}

const margin = { left: 48, top: 8, right: 16, bottom: 38 };

export class Scatter {
  readonly points = new Points();
  readonly #host: HTMLElement;
  readonly #chart: HTMLCanvasElement;
  readonly #marks: HTMLCanvasElement;
  readonly #canvas = document.createElement('canvas');
  #layer: PointLayer | null = null;
  #palette: Palette | null = null;
  #stamps: Stamps | null = null;
  #scale = 1;
  #width = 0;
  #height = 0;
  /** What the layer of dominated points shows now. */
  #painted: { state: ChartState; length: number } | null = null;

  constructor(host: HTMLElement, chart: HTMLCanvasElement, marks: HTMLCanvasElement) {
    this.#host = host;
    this.#chart = chart;
    this.#marks = marks;
  }

  get frame(): Frame {
    return {
      left: margin.left,
      top: margin.top,
      right: Math.max(margin.left + 1, this.#width - margin.right),
      bottom: Math.max(margin.top + 1, this.#height - margin.bottom),
    };
  }

  get size(): { width: number; height: number } {
    return { width: this.#width, height: this.#height };
  }

  resize(width: number, height: number, scale: number): void {
    this.#width = width;
    this.#height = height;
    this.#scale = scale;
    for (const canvas of [this.#chart, this.#marks, this.#canvas]) {
      canvas.width = Math.max(1, Math.round(width * scale));
      canvas.height = Math.max(1, Math.round(height * scale));
    }
    this.#stamps = null;
    this.#painted = null;
    this.#layer = new PointLayer(this.#canvas.width, this.#canvas.height, scale);
  }

  /** The theme changed. */
  recolour(): void {
    this.#palette = null;
    this.#stamps = null;
    this.#painted = null;
  }

  paintChart(state: ChartState): void {
    const context = this.#context(this.#chart);
    if (!context) return;
    const { frame } = this;
    const palette = this.#colours();
    this.points.place(state, state.view, frame);
    this.#paintLayer(state);
    context.clearRect(0, 0, this.#width, this.#height);
    // An axis without a single point would be numbers that mean nothing.
    if (state.hasPoints) paintGrid(context, state.view, frame, palette, state.texts);
    context.save();
    context.beginPath();
    context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
    context.clip();
    context.drawImage(this.#canvas, 0, 0, this.#width, this.#height);
    if (state.ghost) {
      const { front, label } = state.ghost;
      paintGhost(context, this.points, front, state.onFront, label, palette);
    }
    const { front, generation, lastGeneration } = state;
    paintFront(context, this.points, front, generation, lastGeneration, frame, palette);
    if (state.knee) {
      const { index, label } = state.knee;
      paintKnee(context, this.points.x[index], this.points.y[index], label, palette);
    }
    context.restore();
    paintAxes(context, frame, palette, state.texts);
  }

  paintMarks({ selected, hovered }: MarkState): void {
    const context = this.#context(this.#marks);
    if (!context) return;
    context.clearRect(0, 0, this.#width, this.#height);
    const palette = this.#colours();
    const over = hovered === null ? null : this.place(hovered);
    if (over && hovered !== selected?.index) paintHover(context, over, palette);
    const mark = selected && this.place(selected.index);
    if (mark) paintSelection(context, mark, selected.tags, this.frame, palette);
  }

  /** Where a candidate stands, if it stands anywhere. */
  place(index: number): Mark | null {
    const x = this.points.x[index];
    const y = this.points.y[index];
    if (index >= this.points.length || x === undefined || y === undefined) return null;
    return Number.isNaN(x) || Number.isNaN(y) ? null : { x, y };
  }

  #paintLayer(state: ChartState): void {
    const context = this.#context(this.#canvas);
    const layer = this.#layer;
    if (!context || !layer) return;
    const before = this.#painted;
    const first = before && this.#continues(before.state, state) ? before.length : 0;
    if (first === 0) layer.clear();
    this.#stamps ??= stampsOf(this.#colours(), this.#scale);
    const { generation, lastGeneration, onFront: front } = state;
    const { frame } = this;
    layer.paint(this.#stamps, this.points, generation, { first, lastGeneration, front, frame });
    layer.put(context);
    this.#painted = { state, length: state.length };
  }

  /** True when the layer only lacks the newest points. */
  #continues(before: ChartState, now: ChartState): boolean {
    if (
      before.view !== now.view ||
      before.upTo !== now.upTo ||
      before.lastGeneration !== now.lastGeneration ||
      before.length > now.length ||
      before.rankedBy !== now.rankedBy
    ) {
      return false;
    }
    // Whoever left the front has to appear among the dominated.
    for (const index of before.onFront) if (!now.onFront.has(index)) return false;
    for (const index of now.onFront) {
      if (index < before.length && !before.onFront.has(index)) return false;
    }
    return true;
  }

  #colours(): Palette {
    this.#palette ??= readPalette(this.#host);
    return this.#palette;
  }

  #context(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
    const context = canvas.getContext('2d');
    context?.setTransform(this.#scale, 0, 0, this.#scale, 0, 0);
    return context;
  }
}
