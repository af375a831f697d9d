/** The picture of several fronts: a grid, the crowd of all candidates, a line and a shape for each run. */
import { xToPixel, yToPixel, type Frame, type View } from '../../ground/chart/axis.ts';
import { addShape, categoryShapes, shapePath } from '../../ground/chart/mark-shapes.ts';
import { paintAxes, paintGrid, type AxisMarks } from '../../ground/chart/paint-axes.ts';
import { paintHover, type MarkPosition } from '../../ground/chart/paint-marks.ts';
import type { Palette } from '../../ground/chart/palette.ts';
import {
  legendLine,
  legendLines,
  paintLegend,
  type LegendEntry,
} from '../../ground/figure/legend.ts';
import type { Figure } from '../../ground/figure/marks.ts';
import type { Pen } from '../../ground/figure/pen.ts';
import type { SheetOf } from '../../ground/figure/sheet.ts';
import type { Surface } from '../../ground/chart/surface.ts';
import { PointLayer } from '../scatter/paint-points.ts';
import { pointRadius } from '../scatter/point-styles.ts';
import { Points } from '../scatter/points.ts';
import { categoryStamps, type Stamps } from '../scatter/stamps.ts';
import type { CrowdPoints } from './crowd.ts';

/** In axis coordinates. */
export interface FrontMark {
  readonly x: number;
  readonly y: number;
  readonly beaten: boolean;
}

export interface FrontsState {
  readonly view: View;
  /** Null where the candidates that are on no front are not shown. */
  readonly crowd: CrowdPoints | null;
  /** By the place of the run, cheapest first; null where its front is not shown. */
  readonly fronts: readonly (readonly FrontMark[] | null)[];
  readonly marks: (view: View, width: number, height: number) => { x: AxisMarks; y: AxisMarks };
  readonly titles: { readonly x: string; readonly y: string };
}

export interface FrontsPicture {
  readonly state: FrontsState;
  /** In axis coordinates. */
  readonly hovered: { readonly x: number; readonly y: number } | null;
}

export const frontsMargin = { left: 56, top: 22, right: 16, bottom: 38 };

/** From below. */
const layers = { grid: 0, crowd: 1, fronts: 2, marks: 3 } as const;
export const frontsLayers = 4;

export class FrontsPainter {
  readonly points = new Points();
  #layer: PointLayer | null = null;
  #stamps: Stamps | null = null;
  #shown: FrontsState | null = null;

  /** For `CanvasPlot`. */
  readonly paint = (surface: Surface, { state, hovered }: FrontsPicture, fresh: boolean): void => {
    if (fresh) this.#layer = this.#stamps = null;
    if (fresh || state !== this.#shown) {
      this.#paintGrid(surface, state);
      this.#paintCrowd(surface, state);
      this.#paintFronts(surface, state);
    }
    this.#shown = state;
    const context = surface.cleared(layers.marks);
    if (!context || !hovered) return;
    const at = placeOf(state.view, surface.frame, hovered);
    if (isInside(surface.frame, at)) paintHover(context, at, surface.palette);
  };

  #paintGrid(surface: Surface, { view, marks }: FrontsState): void {
    const { frame, palette } = surface;
    const context = surface.cleared(layers.grid);
    const written = marks(view, frame.right - frame.left, frame.bottom - frame.top);
    if (context) paintGrid(context, view, frame, palette, written);
  }

  #paintCrowd(surface: Surface, { crowd, view }: FrontsState): void {
    const { scale, frame, palette, pixels } = surface;
    if (crowd === null) {
      surface.cleared(layers.crowd);
      this.#layer = null;
      this.points.length = 0;
      return;
    }
    this.points.place(crowd, view, frame);
    this.#stamps ??= categoryStamps(palette, scale);
    this.#layer ??= new PointLayer(pixels.width, pixels.height, scale);
    this.#layer.paint(this.points, { stamps: this.#stamps, styles: crowd.styles, frame });
    const context = surface.layer(layers.crowd);
    if (context) this.#layer.put(context);
  }

  #paintFronts(surface: Surface, state: FrontsState): void {
    const { frame, palette } = surface;
    const context = surface.cleared(layers.fronts);
    if (!context) return;
    paintFronts(context, state, frame, palette);
    paintAxes(context, frame, palette, state.titles);
  }
}

/**
 * As a file has it, with the names of the runs above.
 * @param names by the place of the run; only those whose front is shown are named
 */
export function frontsFigure(
  state: FrontsState,
  names: readonly string[],
  sheetOf: SheetOf,
): Figure {
  const narrow = sheetOf(frontsMargin);
  const entries = state.fronts.flatMap((front, side): LegendEntry[] =>
    front === null
      ? []
      : [
          {
            ...{ kind: 'mark', label: names[side] ?? '', shape: categoryShapes[side]! },
            colour: narrow.palette.categories[side]!,
          },
        ],
  );
  const room = narrow.frame.right - narrow.frame.left;
  const lines = legendLines(narrow.pen, entries, room, narrow.palette);
  const sheet = sheetOf({ ...frontsMargin, top: frontsMargin.top + lines.length * legendLine });
  const { pen, frame, palette } = sheet;
  const written = state.marks(state.view, frame.right - frame.left, frame.bottom - frame.top);
  paintGrid(pen, state.view, frame, palette, written);
  if (state.crowd !== null) drawCrowd(pen, state.crowd, state.view, frame, palette);
  paintFronts(pen, state, frame, palette);
  paintAxes(pen, frame, palette, state.titles);
  paintLegend(pen, lines, frame.left, 4, palette);
  return sheet.figure(`${state.titles.y}. ${state.titles.x}`);
}

/** The candidates of a run as one outline: a crowd does not add up to a dark cloud. */
function drawCrowd(pen: Pen, crowd: CrowdPoints, view: View, frame: Frame, palette: Palette): void {
  const points = new Points();
  points.place(crowd, view, frame);
  pen.globalAlpha = 0.28;
  palette.categories.forEach((colour, side) => {
    pen.fillStyle = colour;
    pen.beginPath();
    for (let i = 0; i < points.length; i++) {
      const at = points.at(i);
      if (crowd.styles[i] !== side || at === null || !isInside(frame, at)) continue;
      addShape(pen, 'circle', at.x, at.y, pointRadius);
    }
    pen.fill();
  });
  pen.globalAlpha = 1;
}

/** Lines first, so that no line crosses a mark. */
function paintFronts(
  context: Pen,
  { fronts, view }: FrontsState,
  frame: Frame,
  palette: Palette,
): void {
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
  context.clip();
  const placed = fronts.map(
    (front) => front?.map((mark) => ({ ...placeOf(view, frame, mark), beaten: mark.beaten })) ?? [],
  );
  placed.forEach((front, side) => {
    context.strokeStyle = palette.categories[side]!;
    paintLine(context, front, frame);
  });
  placed.forEach((front, side) => {
    context.strokeStyle = palette.categories[side]!;
    for (const { x, y, beaten } of front) {
      shapePath(context, categoryShapes[side]!, x, y, 4);
      context.fillStyle = beaten ? palette.surface : palette.categories[side]!;
      context.fill();
      context.stroke();
    }
  });
  context.restore();
}

/** Up to the next one's cost the score stays that of the one before. */
function paintLine(context: Pen, front: readonly MarkPosition[], frame: Frame): void {
  const [first, ...rest] = front;
  if (!first) return;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(first.x, frame.bottom);
  context.lineTo(first.x, first.y);
  let before = first;
  for (const mark of rest) {
    context.lineTo(mark.x, before.y);
    context.lineTo(mark.x, mark.y);
    before = mark;
  }
  context.lineTo(Math.max(frame.right, before.x), before.y);
  context.stroke();
}

function placeOf(view: View, frame: Frame, { x, y }: MarkPosition): MarkPosition {
  return { x: xToPixel(view, frame, x), y: yToPixel(view, frame, y) };
}

function isInside(frame: Frame, { x, y }: MarkPosition): boolean {
  return x >= frame.left && x <= frame.right && y >= frame.top && y <= frame.bottom;
}
