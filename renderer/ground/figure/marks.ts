/**
 * A drawing as marks: outlines and text with all that says how they look. What draws a chart on the screen makes
 * them as well (`pen.ts`, `page-marks.ts`), and files are written from them alone (`svg.ts`, `png.ts`).
 */

export interface OutlineStyle {
  /** Colours as CSS has them; null where it is not filled, or has no line. */
  readonly fill: string | null;
  readonly stroke: string | null;
  readonly lineWidth: number;
  /** Lengths of dashes and gaps; empty for a whole line. */
  readonly dash: readonly number[];
  readonly join: 'miter' | 'round' | 'bevel';
  readonly opacity: number;
}

export interface OutlineMark {
  readonly kind: 'outline';
  /** Path data as SVG has them. */
  readonly path: string;
  /** Where a part of a drawing has coordinates of its own; absent elsewhere. */
  readonly transform?: Matrix;
  readonly style: OutlineStyle;
}

export type Matrix = readonly [number, number, number, number, number, number];

export interface TextStyle {
  readonly colour: string;
  readonly family: string;
  readonly size: number;
  readonly weight: number;
  readonly anchor: 'start' | 'middle' | 'end';
  /** Drawn around the letters first, so that they can be read over lines; null where nothing is. */
  readonly halo: { readonly colour: string; readonly width: number } | null;
  readonly opacity: number;
}

export interface WrittenText {
  readonly kind: 'text';
  /** The baseline's place. */
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly style: TextStyle;
}

/** Marks of which only what lies in a rectangle is seen. */
export interface Clipped {
  readonly kind: 'clipped';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly marks: readonly FigureMark[];
}

export type FigureMark = OutlineMark | WrittenText | Clipped;

/** A whole drawing, in CSS pixels: 96 to the inch. */
export interface Figure {
  readonly width: number;
  readonly height: number;
  /** What it shows, for people who cannot see it. */
  readonly title: string;
  readonly background: string;
  readonly marks: readonly FigureMark[];
}

export const pixelsPerMillimetre = 96 / 25.4;
