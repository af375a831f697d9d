/** What the colours of a chart mean, in lines above it: in a file nothing can be pointed at. */
import { caption, circle } from '../chart/paint-axes.ts';
import { shapePath, type MarkShape } from '../chart/mark-shapes.ts';
import type { Palette } from '../chart/palette.ts';
import type { Pen } from './pen.ts';

export type LegendEntry =
  | {
      readonly kind: 'mark';
      readonly label: string;
      readonly colour: string;
      readonly shape: MarkShape;
    }
  /** Colours from one end to the other, with what they mean before and behind. */
  | {
      readonly kind: 'ramp';
      readonly from: string;
      readonly to: string;
      readonly colours: readonly string[];
    }
  | { readonly kind: 'bar'; readonly label: string; readonly doubtful: boolean }
  /** A dashed line with hollow marks. */
  | { readonly kind: 'expected'; readonly label: string }
  | { readonly kind: 'words'; readonly label: string };

export const legendLine = 16;
const gap = 12;
const rampWidth = 72;

/** Entries in as many lines as they need. */
export function legendLines(
  pen: Pen,
  entries: readonly LegendEntry[],
  room: number,
  palette: Palette,
): LegendEntry[][] {
  pen.font = `${caption}px ${palette.uiFont}`;
  const lines: LegendEntry[][] = [];
  let used = Infinity;
  for (const entry of entries) {
    const width = widthOf(pen, entry) + gap;
    if (used + width > room + gap) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)!.push(entry);
    used += width;
  }
  return lines;
}

/** @param top of the first line */
export function paintLegend(
  pen: Pen,
  lines: readonly (readonly LegendEntry[])[],
  left: number,
  top: number,
  palette: Palette,
): void {
  lines.forEach((entries, row) => {
    let x = left;
    for (const entry of entries) {
      paintEntry(pen, entry, x, top + (row + 0.5) * legendLine, palette);
      x += widthOf(pen, entry) + gap;
    }
  });
}

function widthOf(pen: Pen, entry: LegendEntry): number {
  const wide = (text: string): number => pen.measureText(text).width;
  switch (entry.kind) {
    case 'mark':
      return 13 + wide(entry.label);
    case 'bar':
      return 24 + wide(entry.label);
    case 'expected':
      return 31 + wide(entry.label);
    case 'ramp':
      return wide(entry.from) + wide(entry.to) + rampWidth + 12;
    case 'words':
      return wide(entry.label);
  }
}

function paintEntry(pen: Pen, entry: LegendEntry, x: number, y: number, palette: Palette): void {
  const say = (text: string, at: number): void => {
    pen.font = `${caption}px ${palette.uiFont}`;
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    pen.fillStyle = palette.text2;
    pen.fillText(text, at, y);
  };
  switch (entry.kind) {
    case 'mark':
      pen.fillStyle = entry.colour;
      shapePath(pen, entry.shape, x + 4, y, 3.5);
      pen.fill();
      say(entry.label, x + 13);
      break;
    case 'bar':
      paintBar(pen, entry.doubtful, x, y, palette);
      say(entry.label, x + 24);
      break;
    case 'expected':
      paintExpectedLine(pen, x, y, palette);
      say(entry.label, x + 31);
      break;
    case 'ramp': {
      say(entry.from, x);
      const begin = x + pen.measureText(entry.from).width + 6;
      const step = rampWidth / entry.colours.length;
      entry.colours.forEach((colour, i) => {
        pen.fillStyle = colour;
        pen.fillRect(begin + i * step, y - 4, step, 8);
      });
      say(entry.to, begin + rampWidth + 6);
      break;
    }
    case 'words':
      say(entry.label, x);
  }
}

function paintExpectedLine(pen: Pen, x: number, y: number, palette: Palette): void {
  pen.strokeStyle = palette.ghost;
  pen.lineWidth = 1.5;
  pen.setLineDash([5, 4]);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + 25, y);
  pen.stroke();
  pen.setLineDash([]);
  pen.lineWidth = 1;
  circle(pen, x + 12.5, y, 2.5);
  pen.fillStyle = palette.surface;
  pen.fill();
  pen.stroke();
}

function paintBar(pen: Pen, doubtful: boolean, x: number, y: number, palette: Palette): void {
  pen.strokeStyle = palette.text2;
  pen.lineWidth = 1;
  pen.setLineDash(doubtful ? [3, 3] : []);
  pen.beginPath();
  pen.moveTo(x + 1, y);
  pen.lineTo(x + 17, y);
  pen.stroke();
  pen.setLineDash([]);
  pen.beginPath();
  for (const end of [x + 0.5, x + 17.5]) {
    pen.moveTo(end, y - 3);
    pen.lineTo(end, y + 3);
  }
  pen.stroke();
}
