/** Boxes in layers, what is read above what reads it, by dagre. Pure; it runs in workers. */
import { Graph, layout as layered } from '@dagrejs/dagre';
import type { BoxSize, Line, Placed } from './placed.ts';

export interface Arranged extends BoxSize {
  readonly boxes: readonly Placed[];
  readonly lines: readonly Line[];
}

export function arrange(
  boxes: readonly ({ readonly id: string } & BoxSize)[],
  edges: readonly (readonly [string, string])[],
): Arranged {
  const graph = new Graph({ directed: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 16, edgesep: 10, ranksep: 16, marginx: 1, marginy: 1 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const [from, to] of edges) graph.setEdge(from, to);
  layered(graph);
  const placed = boxes.map(({ id, width, height }): Placed => {
    const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
    return { id, width, height, x: x - width / 2, y: y - height / 2 };
  });
  const lines = edges.map(([from, to]): Line => {
    const { points = [] } = graph.edge(from, to) as { points?: { x: number; y: number }[] };
    return { from, to, points: points.map(({ x, y }) => [x, y]) };
  });
  const xs = [...placed.map((one) => one.x + one.width), ...lines.flatMap(horizontal)];
  const ys = placed.map((one) => one.y + one.height);
  return { boxes: placed, lines, width: Math.max(0, ...xs) + 1, height: Math.max(0, ...ys) + 1 };
}

const horizontal = ({ points }: Line): number[] => points.map(([x]) => x);
