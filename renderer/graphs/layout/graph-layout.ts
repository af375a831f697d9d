/**
 * Where the boxes of a model's graph lie. Networks are mostly chains of blocks: where a single box is all that leads
 * on, the graph is cut, each piece is laid out by itself, and equal pieces only once. So the time grows with the number
 * of boxes, however deep the network is. Pure; it runs in a worker.
 */
import { arrange } from '../../ground/layout/arrange.ts';

/** Size of every box in CSS pixels at zoom 1. */
export const graphBox = { width: 216, height: 30 } as const;
/** Between boxes of a chain. */
const gap = 18;
/** An input from further up is drawn beside the network, unless the box reads nothing nearer. */
const farEdge = 60;
/** From further than that in any case. */
const farthestEdge = 400;
/** Of what a box reads, so many are drawn within the network: a join of sixty inputs would be as wide as sixty boxes. */
const mostNear = 6;
/** A piece with more boxes, or with more edges for each, is laid out by layers alone: dagre would take minutes. */
const largestPiece = 700;
const mostEdges = 2;
/** Beside the network, lines run in so many lanes. */
const mostLanes = 12;
const laneWidth = 12;

export interface GraphLayoutRequest {
  /** For each box the boxes that it reads; in an order in which they can be computed. */
  readonly from: readonly (readonly number[])[];
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** Left and top edge of each box. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** The order from top to bottom, in which the arrow keys go. */
  readonly order: Uint32Array;
  /** Line i has the points starts[i] to starts[i + 1] of `points`, x and y in turn. */
  readonly starts: Uint32Array;
  readonly points: Float32Array;
  /** The boxes at the ends of each line. */
  readonly ends: Uint32Array;
}

type Edge = readonly [from: number, to: number];
type Point = readonly [x: number, y: number];

export function layoutGraph({ from }: GraphLayoutRequest): GraphLayout {
  const order = nearestFirst(from);
  const place = new Map(order.map((box, i) => [box, i]));
  const near: Edge[] = [];
  const far: Edge[] = [];
  for (const [to, box] of order.entries()) {
    const reads = from[box]!.map((one) => place.get(one)!).sort((one, other) => other - one);
    for (const [i, read] of reads.entries()) {
      const span = to - read;
      const isFar = span > farthestEdge || (i > 0 && span > farEdge) || i >= mostNear;
      (isFar ? far : near).push([read, to]);
    }
  }
  // From here on boxes are meant by their place in the order.
  const [x, y] = [new Float64Array(order.length), new Float64Array(order.length)];
  const lines: { readonly edge: Edge; readonly points: readonly Point[] }[] = [];
  const pieces = piecesOf(order.length, near);
  const known = new Map<string, Piece>();
  let left = 0;
  let right: number = graphBox.width;
  let bottom: number = graphBox.height;
  for (const { first, last, edges } of pieces) {
    const own = edges.map(([a, b]): Edge => [a - first, b - first]);
    const key = `${last - first} ${own.join(' ')}`;
    const piece = known.get(key) ?? pieceOf(last - first + 1, own);
    known.set(key, piece);
    // The first box is the last one of the piece above.
    const [dx, dy] = [x[first]! - piece.x[0]!, y[first]! - piece.y[0]!];
    for (let i = 1; i <= last - first; i++) {
      x[first + i] = piece.x[i]! + dx;
      y[first + i] = piece.y[i]! + dy;
      left = Math.min(left, x[first + i]!);
      right = Math.max(right, x[first + i]! + graphBox.width);
      bottom = Math.max(bottom, y[first + i]! + graphBox.height);
    }
    for (const [i, points] of piece.lines.entries()) {
      const moved = points.map(([px, py]): Point => [px + dx, py + dy]);
      lines.push({ edge: edges[i]!, points: moved });
      for (const [px] of moved) [left, right] = [Math.min(left, px), Math.max(right, px)];
    }
  }
  for (const line of besides(far, x, y, right)) {
    lines.push(line);
    for (const [px] of line.points) right = Math.max(right, px);
  }
  return packed(order, x, y, lines, { left, width: right - left + 2, height: bottom + 2 });
}

/**
 * Depth first from the end: what is read by one box alone, such as a further input, stands right before that box, and
 * what nothing reads any more, such as an output, right after what makes it.
 */
function nearestFirst(from: readonly (readonly number[])[]): number[] {
  const readers = from.map((): number[] => []);
  for (const [box, reads] of from.entries()) for (const one of reads) readers[one]!.push(box);
  const order: number[] = [];
  const done = new Uint8Array(from.length);
  const put = (box: number): void => {
    // Without recursion: networks are deeper than stacks.
    const open = [box];
    while (open.length > 0) {
      const top = open.at(-1)!;
      const missing = done[top] ? undefined : from[top]!.find((one) => !done[one]);
      if (missing !== undefined) {
        open.push(missing);
        continue;
      }
      open.pop();
      if (done[top]) continue;
      done[top] = 1;
      order.push(top);
      for (const end of readers[top]!) {
        if (readers[end]!.length === 0 && !done[end] && from[end]!.length === 1) {
          done[end] = 1;
          order.push(end);
        }
      }
    }
  };
  // An input that several boxes read may be needed long before the next one.
  for (const [box, reads] of from.entries()) if (reads.length > 0) put(box);
  for (const box of from.keys()) if (!done[box]) put(box);
  return order;
}

interface Slice {
  readonly first: number;
  readonly last: number;
  readonly edges: readonly Edge[];
}

/** Cut at every box that no edge passes; a piece begins with the last box of the one before. */
function piecesOf(count: number, edges: readonly Edge[]): Slice[] {
  const reach = new Uint32Array(count);
  for (const [a, b] of edges) reach[a] = Math.max(reach[a]!, b);
  const pieces: Slice[] = [];
  let first = 0;
  let furthest = 0;
  let edge = 0;
  for (let i = 1; i < count; i++) {
    furthest = Math.max(furthest, reach[i - 1]!);
    if (furthest > i && i < count - 1) continue;
    // Edges are in the order of their ends.
    const begin = edge;
    while (edge < edges.length && edges[edge]![1] <= i) edge++;
    pieces.push({ first, last: i, edges: edges.slice(begin, edge) });
    first = i;
  }
  return pieces;
}

interface Piece {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** For each edge. */
  readonly lines: readonly (readonly Point[])[];
}

function pieceOf(count: number, edges: readonly Edge[]): Piece {
  if (count === 2) return pair(edges);
  if (count > largestPiece || edges.length > mostEdges * count) return layers(count, edges);
  const boxes = Array.from({ length: count }, (_, i) => ({ id: String(i), ...graphBox }));
  const named = ([a, b]: Edge) => [String(a), String(b)] as const;
  const arranged = arrange(boxes, [...edges, ...held(count, edges)].map(named));
  return {
    x: arranged.boxes.map((box) => box.x),
    y: arranged.boxes.map((box) => box.y),
    lines: arranged.lines.slice(0, edges.length).map(({ points }) => points),
  };
}

/**
 * Further edges, which are not drawn: they hold the first box of a piece alone at its top and the last alone at its
 * bottom, where the pieces above and below begin.
 */
function held(count: number, edges: readonly Edge[]): Edge[] {
  const [reads, isRead] = [new Uint8Array(count), new Uint8Array(count)];
  for (const [a, b] of edges) [isRead[a], reads[b]] = [1, 1];
  const last = count - 1;
  return Array.from({ length: count }, (_, i) => i).flatMap((i): Edge[] => [
    ...(i > 0 && !reads[i] ? [[0, i] as const] : []),
    ...(i < last && !isRead[i] && (i > 0 || reads[last]) ? [[i, last] as const] : []),
  ]);
}

function pair(edges: readonly Edge[]): Piece {
  const middle = graphBox.width / 2;
  const below = graphBox.height + gap;
  return {
    ...{ x: [0, 0], y: [0, below] },
    lines: edges.map(() => [
      [middle, graphBox.height],
      [middle, below],
    ]),
  };
}

/** Layer of each box: one below the lowest that it reads, or above what reads it where it does not follow the first. */
function layersOf(count: number, edges: readonly Edge[]): Uint32Array {
  const layer = new Uint32Array(count);
  // Edges are in the order of their ends; the first box is alone at the top, the last at the bottom.
  layer.fill(1, 1);
  const follows = new Uint8Array(count);
  follows[0] = 1;
  for (const [a, b] of edges) {
    layer[b] = Math.max(layer[b]!, layer[a]! + 1);
    follows[b] ||= follows[a]!;
  }
  layer[count - 1] = layer.subarray(0, count - 1).reduce((so, one) => Math.max(so, one), 0) + 1;
  // What is computed of nothing that comes in would otherwise fill the uppermost layer, far from where it is read.
  const lowest = new Uint32Array(count).fill(count);
  for (const [a, b] of edges.toReversed()) {
    if (!follows[b] && lowest[b]! < count) layer[b] = lowest[b]!;
    lowest[a] = Math.min(lowest[a]!, layer[b]! - 1);
  }
  for (let i = 1; i < count - 1; i++) {
    if (!follows[i] && lowest[i]! < count) layer[i] = lowest[i]!;
  }
  return layer;
}

/** Boxes of a layer lie side by side in their order. */
function layers(count: number, edges: readonly Edge[]): Piece {
  const layer = layersOf(count, edges);
  const inLayer = new Map<number, number>();
  const [x, y]: [number[], number[]] = [[], []];
  for (let i = 0; i < count; i++) {
    const beside = inLayer.get(layer[i]!) ?? 0;
    inLayer.set(layer[i]!, beside + 1);
    x.push(beside * (graphBox.width + gap));
    y.push(layer[i]! * (graphBox.height + 2 * gap));
  }
  const middle = graphBox.width / 2;
  return {
    ...{ x, y },
    lines: edges.map(([a, b]) => [
      [x[a]! + middle, y[a]! + graphBox.height],
      [x[b]! + middle, y[b]!],
    ]),
  };
}

/** Lines at the right of the network, in lanes where they do not lie on each other, as long as there are lanes. */
function* besides(
  edges: readonly Edge[],
  x: Float64Array,
  y: Float64Array,
  right: number,
): Generator<{ readonly edge: Edge; readonly points: readonly Point[] }> {
  const free: number[] = [];
  for (const edge of edges.toSorted((one, other) => y[one[0]]! - y[other[0]]!)) {
    const [a, b] = edge;
    const [top, end] = [y[a]! + graphBox.height * 0.75, y[b]! + graphBox.height * 0.25];
    let lane = free.findIndex((until) => until < top);
    if (lane < 0) lane = free.length < mostLanes ? free.length : edges.indexOf(edge) % mostLanes;
    free[lane] = Math.max(free[lane] ?? 0, end);
    const side = right + (lane + 1) * laneWidth;
    const near = laneWidth / 2;
    yield {
      edge,
      points: [
        [x[a]! + graphBox.width, top],
        [side, top],
        [side, top + near],
        [side, end - near],
        [side, end],
        [x[b]! + graphBox.width, end],
      ],
    };
  }
}

function packed(
  order: readonly number[],
  x: Float64Array,
  y: Float64Array,
  lines: readonly { readonly edge: Edge; readonly points: readonly Point[] }[],
  { left, width, height }: { left: number; width: number; height: number },
): GraphLayout {
  const layout = {
    ...{ width, height },
    x: new Float32Array(order.length),
    y: new Float32Array(order.length),
    order: Uint32Array.from(
      order.map((_, i) => i).sort((one, other) => y[one]! - y[other]! || x[one]! - x[other]!),
      (i) => order[i]!,
    ),
    starts: new Uint32Array(lines.length + 1),
    points: new Float32Array(2 * lines.reduce((sum, { points }) => sum + points.length, 0)),
    ends: new Uint32Array(2 * lines.length),
  };
  for (const [i, box] of order.entries()) {
    layout.x[box] = x[i]! - left + 1;
    layout.y[box] = y[i]! + 1;
  }
  let at = 0;
  for (const [i, { edge, points }] of lines.entries()) {
    layout.starts[i] = at;
    for (const [px, py] of points) layout.points.set([px - left + 1, py + 1], 2 * at++);
    layout.ends.set([order[edge[0]]!, order[edge[1]]!], 2 * i);
  }
  layout.starts[lines.length] = at;
  return layout;
}
