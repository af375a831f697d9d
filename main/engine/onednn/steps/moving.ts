/** Operators that move values without changing them, and resizes, which mix neighbours. */
import type { Node } from '../../../graph/graph.ts';
import { resizeMatrix } from '../../../graph/operators/resize.ts';
import { slicedIndices } from '../../../graph/operators/selecting.ts';
import type { Shape } from '../../../graph/shape.ts';
import type { NamedStep } from '../plan.ts';
import { along, alias, step, stridesOf, type StepContext, type StepTable } from './step.ts';
import type { Known } from '../../../common/known.ts';

/** A block of values that goes from one row-major tensor into another. */
export interface MovedBlock {
  readonly sizes: Shape;
  readonly target: { readonly start: number; readonly strides: readonly number[] };
  readonly source: { readonly start: number; readonly strides: readonly number[] };
}

/** One part for each input; what no part fills is zero if the result is cleared first. */
export function moveSteps(
  node: Node,
  inputs: readonly string[],
  parts: readonly MovedBlock[],
  cleared = false,
): readonly [NamedStep] {
  const ints = parts.flatMap(({ sizes, target, source }) => [
    sizes.length,
    target.start,
    source.start,
    ...sizes.flatMap((size, axis) => [size, target.strides[axis]!, source.strides[axis]!]),
  ]);
  return step(node, 'move', { inputs, ints: [cleared ? 1 : 0, ...ints] });
}

/** All of a tensor at the front of a larger one. */
export const placedInFront = (sizes: Shape, whole: Shape): MovedBlock => ({
  sizes,
  target: { start: 0, strides: stridesOf(whole) },
  source: { start: 0, strides: stridesOf(sizes) },
});

const offset = (strides: readonly number[], places: readonly number[]) =>
  strides.reduce((sum, stride, axis) => sum + stride * places[axis]!, 0);

/** A value repeated along the axes on which it has size 1, into the node's output. */
export function expanded(node: Node, value: string, { shapeOf }: StepContext): NamedStep {
  const sizes = shapeOf(node.outputs[0]!);
  const from = shapeOf(value);
  const own = stridesOf(from);
  const missing = sizes.length - from.length;
  const strides = sizes.map((_, axis) =>
    axis < missing || from[axis - missing] === 1 ? 0 : own[axis - missing]!,
  );
  const part = {
    sizes,
    target: { start: 0, strides: stridesOf(sizes) },
    source: { start: 0, strides },
  };
  return moveSteps(node, [value], [part])[0];
}

/** Multiplies along one axis by a matrix of rows x size. */
function multiplied(
  node: Node,
  ends: { readonly from: string; readonly to: string },
  written: number,
  matrix: { readonly rows: number; readonly numbers: Float32Array },
  context: StepContext,
): NamedStep {
  const { axis, size, inner } = along(context.shapeOf(ends.from), written);
  const name = `${ends.to}:matrix${axis}`;
  context.addConstant(name, [matrix.rows, size], matrix.numbers);
  const [own] = step(node, 'along-axis', {
    inputs: [ends.from, name],
    outputs: [ends.to],
    ints: [size, inner],
  });
  return own;
}

export const movingSteps: StepTable = {
  Flatten: alias,
  Reshape: alias,
  Squeeze: alias,
  Unsqueeze: alias,
  Identity: alias,
  Detached: alias,
  Expand: (node, context) => [expanded(node, node.inputs[0]!, context)],
  Transpose(node, { shapeOf }) {
    const sizes = shapeOf(node.outputs[0]!);
    const own = stridesOf(shapeOf(node.inputs[0]!));
    const strides = node.attributes.permutation.map((axis) => own[axis]!);
    const target = { start: 0, strides: stridesOf(sizes) };
    return moveSteps(node, node.inputs, [{ sizes, target, source: { start: 0, strides } }]);
  },
  Concat(node, { shapeOf }) {
    const whole = stridesOf(shapeOf(node.outputs[0]!));
    const { axis } = along(shapeOf(node.inputs[0]!), node.attributes.axis);
    let start = 0;
    const parts = node.inputs.map((input): MovedBlock => {
      const sizes = shapeOf(input);
      const target = { start, strides: whole };
      start += sizes[axis]! * whole[axis]!;
      return { sizes, target, source: { start: 0, strides: stridesOf(sizes) } };
    });
    return moveSteps(node, node.inputs, parts);
  },
  Slice(node, { shapeOf }) {
    const from = shapeOf(node.inputs[0]!);
    const sizes = shapeOf(node.outputs[0]!);
    const own = stridesOf(from);
    const { axes, starts, ends, steps } = node.attributes;
    const first = from.map(() => 0);
    const strides = [...own];
    axes.forEach((written, i) => {
      const { axis, size } = along(from, written);
      first[axis] = slicedIndices(size, starts[i]!, ends[i]!, steps[i]!)[0]!;
      strides[axis] = own[axis]! * steps[i]!;
    });
    const target = { start: 0, strides: stridesOf(sizes) };
    const source = { start: offset(own, first), strides };
    return moveSteps(node, node.inputs, [{ sizes, target, source }]);
  },
  Pad(node, { shapeOf }) {
    const { pads } = node.attributes;
    if (pads.every((size) => size === 0)) return alias(node); // exporters write them
    const from = shapeOf(node.inputs[0]!);
    const to = shapeOf(node.outputs[0]!);
    const begins = pads.slice(0, from.length);
    const sizes = from.map(
      (size, axis) => size + Math.min(0, begins[axis]!) + Math.min(0, pads[axis + from.length]!),
    );
    const startingAt = (strides: readonly number[], places: readonly number[]) => ({
      strides,
      start: offset(strides, places),
    });
    const target = startingAt(
      stridesOf(to),
      begins.map((size) => Math.max(0, size)),
    );
    const source = startingAt(
      stridesOf(from),
      begins.map((size) => Math.max(0, -size)),
    );
    return moveSteps(node, node.inputs, [{ sizes, target, source }], true);
  },
  Gather(node, { shapeOf }) {
    const { size, inner } = along(shapeOf(node.inputs[0]!), node.attributes.axis);
    const rows = node.attributes.indices.map((index) => (index < 0 ? index + size : index));
    return step(node, 'gather', { inputs: node.inputs.slice(0, 1), ints: [size, inner, ...rows] });
  },
  LinearAlongAxis(node, context) {
    const { axis, rows, matrix } = node.attributes;
    const ends = { from: node.inputs[0]!, to: node.outputs[0]! };
    return [multiplied(node, ends, axis, { rows, numbers: matrix }, context)];
  },
  Resize(node, context) {
    const x = node.inputs[0]!;
    const y = node.outputs[0]!;
    const [images, channels, height, width] = context.shapeOf(x) as Known<number>;
    const [rows, columns] = [
      resizeMatrix(height, 0, node.attributes),
      resizeMatrix(width, 1, node.attributes),
    ];
    const between = `${y}:wide`;
    context.declare(between, [images, channels, height, columns.to]);
    const wide = { rows: columns.to, numbers: columns.matrix };
    const high = { rows: rows.to, numbers: rows.matrix };
    return [
      multiplied(node, { from: x, to: between }, 3, wide, context),
      multiplied(node, { from: between, to: y }, 2, high, context),
    ];
  },
};
