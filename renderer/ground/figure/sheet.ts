/** What a chart is drawn on for a file: a size for papers, light colours, and a pen that keeps marks. */
import type { Frame } from '../chart/axis.ts';
import { readPalette, type Palette } from '../chart/palette.ts';
import type { Margin } from '../chart/surface.ts';
import { plainColour } from './colours.ts';
import { pixelsPerMillimetre, type Figure } from './marks.ts';
import { MarkPen } from './pen.ts';

/** Widths in millimetres that journals print: a column, and the whole page. */
export const paperWidths = { column: 85, page: 174 } as const;
export type PaperWidth = keyof typeof paperWidths;

export interface Sheet {
  readonly pen: MarkPen;
  /** The plotting area. */
  readonly frame: Frame;
  readonly palette: Palette;
  /** What has been drawn. @param title what it shows, for people who cannot see it */
  figure(title: string): Figure;
}

/** A new sheet, with room for axes and titles. @param least the width below which its contents cannot be read */
export type SheetOf = (margin: Margin, least?: number) => Sheet;

/** @param host where the page's colours and fonts hold */
export function sheetsFor(host: HTMLElement, paper: PaperWidth): SheetOf {
  const palette = readPalette(host, 'light');
  return (margin, least = 0) => {
    const width = Math.max(least, paperWidths[paper] * pixelsPerMillimetre);
    // A column is as good as square, a page is twice as wide as high.
    const height = paper === 'column' ? width * 0.8 : Math.max(320, width * 0.55);
    const pen = new MarkPen({ measure: measureText, plainColour });
    const frame = {
      ...{ left: margin.left, top: margin.top },
      ...{ right: width - margin.right, bottom: height - margin.bottom },
    };
    return {
      ...{ pen, frame, palette },
      figure: (title) => ({
        ...{ width, height, title, marks: pen.marks },
        background: plainColour(palette.surface).colour,
      }),
    };
  };
}

let measuring: CanvasRenderingContext2D | null = null;

export function measureText(text: string, font: string): TextMetrics {
  measuring ??= document.createElement('canvas').getContext('2d');
  if (!measuring) throw new Error('This window cannot draw.');
  measuring.font = font;
  return measuring.measureText(text);
}
