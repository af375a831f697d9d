/** What a layout consists of, in CSS pixels. */
export interface BoxSize {
  readonly width: number;
  readonly height: number;
}

/** Left and top edge. */
export interface Placed extends BoxSize {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly from: string;
  readonly to: string;
  readonly points: readonly (readonly [number, number])[];
}
