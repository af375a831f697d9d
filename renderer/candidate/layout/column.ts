/**
 * Places the boxes of one stage below one another, in the order in which data reach them; edges that bypass
 * boxes run down next to them. However a cell branches, its text is as large as that of a chain. Pure.
 */
import type { Line, Placed } from '../../ground/layout/placed.ts';

interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface StageColumn {
  readonly boxes: readonly Placed[];
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
  /** The largest number of edges that run side by side. */
  readonly lanes: number;
}

const gap = 14;
const laneWidth = 9;
/** Where edges leave and enter at the side of a box, as shares of its height: they never cover each other. */
const out = 0.7;
const into = 0.3;

/** @param boxes in topological order: edges lead downwards */
export function column(
  boxes: readonly Box[],
  edges: readonly (readonly [string, string])[],
): StageColumn {
  const width = Math.max(0, ...boxes.map((box) => box.width));
  const rows = new Map(boxes.map(({ id }, row) => [id, row]));
  let y = 1;
  const placed = boxes.map((box): Placed => {
    const at = { ...box, x: 1 + (width - box.width) / 2, y };
    y += box.height + gap;
    return at;
  });
  const spans = edges
    .map(([from, to]) => ({ from, to, top: rows.get(from) ?? 0, bottom: rows.get(to) ?? 0 }))
    .sort((a, b) => a.bottom - a.top - (b.bottom - b.top) || a.top - b.top);
  const lanes: { top: number; bottom: number }[][] = [];
  const lines = spans.map(({ from, to, top, bottom }): Line => {
    const [upper, lower] = [placed[top]!, placed[bottom]!];
    if (bottom - top === 1) {
      const x = 1 + width / 2;
      return {
        from,
        to,
        points: [
          [x, upper.y + upper.height],
          [x, lower.y],
        ],
      };
    }
    let lane = lanes.findIndex((taken) =>
      taken.every((one) => Math.max(one.top, top) >= Math.min(one.bottom, bottom)),
    );
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane]!.push({ top, bottom });
    const x = 1 + width + (lane + 1) * laneWidth;
    const [start, end] = [upper.y + upper.height * out, lower.y + lower.height * into];
    return {
      ...{ from, to },
      points: corners(
        [upper.x + upper.width, start],
        [x, start],
        [x, end],
        [lower.x + lower.width, end],
      ),
    };
  });
  return {
    boxes: placed,
    lines,
    width: width + 2 + (lanes.length > 0 ? (lanes.length + 0.5) * laneWidth : 0),
    height: Math.max(0, y - gap) + 1,
    lanes: lanes.length,
  };
}

type Point = readonly [number, number];

/** A path through points bends at them: points close to each corner keep the way between them straight. */
function corners(start: Point, first: Point, second: Point, end: Point): Point[] {
  const near = Math.min(laneWidth / 2, Math.abs(second[1] - first[1]) / 3);
  return [start, first, [first[0], first[1] + near], [second[0], second[1] - near], second, end];
}
