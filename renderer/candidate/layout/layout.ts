/**
 * Layered layout of a network: first within every stage, then of the stages. Pure; it runs in a worker, because
 * hundreds of boxes take a while.
 */
import { arrange, type Arranged } from '../../ground/layout/arrange.ts';
import type { BoxSize, Line, Placed } from '../../ground/layout/placed.ts';
import { column } from './column.ts';

export type { Line, Placed } from '../../ground/layout/placed.ts';

export interface LayoutRequest {
  readonly stages: readonly {
    readonly id: string;
    /** Empty where the stage is folded. */
    readonly boxes: readonly ({ readonly id: string } & BoxSize)[];
    readonly edges: readonly (readonly [string, string])[];
  }[];
  /** Between stages. */
  readonly edges: readonly (readonly [string, string])[];
  /** Size of a folded stage. */
  readonly folded: BoxSize;
  /** Height of an unfolded stage's heading, and the space around its contents. */
  readonly head: number;
  readonly padding: number;
}

export interface Layout extends BoxSize {
  readonly stages: readonly Placed[];
  readonly boxes: readonly Placed[];
  readonly lines: readonly Line[];
}

export function layoutNetwork(request: LayoutRequest): Layout {
  const { head, padding, folded } = request;
  const inside = new Map(
    request.stages.flatMap(({ id, boxes, edges }) =>
      boxes.length > 0 ? [[id, inner(boxes, edges)] as const] : [],
    ),
  );
  const frames = request.stages.map(({ id }) => {
    const own = inside.get(id);
    if (!own) return { id, ...folded };
    return { id, width: own.width + 2 * padding, height: own.height + head + padding };
  });
  const outer = arrange(frames, request.edges);
  const shifted = outer.boxes.flatMap(({ id, x, y }) => {
    const own = inside.get(id);
    return own ? [moved(own, x + padding, y + head)] : [];
  });
  return {
    stages: outer.boxes,
    boxes: shifted.flatMap(({ boxes }) => boxes),
    lines: [...outer.lines, ...shifted.flatMap(({ lines }) => lines)],
    width: outer.width,
    height: outer.height,
  };
}

/** Edges beside a column that the eye can still follow. */
const mostLanes = 8;

/** Side by side where that is narrow enough, otherwise below one another where few edges bypass boxes. */
function inner(
  boxes: readonly ({ readonly id: string } & BoxSize)[],
  edges: readonly (readonly [string, string])[],
): Arranged {
  const layers = arrange(boxes, edges);
  const widest = Math.max(...boxes.map(({ width }) => width));
  if (layers.width <= 1.5 * widest) return layers;
  const below = column(boxes, edges);
  return below.lanes <= mostLanes ? below : layers;
}

function moved({ boxes, lines, width, height }: Arranged, dx: number, dy: number): Arranged {
  return {
    ...{ width, height },
    boxes: boxes.map((box) => ({ ...box, x: box.x + dx, y: box.y + dy })),
    lines: lines.map(({ from, to, points }) => ({
      ...{ from, to },
      points: points.map(([x, y]) => [x + dx, y + dy] as const),
    })),
  };
}
