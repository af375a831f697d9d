/** Score against accuracy: all points, then the marks that follow the pointer. */
import { linearTicks } from '../../main/common/ticks.ts';
import { spanOf, xToPixel, yToPixel, type Frame, type View } from '../ground/chart/axis.ts';
import { fixed } from '../ground/words/format.ts';
import { axisLabels, circle, evenly, paintAxes, paintGrid } from '../ground/chart/paint-axes.ts';
import { paintHover, paintSelection, type MarkPosition } from '../ground/chart/paint-marks.ts';
import type { Palette } from '../ground/chart/palette.ts';
import type { Surface } from '../ground/chart/surface.ts';
import type { Figure } from '../ground/figure/marks.ts';
import type { Pen } from '../ground/figure/pen.ts';
import type { SheetOf } from '../ground/figure/sheet.ts';
import { scoreName } from '../ground/words/score-name.ts';
import type { BenchmarksStore } from './benchmarks.svelte.ts';
import { benchmarksText } from './text.ts';

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

/** @param columnTitle of the accuracies that are shown */
export function accuracyState(
  {
    ranked,
    beta,
    capped,
    column,
    selected,
    hovered,
  }: Pick<BenchmarksStore, 'ranked' | 'beta' | 'capped' | 'column' | 'selected' | 'hovered'>,
  columnTitle: string,
): AccuracyState {
  const index = (genotype: string | null): number | null => {
    const at = ranked.findIndex(({ network }) => network.genotype === genotype);
    return at < 0 ? null : at;
  };
  return {
    points: ranked.map(({ network, score }) => ({ score, accuracy: network.accuracies[column]! })),
    titles: {
      x: benchmarksText.score(scoreName(beta, capped), fixed(beta, 2)),
      y: benchmarksText.accuracyOf(columnTitle),
    },
    selected: index(selected),
    hovered: index(hovered),
  };
}

export const accuracyMargin = { left: 44, top: 22, right: 16, bottom: 38 };
const radius = 3.5;

/** Paints the chart and returns where each point is. */
export function paintAccuracies(surface: Surface, state: AccuracyState): MarkPosition[] {
  const { points, selected, hovered } = state;
  const { frame } = surface;
  const places = placesOf(points, viewOf(points), frame);
  const context = surface.cleared(0);
  if (!context) return places;
  const { palette } = surface;
  paintPlot(context, state, frame, palette);
  const over = hovered === null ? undefined : places[hovered];
  if (over && hovered !== selected) paintHover(context, over, palette);
  const mark = selected === null ? undefined : places[selected];
  if (mark && selected !== null) {
    const { score, accuracy } = points[selected]!;
    const tags = { y: fixed(accuracy, 1), x: fixed(score, 1) };
    const view = viewOf(points);
    const labels = axisLabels(view, frame, marksOf(view, frame));
    paintSelection(context, mark, tags, frame, palette, labels);
  }
  return places;
}

/** As a file has it: without what is pointed at or selected. */
export function accuracyFigure(state: AccuracyState, sheetOf: SheetOf): Figure {
  const sheet = sheetOf(accuracyMargin);
  paintPlot(sheet.pen, state, sheet.frame, sheet.palette);
  return sheet.figure(`${state.titles.y}, ${state.titles.x}`);
}

function placesOf(points: readonly AccuracyPoint[], view: View, frame: Frame): MarkPosition[] {
  return points.map(({ score, accuracy }) => ({
    x: xToPixel(view, frame, score),
    y: yToPixel(view, frame, accuracy),
  }));
}

function paintPlot(
  context: Pen,
  { points, titles }: AccuracyState,
  frame: Frame,
  palette: Palette,
): void {
  const view = viewOf(points);
  if (points.length > 0) paintGrid(context, view, frame, palette, marksOf(view, frame));
  context.fillStyle = palette.generations[20]!;
  // Where many points overlap it gets darker.
  context.globalAlpha = points.length > 300 ? 0.45 : 0.7;
  for (const { x, y } of placesOf(points, view, frame)) {
    circle(context, x, y, radius);
    context.fill();
  }
  context.globalAlpha = 1;
  paintAxes(context, frame, palette, titles);
}

const marksOf = (view: View, frame: Frame) => ({
  x: evenly(linearTicks(view.x, frame.right - frame.left, 56)),
  y: evenly(linearTicks(view.y, frame.bottom - frame.top, 40)),
});

/** Index of the place nearest to a pointer, none farther than `reach` pixels; null where there is none. */
export function nearestPlace(
  places: readonly MarkPosition[],
  pointer: MarkPosition,
  reach: number,
): number | null {
  let best: number | null = null;
  let least = reach * reach;
  for (const [index, place] of places.entries()) {
    const distance = (place.x - pointer.x) ** 2 + (place.y - pointer.y) ** 2;
    if (distance > least) continue;
    least = distance;
    best = index;
  }
  return best;
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
