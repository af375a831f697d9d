/**
 * The scatter of a search: points in a layer of their own, the front and its marks above them, and on a
 * second canvas what follows the pointer.
 */
import type { View } from '../axis.ts';
import { paintAxes, paintGrid, type AxisMarks } from './paint-axes.ts';
import {
  paintBeyondCap,
  paintFrontLine,
  paintFrontMembers,
  paintGhost,
  paintNamed,
  type CostSide,
} from './paint-front.ts';
import {
  paintBrush,
  paintHover,
  paintSelection,
  type Mark,
  type Rectangle,
  type SelectionTags,
} from './paint-marks.ts';
import { PointLayer, stampsOf, type Stamps } from './paint-points.ts';
import type { Colouring } from './point-styles.ts';
import { Points, type PointInput } from './points.ts';
import type { Surface } from './surface.ts';

export interface ChartState extends PointInput {
  readonly view: View;
  readonly hasPoints: boolean;
  /** From `pointStyles`. */
  readonly styles: Uint8Array;
  readonly colouredBy: Colouring['by'];
  readonly front: Uint32Array;
  /** One style a member of the front. */
  readonly frontStyles: Uint8Array;
  readonly onFront: ReadonlySet<number>;
  readonly costSide: CostSide;
  /** 0 for those outside the filter; null where there is none. */
  readonly mask: Uint8Array | null;
  readonly ghost: { readonly front: Uint32Array; readonly label: string } | null;
  /** Members of the front with a name of their own. */
  readonly named: readonly {
    readonly index: number;
    readonly label: string;
    readonly diamond: boolean;
  }[];
  /** In axis coordinates of the cost's axis; null where there is none. */
  readonly cap: number | null;
  readonly marks: (view: View, width: number, height: number) => { x: AxisMarks; y: AxisMarks };
  readonly titles: { readonly x: string; readonly y: string };
}

export interface MarkState {
  readonly selected: { readonly index: number; readonly tags: SelectionTags } | null;
  readonly hovered: number | null;
  /** Being drawn now, in pixels. */
  readonly brush: Rectangle | null;
}

export interface ScatterPicture {
  readonly chart: ChartState;
  readonly marks: MarkState;
}

export const scatterMargin = { left: 48, top: 8, right: 16, bottom: 38 };

export class Scatter {
  readonly points = new Points();
  #layer: { of: PointLayer; width: number; height: number } | null = null;
  #stamps: { of: Stamps; by: Colouring['by'] } | null = null;
  readonly #buffer = document.createElement('canvas');
  #shown: ChartState | null = null;

  /** For `CanvasPlot`: two layers, the second one cheap because it follows the pointer. */
  readonly paint = (surface: Surface, { chart, marks }: ScatterPicture, fresh: boolean): void => {
    if (fresh) this.#stamps = this.#layer = null;
    if (fresh || chart !== this.#shown) this.#paintChart(surface, chart);
    this.#shown = chart;
    this.#paintMarks(surface, marks);
  };

  /** Where a candidate stands, if it stands anywhere. */
  place(index: number): Mark | null {
    const x = this.points.x[index];
    const y = this.points.y[index];
    if (index >= this.points.length || x === undefined || y === undefined) return null;
    return Number.isNaN(x) || Number.isNaN(y) ? null : { x, y };
  }

  #paintChart(surface: Surface, state: ChartState): void {
    const { frame, palette } = surface;
    this.points.place(state, state.view, frame);
    const context = surface.cleared(0);
    if (!context) return;
    const width = frame.right - frame.left;
    const height = frame.bottom - frame.top;
    // An axis without a single point would be numbers that mean nothing.
    if (state.hasPoints) {
      paintGrid(context, state.view, frame, palette, state.marks(state.view, width, height));
    }
    context.save();
    context.beginPath();
    context.rect(frame.left, frame.top, width, height);
    context.clip();
    const { front, costSide, mask } = state;
    this.#paintPoints(context, surface, state);
    if (state.ghost && costSide) {
      const { front: ghost, label } = state.ghost;
      paintGhost(context, this.points, ghost, state.onFront, label, palette);
    }
    paintFrontLine(context, this.points, front, costSide, frame, palette);
    paintFrontMembers(context, this.points, front, state.frontStyles, mask, palette);
    if (costSide && state.cap !== null) {
      paintBeyondCap(context, costSide, this.#pixel(state, costSide, surface), frame, palette);
    }
    for (const { index, label, diamond } of state.named) {
      const place = this.place(index);
      if (place) paintNamed(context, place, label, diamond, frame, palette);
    }
    context.restore();
    paintAxes(context, frame, palette, state.titles);
  }

  #pixel({ view, cap }: ChartState, side: 'x' | 'y', { frame }: Surface): number {
    const span = view[side];
    const share = ((cap ?? 0) - span.from) / (span.to - span.from);
    return side === 'x'
      ? frame.left + share * (frame.right - frame.left)
      : frame.bottom - share * (frame.bottom - frame.top);
  }

  #paintPoints(context: CanvasRenderingContext2D, surface: Surface, state: ChartState): void {
    if (state.length === 0) return;
    const { scale, size } = surface;
    const width = Math.max(1, Math.round(size.width * scale));
    const height = Math.max(1, Math.round(size.height * scale));
    if (this.#layer?.width !== width || this.#layer.height !== height) {
      this.#layer = { of: new PointLayer(width, height, scale), width, height };
      Object.assign(this.#buffer, { width, height });
    }
    if (this.#stamps?.by !== state.colouredBy) {
      const by = state.colouredBy;
      this.#stamps = { of: stampsOf(surface.palette, scale, by), by };
    }
    const buffer = this.#buffer.getContext('2d');
    if (!buffer) return;
    const { styles } = state;
    this.#layer.of.paint(this.points, {
      ...{ stamps: this.#stamps.of, styles, frame: surface.frame },
    });
    this.#layer.of.put(buffer);
    context.drawImage(this.#buffer, 0, 0, size.width, size.height);
  }

  #paintMarks(surface: Surface, { selected, hovered, brush }: MarkState): void {
    const context = surface.cleared(1);
    if (!context) return;
    const { frame, palette } = surface;
    if (brush) paintBrush(context, brush, palette);
    const over = hovered === null ? null : this.place(hovered);
    if (over && hovered !== selected?.index) paintHover(context, over, palette);
    const mark = selected && this.place(selected.index);
    if (mark) paintSelection(context, mark, selected.tags, frame, palette);
  }
}
