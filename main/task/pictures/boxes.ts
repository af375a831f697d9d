/** Boxes of a picture, moved along with it into the network's input. */
import type { DataProblem } from '../batches.ts';
import type { Placement, Size } from './placement.ts';
import type { Known } from '../../common/known.ts';

/** An object of an annotation file, its edges in pixels of the picture. */
export interface AnnotatedBox {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
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

/** Boxes are cut off at the picture's border; one of which nothing is left is left out, with a warning. */
export function placeBoxes(
  annotated: readonly AnnotatedBox[],
  picture: Size,
  { scaleX, scaleY, left, top }: Placement,
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
    // Compared as they will be stored: single precision can make two edges one.
    if (Math.fround(x1) < Math.fround(x2) && Math.fround(y1) < Math.fround(y2)) {
      boxes.push(x1, y1, x2, y2);
      classes.push(box.classIndex);
    } else {
      warnings.push({
        file,
        reason: `${box.where}: the box has no area inside the image; left out`,
      });
    }
  }
  return { boxes: Float32Array.from(boxes), classes: Int32Array.from(classes), warnings };
}

function within(x: number, size: number): number {
  return Math.min(size, Math.max(0, x));
}
