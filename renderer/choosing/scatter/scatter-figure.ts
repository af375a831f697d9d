/** The scatter as a file has it: the same marks on paper, a legend above, nothing that follows a pointer. */
import { addShape } from '../../ground/chart/mark-shapes.ts';
import type { Frame } from '../../ground/chart/axis.ts';
import { paintGrid } from '../../ground/chart/paint-axes.ts';
import { rampStep, rampSteps, type Palette } from '../../ground/chart/palette.ts';
import { statuses } from '../../ground/chart/statuses.ts';
import {
  legendLine,
  legendLines,
  paintLegend,
  type LegendEntry,
} from '../../ground/figure/legend.ts';
import type { Figure } from '../../ground/figure/marks.ts';
import type { Pen } from '../../ground/figure/pen.ts';
import type { SheetOf } from '../../ground/figure/sheet.ts';
import type { RunSession } from '../../open-run/session.svelte.ts';
import { chartText } from '../text.ts';
import { chartStateOf, colouringOf } from './chart-state.ts';
import { paintFrontLayer } from './front-layer.ts';
import { barEntries, colourEntries, colourTitle, expectedEntry } from './legend-entries.ts';
import {
  fadedStyle,
  noStyle,
  pointLook,
  pointRadius,
  PointStyles,
  styleCount,
} from './point-styles.ts';
import { Points } from './points.ts';
import { scatterMargin } from './scatter.ts';

/** Null while there is nothing to draw. */
export function scatterFigure(session: RunSession, sheetOf: SheetOf): Figure | null {
  const { data, ranking, filter } = session;
  const colouring = colouringOf(session);
  const styles = new PointStyles().of(
    ...([colouring, data.columns.length, ranking.front, filter.mask] as const),
  );
  const state = chartStateOf(session, styles);
  if (state === null || !state.hasPoints) return null;
  const wanted = legendOf(session, sheetOf(scatterMargin).palette);
  const { pen: measuring, frame: narrow, palette } = sheetOf(scatterMargin);
  const lines = legendLines(measuring, wanted, narrow.right - narrow.left, palette);
  const top = scatterMargin.top + lines.length * legendLine;
  const sheet = sheetOf({ ...scatterMargin, top });
  const { pen, frame } = sheet;
  const marks = state.marks(state.view, frame.right - frame.left, frame.bottom - frame.top);
  paintGrid(pen, state.view, frame, palette, marks);
  const points = new Points();
  points.place(state, state.view, frame);
  drawPoints(pen, points, { styles, by: state.colouredBy, frame, palette });
  paintFrontLayer(pen, points, state, frame, palette);
  paintLegend(pen, lines, frame.left, 4, palette);
  return sheet.figure(chartText.figure(state.titles.y, state.titles.x));
}

export function legendOf(session: RunSession, palette: Palette): LegendEntry[] {
  const colouring = colouringOf(session);
  const colours = colourEntries(colouring).map(({ label, colour, shape }): LegendEntry => {
    const mark = { kind: 'mark', label, shape } as const;
    if ('status' in colour) return { ...mark, colour: palette.status[colour.status] };
    return { ...mark, colour: palette.generations[rampStep(colour.at, colour.last)]! };
  });
  const title: LegendEntry[] =
    colouring.by === 'gene' ? [{ kind: 'words', label: colourTitle(session) }] : [];
  const ramp: LegendEntry[] =
    colouring.by === 'generation' && colouring.last > 0
      ? [
          {
            kind: 'ramp',
            from: `${session.periods.title} ${session.periods.of(0)}`,
            to: session.periods.of(colouring.last),
            colours: palette.generations,
          },
        ]
      : [];
  const bars = barEntries(session).map((bar): LegendEntry => ({ kind: 'bar', ...bar }));
  const expected = expectedEntry(session);
  const lines: LegendEntry[] = expected === null ? [] : [{ kind: 'expected', label: expected }];
  return [...title, ...colours, ...ramp, ...lines, ...bars];
}

/**
 * Points below the front, those of a style as one outline, from the least to the most opaque: a crowd of old points
 * does not add up to a dark cloud, as on the screen.
 */
function drawPoints(
  pen: Pen,
  points: Points,
  {
    styles,
    by,
    frame,
    palette,
  }: {
    readonly styles: Uint8Array;
    readonly by: Parameters<typeof pointLook>[1];
    readonly frame: Frame;
    readonly palette: Palette;
  },
): void {
  const { left, right, top, bottom } = frame;
  const members = Array.from({ length: styleCount }, (): number[] => []);
  for (let i = 0; i < points.length; i++) {
    const [x, y, style] = [points.x[i]!, points.y[i]!, styles[i]!];
    if (style === noStyle || !(x >= left && x <= right && y >= top && y <= bottom)) continue;
    members[style]!.push(i);
  }
  pen.save();
  pen.beginPath();
  pen.rect(left, top, right - left, bottom - top);
  pen.clip();
  const order = members
    .map((_, style) => style)
    .sort((a, b) => pointLook(a, by).opacity - pointLook(b, by).opacity);
  for (const style of order) {
    const { opacity, shape } = pointLook(style, by);
    pen.globalAlpha = opacity;
    pen.fillStyle = colourOf(style, palette);
    pen.beginPath();
    for (const i of members[style]!) addShape(pen, shape, points.x[i]!, points.y[i]!, pointRadius);
    pen.fill();
  }
  pen.restore();
}

function colourOf(style: number, palette: Palette): string {
  if (style === fadedStyle) return palette.ghost;
  const status = statuses[style - rampSteps];
  return status ? palette.status[status] : palette.generations[style]!;
}
