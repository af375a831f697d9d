/** Transforms the boxes of a picture together with it into the network's input. */
import type { DataProblem } from '../batches.ts';
import type { PicturePlacement, PictureSize } from './placement.ts';
import type { Known } from '../../common/known.ts';

/** Of a box, in pixels of the picture. */
export interface Edges {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** An object of an annotation file. */
export interface AnnotatedBox extends Edges {
  /** 0 <= classIndex < classes. */
  readonly classIndex: number;
  /** Where a person finds it: "line 12", "annotation 7". */
  readonly where: string;
}

export interface PlacedBoxes {
  /** Rows of x1, y1, x2, y2 in pixels of the target. */
  readonly boxes: Float32Array;
  readonly classes: Int32Array;
  readonly warnings: readonly DataProblem[];
}

/** Boxes are clipped to the picture; a box of which nothing remains is left out, with a warning. */
export function placeBoxes(
  annotated: readonly AnnotatedBox[],
  picture: PictureSize,
  { scaleX, scaleY, left, top }: PicturePlacement,
  file: string,
): PlacedBoxes {
  const boxes: number[] = [];
  const classes: number[] = [];
  const warnings: DataProblem[] = [];
  for (const box of annotated) {
    const [x1, x2] = [box.x1, box.x2].map(
      (x) => within(x, picture.width) * scaleX + left,
    ) as Known<number>;
    const [y1, y2] = [box.y1, box.y2].map(
      (y) => within(y, picture.height) * scaleY + top,
    ) as Known<number>;
    // Compared as they will be stored, because single precision can make two edges coincide.
    if (Math.fround(x1) < Math.fround(x2) && Math.fround(y1) < Math.fround(y2)) {
      boxes.push(x1, y1, x2, y2);
      classes.push(box.classIndex);
    } else {
      warnings.push({
        file,
        reason: `${box.where}: ${withoutArea}`,
      });
    }
  }
  return { boxes: Float32Array.from(boxes), classes: Int32Array.from(classes), warnings };
}

/** What is said about a box that cannot be used, after where it is. */
export const withoutArea = 'the box has no area inside the image; left out';

/** Whether any of a box is inside its picture, as far as the picture's size is known. */
export function hasArea({ x1, y1, x2, y2 }: Edges, picture: PictureSize | null): boolean {
  const { width, height } = picture ?? { width: Infinity, height: Infinity };
  return within(x1, width) < within(x2, width) && within(y1, height) < within(y2, height);
}

function within(x: number, size: number): number {
  return Math.min(size, Math.max(0, x));
}
