/** Values at computed places. Source: ONNX GridSample. */
import type { OperatorAttributes } from '../../../main/graph/graph.ts';
import { at, fill, type Evaluations, type Value } from './value.ts';

type Attributes = OperatorAttributes['GridSample'];

export const sampling: Evaluations = {
  GridSample({ attributes }, [x, grid], [out]) {
    fill(out, ([image, channel, row, column]) => {
      const [column0, row0] = pixelOf([image, row, column], x, grid, attributes);
      if (attributes.mode === 'nearest') return value(Math.round(row0), Math.round(column0));
      const [top, left] = [Math.floor(row0), Math.floor(column0)];
      const [down, right] = [row0 - top, column0 - left];
      return (
        (1 - down) * ((1 - right) * value(top, left) + right * value(top, left + 1)) +
        down * ((1 - right) * value(top + 1, left) + right * value(top + 1, left + 1))
      );

      function value(y: number, x0: number): number {
        const inside = y >= 0 && y < x.shape[2]! && x0 >= 0 && x0 < x.shape[3]!;
        return inside ? at(x, [image, channel, y, x0]) : 0;
      }
    });
  },
};

/** Column and row of the map that an entry of the grid means. */
export function pixelOf(
  [image, row, column]: readonly [number, number, number],
  x: Value,
  grid: Value,
  { padding, alignCorners }: Attributes,
): readonly [number, number] {
  return [0, 1].map((axis) => {
    const size = x.shape[3 - axis]!;
    const written = at(grid, [image, row, column, axis]);
    const place = alignCorners ? ((written + 1) / 2) * (size - 1) : ((written + 1) * size - 1) / 2;
    if (padding === 'zeros') return place;
    return Math.min(Math.max(padding === 'border' ? place : reflected(place), 0), size - 1);

    function reflected(from: number): number {
      const [low, high] = alignCorners ? [0, size - 1] : [-0.5, size - 0.5];
      if (high === low) return low;
      let inside = from;
      while (inside < low || inside > high) {
        inside = inside < low ? 2 * low - inside : 2 * high - inside;
      }
      return inside;
    }
  }) as unknown as readonly [number, number];
}
