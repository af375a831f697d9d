/** What the scatter of a search shows, apart from what follows the pointer. */
import type { View } from '../../ground/chart/axis.ts';
import type { AxisMarks } from '../../ground/chart/paint-axes.ts';
import type { MarkPosition } from '../../ground/chart/paint-marks.ts';
import type { CostSide } from './paint-front.ts';
import type { Colouring } from './point-styles.ts';
import type { PointInput } from './points.ts';

export interface ExpectedMark extends MarkPosition {
  readonly genotype: string;
  /** As a candidate or besides. */
  readonly scored: boolean;
  /** Chosen by a person, while it is no candidate. */
  readonly chosen: boolean;
}

export interface ErrorBarMark {
  readonly index: number;
  readonly low: number;
  readonly high: number;
  /** Drawn in a way that warns against relying on it. */
  readonly doubtful: boolean;
}

export interface ChartState extends PointInput {
  readonly view: View;
  readonly hasPoints: boolean;
  /** From `pointStyles`. */
  readonly styles: Uint8Array;
  readonly colouredBy: Colouring['by'];
  readonly front: Uint32Array;
  /** One style per member of the front. */
  readonly frontStyles: Uint8Array;
  readonly onFront: ReadonlySet<number>;
  readonly costSide: CostSide;
  /** 0 for those outside the filter; null where there is none. */
  readonly mask: Uint8Array | null;
  readonly ghost: { readonly front: Uint32Array; readonly label: string } | null;
  /** Members of the front that have a name. */
  readonly named: readonly {
    readonly index: number;
    readonly label: string;
    readonly diamond: boolean;
  }[];
  /** How far figures may be off on one axis, in its coordinates; null where no axis shows such figures. */
  readonly bars: { readonly side: 'x' | 'y'; readonly bars: readonly ErrorBarMark[] } | null;
  /** The front that a model expects, in axis coordinates from cheap to dear; null where it is not looked at. */
  readonly expected: readonly ExpectedMark[] | null;
  /** In axis coordinates of the cost's axis; null where there is none. */
  readonly cap: number | null;
  readonly marks: (view: View, width: number, height: number) => { x: AxisMarks; y: AxisMarks };
  readonly titles: { readonly x: string; readonly y: string };
}
