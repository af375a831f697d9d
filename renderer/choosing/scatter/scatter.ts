/**
 * The scatter of a search on canvases of its own for the grid, the points, the front with its marks, and what
 * follows the pointer. Each is painted only when what it shows has changed: most candidates that arrive just
 * add a few points.
 */
import { axisLabels, paintGrid, type AxisLabel } from '../../ground/chart/paint-axes.ts';
import { expectedPlaces, paintFrontLayer } from './front-layer.ts';
import {
  paintBrush,
  paintHover,
  paintSelection,
  type MarkPosition,
  type PlotRectangle,
  type SelectionTags,
} from '../../ground/chart/paint-marks.ts';
import { PointLayer } from './paint-points.ts';
import type { Colouring } from './point-styles.ts';
import { Points } from './points.ts';
import { stampsOf, type Stamps } from './stamps.ts';
import type { ChartState, ExpectedMark } from './scatter-state.ts';
import type { Surface } from '../../ground/chart/surface.ts';

export interface MarkState {
  readonly selected: { readonly index: number; readonly tags: SelectionTags } | null;
  readonly hovered: number | null;
  /** Being drawn now, in pixels. */
  readonly brush: PlotRectangle | null;
}

export interface ScatterPicture {
  readonly chart: ChartState;
  readonly marks: MarkState;
}

/** As `Scatter.predicted`. @param candidate where the nearest one is; null where none is near */
export function predictedAt(
  { x, y }: MarkPosition,
  radius: number,
  marks: readonly ExpectedMark[],
  candidate: MarkPosition | null,
): string | null {
  const distanceTo = (mark: MarkPosition): number => Math.hypot(mark.x - x, mark.y - y);
  let [best, least] = [null as string | null, radius];
  for (const mark of marks) {
    if (mark.scored || distanceTo(mark) > least) continue;
    [best, least] = [mark.genotype, distanceTo(mark)];
  }
  return candidate !== null && distanceTo(candidate) <= least ? null : best;
}

export const scatterMargin = { left: 48, top: 22, right: 16, bottom: 38 };

/** From below. */
const layers = { grid: 0, points: 1, front: 2, marks: 3 } as const;
export const scatterLayers = 4;

export class Scatter {
  readonly points = new Points();
  #layer: PointLayer | null = null;
  #stamps: { of: Stamps; by: Colouring['by'] } | null = null;
  #shown: ChartState | null = null;
  /** Where the front stands that a model expects, in pixels. */
  #expected: readonly ExpectedMark[] = [];
  /** What the rarely changing layers show, as text to compare. */
  #grid = '';
  #front = '';

  /** For `CanvasPlot`. */
  readonly paint = (surface: Surface, { chart, marks }: ScatterPicture, fresh: boolean): void => {
    if (fresh) {
      this.#stamps = this.#layer = null;
      this.#grid = this.#front = '';
    }
    if (fresh || chart !== this.#shown) this.#paintChart(surface, chart);
    this.#shown = chart;
    this.#paintMarks(surface, marks);
  };

  /** Where a candidate is, if it has a place. */
  place(index: number): MarkPosition | null {
    return this.points.at(index);
  }

  /** The hollow mark nearest to a place, if it is near, and nearer than every candidate: of which network it is. */
  predicted({ x, y }: MarkPosition, radius: number): string | null {
    const candidate = this.place(this.points.nearest(x, y, radius));
    return predictedAt({ x, y }, radius, this.#expected, candidate);
  }

  #paintChart(surface: Surface, state: ChartState): void {
    const { frame } = surface;
    this.points.place(state, state.view, frame);
    this.#paintGrid(surface, state);
    this.#paintPoints(surface, state);
    const front = this.#frontAsText(surface, state);
    if (front !== this.#front) this.#paintFront(surface, state);
    this.#front = front;
  }

  #paintGrid(surface: Surface, { view, hasPoints, marks }: ChartState): void {
    const { frame, palette } = surface;
    const { x, y } = marks(view, frame.right - frame.left, frame.bottom - frame.top);
    const written = [x, y].map(({ ticks, write }) =>
      ticks.map(({ at, value }) => [at, write(value)]),
    );
    const grid = JSON.stringify([view, frame, hasPoints, written]);
    if (grid === this.#grid) return;
    this.#grid = grid;
    const context = surface.cleared(layers.grid);
    // An axis without a single point would be numbers that mean nothing.
    this.#labels = hasPoints ? axisLabels(view, frame, { x, y }) : [];
    if (context && hasPoints) paintGrid(context, view, frame, palette, { x, y });
  }

  /** What the grid wrote beside the axes. */
  #labels: readonly AxisLabel[] = [];

  #paintPoints(surface: Surface, state: ChartState): void {
    if (state.length === 0) return;
    const { scale, frame, palette, pixels } = surface;
    const { styles, colouredBy: by } = state;
    if (this.#stamps?.by !== by) this.#stamps = { of: stampsOf(palette, scale, by), by };
    this.#layer ??= new PointLayer(pixels.width, pixels.height, scale);
    this.#layer.paint(this.points, { stamps: this.#stamps.of, styles, frame });
    const context = surface.layer(layers.points);
    if (context) this.#layer.put(context);
  }

  /** All that the layer of the front follows from. */
  #frontAsText({ frame }: Surface, state: ChartState): string {
    const { front, frontStyles, mask, costSide, ghost, named, cap, titles, view, expected, bars } =
      state;
    const places = (of: Uint32Array) => Array.from(of, (i) => [this.points.x[i], this.points.y[i]]);
    const members = [places(front), [...frontStyles], Array.from(front, (i) => mask?.[i] ?? 1)];
    const before = ghost && [ghost.label, [...ghost.front], places(ghost.front)];
    const ofCap = [cap, costSide, cap !== null && costSide && view[costSide]];
    const ofModel = expected && [expected, view];
    const ofBars = bars && [bars, view, bars.bars.map(({ index }) => this.place(index))];
    const all = [frame, [...front], members, before, named, ofCap, titles, ofModel, ofBars];
    return JSON.stringify(all);
  }

  #paintFront(surface: Surface, state: ChartState): void {
    const context = surface.cleared(layers.front);
    if (!context) return;
    this.#expected = expectedPlaces(state, surface.frame);
    paintFrontLayer(context, this.points, state, surface.frame, surface.palette);
  }

  #paintMarks(surface: Surface, { selected, hovered, brush }: MarkState): void {
    const context = surface.cleared(layers.marks);
    if (!context) return;
    const { frame, palette } = surface;
    if (brush) paintBrush(context, brush, palette);
    const over = hovered === null ? null : this.place(hovered);
    if (over && hovered !== selected?.index) paintHover(context, over, palette);
    const mark = selected && this.place(selected.index);
    if (mark) paintSelection(context, mark, selected.tags, frame, palette, this.#labels);
  }
}
