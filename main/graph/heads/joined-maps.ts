/** Feature maps of all levels as rows: N x (anchors numbers) x h x w becomes N x all anchors x numbers. */
import type { Graph, Node } from '../graph.ts';
import { inferShapes } from '../infer-shapes.ts';
import type { DetectionHead } from './head.ts';

export interface JoinedMaps {
  readonly graph: Graph;
  /** The rows of these maps, one a level. */
  rowsOf(maps: readonly string[]): { readonly rows: string; readonly numbers: number };
}

/** Maps that several parts of a head share are joined once. */
export function joinedMaps(graph: Graph, head: DetectionHead, batchSize: number): JoinedMaps {
  const shapes = inferShapes(graph, batchSize);
  const nodes: Node[] = [];
  const known = new Map<string, { readonly rows: string; readonly numbers: number }>();
  const parts = head.levels.map(({ boxes, classes, objects }) => [boxes, classes, objects]);
  for (const part of [0, 1, 2]) {
    const maps = parts.flatMap((level) => level[part]?.value ?? []);
    if (maps.length === 0 || known.has(maps.join())) continue;
    const widths = maps.map((map, level) => shapes.get(map)![1]! / head.levels[level]!.perPlace);
    const rows = joinMaps(
      `head${part}`,
      maps.map((name, i) => ({ name, numbers: widths[i]! })),
      nodes,
    );
    known.set(maps.join(), { rows, numbers: widths[0]! });
  }
  return {
    graph: { ...graph, nodes: [...graph.nodes, ...nodes] },
    rowsOf: (maps) => known.get(maps.join())!,
  };
}

/**
 * Appends the nodes that join maps of several levels.
 * @param maps with how many numbers each predicts for an anchor
 * @returns the value that has all rows
 */
export function joinMaps(
  part: string,
  maps: readonly { readonly name: string; readonly numbers: number }[],
  nodes: Node[],
): string {
  const rows = maps.map(({ name, numbers }, i) => {
    const [last, flat] = [`:${part}${i}:last`, `:${part}${i}:rows`];
    nodes.push(
      {
        kind: 'Transpose',
        name: last,
        inputs: [name],
        outputs: [last],
        attributes: { permutation: [0, 2, 3, 1] },
      },
      {
        kind: 'Reshape',
        name: flat,
        inputs: [last],
        outputs: [flat],
        attributes: { shape: [0, -1, numbers] },
      },
    );
    return flat;
  });
  if (rows.length === 1) return rows[0]!;
  const output = `:${part}`;
  nodes.push({
    kind: 'Concat',
    name: output,
    inputs: rows,
    outputs: [output],
    attributes: { axis: 1 },
  });
  return output;
}
