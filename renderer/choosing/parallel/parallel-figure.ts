/** Parallel coordinates as a file has them: the same lines, with the axes' names, ends and ranges. */
import { caption } from '../../ground/chart/paint-axes.ts';
import type { Figure } from '../../ground/figure/marks.ts';
import type { Pen } from '../../ground/figure/pen.ts';
import { legendLine, legendLines, paintLegend } from '../../ground/figure/legend.ts';
import type { SheetOf } from '../../ground/figure/sheet.ts';
import { writeValue } from '../../open-run/measures/measures.ts';
import { measuresText } from '../../open-run/measures/text.ts';
import type { RunSession } from '../../open-run/session.svelte.ts';
import { colouringOf } from '../scatter/chart-state.ts';
import { legendOf } from '../scatter/scatter-figure.ts';
import { styleOf } from '../scatter/point-styles.ts';
import { chartText } from '../text.ts';
import { parallelAxes, shareOf, type ParallelAxis } from './axes.ts';
import { leastSpacing, parallelMargin, strokeLines, type Lines } from './painter.ts';

/** Null while there is nothing to draw. */
export function parallelFigure(session: RunSession, sheetOf: SheetOf): Figure | null {
  const { table } = session;
  const axes = shownAxes(session);
  if (axes.length === 0 || table.listed.length + table.leftOut.length === 0) return null;
  const least = axes.length * leastSpacing;
  const narrow = sheetOf(parallelMargin, least);
  const width = narrow.frame.right - narrow.frame.left;
  const { palette } = narrow;
  const wanted = legendOf(session, palette).filter(({ kind }) => kind !== 'bar');
  const legend = legendLines(narrow.pen, wanted, width - 16, palette);
  const top = parallelMargin.top + legend.length * legendLine;
  const { pen, frame, figure } = sheetOf({ ...parallelMargin, top }, least);
  const spacing = width / axes.length;
  const positions = axes.map((_, a) => (a + 0.5) * spacing);
  strokeLines(pen, frame, palette, linesOf(session, axes, positions));
  axes.forEach((axis, a) => {
    const x = positions[a]!;
    const range = session.filter.range(axis.measure.key);
    if (range) {
      const at = (value: number): number =>
        frame.bottom - Math.max(0, Math.min(1, shareOf(axis, value))) * (frame.bottom - frame.top);
      // An end of the range may be open, and the axis upside down.
      const ends = [at(Math.min(axis.high, range.to)), at(Math.max(axis.low, range.from))];
      const [upper, lower] = [Math.min(...ends), Math.max(...ends)];
      pen.strokeStyle = palette.accent;
      pen.strokeRect(x - 5, upper, 10, Math.max(2, lower - upper));
    }
    pen.font = `${caption}px ${palette.uiFont}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillStyle = palette.text2;
    pen.fillText(titleIn(pen, axis, spacing - 4), x, top - 26);
    pen.font = `${caption}px ${palette.figureFont}`;
    pen.fillStyle = palette.text3;
    const [above, below] = axis.inverted ? [axis.low, axis.high] : [axis.high, axis.low];
    pen.fillText(writeValue(axis.measure, above), x, top - 10);
    pen.fillText(writeValue(axis.measure, below), x, frame.bottom + 11);
  });
  paintLegend(pen, legend, 8, 0, palette);
  return figure(chartText.parallel.figure(axes.map(({ measure }) => measure.title)));
}

/** In the order in which a person put them, without those that were taken away. */
export function shownAxes({ measures, data, arrangement }: RunSession): ParallelAxis[] {
  const list = arrangement.axes;
  const all = parallelAxes(measures.all, data.columns.length, (key) => list.isMarked(key));
  const keyed = all.map((axis) => ({ key: axis.measure.key, axis }));
  return list.of(keyed).map(({ axis }) => axis);
}

/** What the lines are of, in the order in which they lie above each other. */
export function linesOf(
  session: RunSession,
  axes: readonly ParallelAxis[],
  positions: readonly number[],
): Lines {
  const colouring = colouringOf(session);
  const style = styleOf(colouring);
  const { listed, leftOut: faded } = session.table;
  // What stands out is drawn on top: later statuses, and of everything else what came last.
  const ordered =
    colouring.by === 'status' ? [...listed].sort((a, b) => style(a) - style(b)) : listed;
  return { axes, positions, listed: ordered, faded, style };
}

function titleIn(pen: Pen, { measure }: ParallelAxis, room: number): string {
  const { title, unit } = measure;
  const wanted = [
    measuresText.withUnit(title, unit),
    title,
    measuresText.shortNames[title] ?? title,
  ];
  const fits = wanted.find((text) => pen.measureText(text).width <= room);
  if (fits !== undefined) return fits;
  const short = wanted.at(-1)!;
  let length = short.length;
  while (length > 1 && pen.measureText(`${short.slice(0, length)}…`).width > room) length--;
  return `${short.slice(0, length)}…`;
}
