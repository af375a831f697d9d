/**
 * Points where a network's slope jumps. A finite difference says nothing about a gradient there, and rounding
 * decides which side the engine takes.
 */
import type { Node } from '../../main/graph/graph.ts';
import type { PoolAttributes } from '../../main/graph/operators/attributes.ts';
import { keptShape, valuesOf } from './reference/pools.ts';
import { pixelOf } from './reference/sampling.ts';
import { at, indexOf, placeOf, type Value } from './reference/value.ts';
import type { Known } from '../../main/common/known.ts';

export interface Kinks {
  /** For each node, on which side of its kinks the network is, and which value attains each maximum. */
  readonly sides: ReadonlyMap<Node, readonly number[]>;
  /** The smallest distance from any kink. */
  readonly distance: number;
}

/** @param nodes those to look at, of the graph whose values these are */
export function kinksOf(nodes: readonly Node[], values: ReadonlyMap<string, Value>): Kinks {
  const all = nodes.map((node) => [node, kinksOfNode(node, values)] as const);
  return {
    sides: new Map(all.map(([node, { sides }]) => [node, sides])),
    distance: Math.min(Infinity, ...all.map(([, { distance }]) => distance)),
  };
}

/** Whether any of the nodes is on another side than before. */
export const crossed = (before: Kinks, after: Kinks): boolean =>
  [...after.sides].some(([node, sides]) => {
    const earlier = before.sides.get(node)!;
    return sides.some((side, i) => side !== earlier[i]);
  });

function kinksOfNode(
  node: Node,
  values: ReadonlyMap<string, Value>,
): { readonly sides: readonly number[]; readonly distance: number } {
  const sides: number[] = [];
  let distance = Infinity;
  const x = values.get(node.inputs[0]!) as Value;
  for (const bend of bendsOf(node)) {
    for (const value of x.data) {
      sides.push(value > bend ? 1 : 0);
      distance = Math.min(distance, Math.abs(value - bend));
    }
  }
  for (const difference of rivalsOf(node, values)) {
    sides.push(difference > 0 ? 1 : 0);
    distance = Math.min(distance, Math.abs(difference));
  }
  for (const { side, from } of cellsOf(node, values)) {
    sides.push(side);
    distance = Math.min(distance, from);
  }
  const pool = poolOf(node, x);
  if (!pool) return { sides, distance };
  const out = values.get(node.outputs[0]!) as Value;
  out.data.forEach((_, i) => {
    const window = valuesOf(placeOf(i, out.shape) as Known<number>, x, pool);
    const top = Math.max(...window);
    sides.push(window.indexOf(top));
    const rest = window.filter((_value, place) => place !== window.indexOf(top));
    distance = Math.min(distance, top - Math.max(-Infinity, ...rest));
  });
  return { sides, distance };
}

/** Distances between the values among which an operator selects one. */
function rivalsOf(node: Node, values: ReadonlyMap<string, Value>): number[] {
  const inputs = node.inputs.map((name) => values.get(name) as Value);
  const out = values.get(node.outputs[0]!) as Value;
  if (node.kind === 'Max' || node.kind === 'Min') {
    return [...out.data].map((_, i) => {
      const place = placeOf(i, out.shape);
      return at(inputs[0]!, place) - at(inputs[1]!, place);
    });
  }
  if (node.kind !== 'ReduceMax') return [];
  const [x] = inputs as [Value];
  const kept = keptShape(x, node.attributes.axes);
  // Each value against the highest of the others in its group.
  const groups = new Map<number, number[]>();
  x.data.forEach((value, i) => {
    const group = indexOf(placeOf(i, x.shape), kept);
    groups.set(group, [...(groups.get(group) ?? []), value]);
  });
  return [...groups.values()].flatMap((group) =>
    group.length < 2
      ? []
      : group.map((value, i) => value - Math.max(...group.filter((_, k) => k !== i))),
  );
}

/** Between which values of a map each place of a GridSample lies, and how far from others; padding bends as well. */
function cellsOf(
  node: Node,
  values: ReadonlyMap<string, Value>,
): readonly { readonly side: number; readonly from: number }[] {
  if (node.kind !== 'GridSample') return [];
  const { attributes } = node;
  const [x, grid] = node.inputs.map((name) => values.get(name)) as [Value, Value];
  const plain = { ...attributes, padding: 'zeros' } as const;
  const places = Array.from({ length: grid.data.length / 2 }, (_, i) => {
    const [image = 0, row = 0, column = 0] = placeOf(2 * i, grid.shape);
    return pixelOf([image, row, column], x, grid, plain);
  }).flat();
  // Edges of pixels bend a nearest value and a reflection, their middles all else.
  return places.flatMap((place) => [
    { side: Math.floor(place), from: Math.abs(place - Math.round(place)) },
    { side: Math.round(place), from: Math.abs(place - Math.floor(place) - 0.5) },
  ]);
}

/** Inputs at which the slope of an elementwise operator jumps. */
function bendsOf(node: Node): readonly number[] {
  switch (node.kind) {
    case 'Relu':
    case 'LeakyRelu':
    case 'PRelu':
    case 'Elu':
    case 'Abs':
      return [0];
    case 'InsideMask':
    case 'Clip':
      return [node.attributes.min, node.attributes.max].filter(Number.isFinite);
    case 'HardSigmoid': {
      const { alpha, beta } = node.attributes;
      return [-beta / alpha, (1 - beta) / alpha];
    }
    case 'HardSwish':
      return [-3, 3];
    default:
      return [];
  }
}

function poolOf(node: Node, x: Value): PoolAttributes | null {
  if (node.kind === 'MaxPool') return node.attributes;
  if (node.kind !== 'GlobalMaxPool') return null;
  return {
    kernel: [x.shape[2]!, x.shape[3]!],
    strides: [1, 1],
    pads: [0, 0, 0, 0],
    dilations: [1, 1],
    ceilMode: false,
  };
}
