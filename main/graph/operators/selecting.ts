/**
 * Slice, Split and Gather: they select values of a tensor, and their gradients go back to where these came
 * from.
 */
import { WorkbenchError } from '../../errors.ts';
import type { Node } from '../graph.ts';
import type { OnnxNode } from '../onnx/node.ts';
import { elements } from '../shape.ts';
import type { SliceAttributes } from './attributes.ts';
import { axisFromFront } from './moving.ts';
import {
  shapeMismatch,
  unsupportedAttribute,
  type DifferentiationContext,
  type ExpandedNode,
  type ExpansionContext,
  type OperatorDefinition,
} from './operator.ts';

/** The indices that a slice takes along one axis. Source: ONNX Slice (NumPy's rules). */
export function slicedIndices(size: number, start: number, end: number, step: number): number[] {
  const { from, count } = sliced(size, start, end, step);
  return Array.from({ length: count }, (_, i) => from + i * step);
}

/** Where a slice begins along one axis and how many places it takes, without enumerating them. */
function sliced(
  size: number,
  start: number,
  end: number,
  step: number,
): { readonly from: number; readonly count: number } {
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
  const first = start < 0 ? start + size : start;
  const last = end < 0 ? end + size : end;
  const ahead = step > 0;
  const from = clamp(first, 0, ahead ? size : size - 1);
  const to = ahead ? clamp(last, 0, size) : end < -size ? -1 : clamp(last, -1, size - 1);
  return { from, count: Math.max(0, Math.ceil((to - from) / step)) };
}

/**
 * The gradient of a selection that repeats values takes a constant matrix; a larger one would take gigabytes.
 */
const largestSelection = 2 ** 26;

/**
 * Sends what was taken from an axis back to where it came from. Where nothing was taken twice this is again a
 * selection, with zeros for what was not taken; otherwise it is a product with the transposed selection.
 */
function scatterAlong(
  node: Node,
  gradient: string,
  axis: number,
  size: number,
  indices: readonly number[],
  context: DifferentiationContext,
): string {
  if (new Set(indices).size === indices.length) {
    const shape = context.shapeOf(gradient);
    const oneMore = shape.map((_, place) => (place === axis ? 1 : 0));
    const padded = context.emit('Pad', [gradient], { pads: [...shape.map(() => 0), ...oneMore] });
    const places = new Array<number>(size).fill(indices.length);
    indices.forEach((from, place) => (places[from] = place));
    return context.emit('Gather', [padded], { axis, indices: places, indicesShape: [size] });
  }
  if (size * indices.length > largestSelection) {
    throw new WorkbenchError(
      'tensor-too-large',
      `${node.kind} node "${node.name}" takes ${indices.length} of ${size} values, some of them repeatedly: too many to differentiate.`,
      'Score a network without this operator.',
    );
  }
  const matrix = new Float32Array(size * indices.length);
  indices.forEach((from, place) => (matrix[from * indices.length + place]! += 1));
  return context.emit('LinearAlongAxis', [gradient], { axis, rows: size, matrix });
}

export const slice: OperatorDefinition<'Slice'> = {
  kind: 'Slice',
  infer(node, [x]) {
    const { axes, starts, ends, steps } = node.attributes;
    const out = [...x];
    const seen = new Set<number>();
    axes.forEach((written, i) => {
      const axis = axisFromFront(written, x.length);
      if (axis < 0 || axis >= x.length || seen.has(axis)) {
        throw shapeMismatch(node, [x], `axis ${written} does not exist, or is cut twice`);
      }
      seen.add(axis);
      out[axis] = sliced(x[axis]!, starts[i]!, ends[i]!, steps[i]!).count;
    });
    if (out.some((size) => size < 1)) throw shapeMismatch(node, [x], 'nothing is left of it');
    return [out];
  },
  differentiate(node, gradient, context) {
    const x = node.inputs[0]!;
    if (!context.needsGradient(x)) return [null];
    const { axes, starts, ends, steps } = node.attributes;
    const shape = context.shapeOf(x);
    if (steps.every((step) => step === 1)) {
      const before = shape.map(() => 0);
      const after = shape.map(() => 0);
      axes.forEach((written, i) => {
        const axis = axisFromFront(written, shape.length);
        const taken = slicedIndices(shape[axis]!, starts[i]!, ends[i]!, 1);
        before[axis] = taken[0]!;
        after[axis] = shape[axis]! - taken[0]! - taken.length;
      });
      return [context.emit('Pad', [gradient], { pads: [...before, ...after] })];
    }
    let back = gradient;
    axes.forEach((written, i) => {
      const axis = axisFromFront(written, shape.length);
      const taken = slicedIndices(shape[axis]!, starts[i]!, ends[i]!, steps[i]!);
      back = scatterAlong(node, back, axis, shape[axis]!, taken, context);
    });
    return [back];
  },
  read(source) {
    const starts = source.opset < 10 ? source.ints('starts') : source.constantIntegers(1);
    const ends = source.opset < 10 ? source.ints('ends') : source.constantIntegers(2);
    if (!starts || !ends) throw unsupportedAttribute(source, 'no starts or ends');
    const written = source.opset < 10 ? source.ints('axes') : source.constantIntegers(3);
    const steps = source.opset < 10 ? undefined : source.constantIntegers(4);
    if (steps?.includes(0)) throw unsupportedAttribute(source, 'a step of 0');
    const counts = [ends, written ?? starts, steps ?? starts].map((values) => values.length);
    if (counts.some((count) => count !== starts.length)) {
      throw unsupportedAttribute(source, 'starts, ends, axes and steps of different lengths');
    }
    const attributes: SliceAttributes = {
      axes: written ?? starts.map((_, axis) => axis),
      starts,
      ends,
      steps: steps ?? starts.map(() => 1),
    };
    return { inputs: source.inputs.slice(0, 1), attributes };
  },
  write(node, builder) {
    const { axes, starts, ends, steps } = node.attributes;
    const constants = [starts, ends, axes, steps].map((values) => builder.integers(values));
    builder.node('Slice', [node.inputs[0]!, ...constants], node.outputs, {}, node.name);
  },
};

/** Split becomes one Slice per output. Sizes are given, or equal but for a smaller last one. */
export function expandSplit(source: OnnxNode, context: ExpansionContext): readonly ExpandedNode[] {
  const x = source.inputs[0]!;
  const shape = context.shapeOf(x);
  const axis = axisFromFront(source.int('axis', 0), shape.length);
  const part = Math.ceil(shape[axis]! / source.outputs.length);
  const given = source.ints('split') ?? source.constantIntegers(1);
  const sizes =
    given ?? source.outputs.map((_, i) => Math.min(part, Math.max(0, shape[axis]! - i * part)));
  if (sizes.length !== source.outputs.length) {
    throw unsupportedAttribute(
      source,
      `${sizes.length} sizes for ${source.outputs.length} outputs`,
    );
  }
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  if (whole !== shape[axis] || sizes.some((size) => size < 1)) {
    throw unsupportedAttribute(source, `sizes ${sizes.join(', ')} of an axis of ${shape[axis]}`);
  }
  let start = 0;
  const parts = source.outputs.map((output, i): ExpandedNode => {
    const [from, to] = [start, start + sizes[i]!];
    start = to;
    const attributes = { axes: [axis], starts: [from], ends: [to], steps: [1] };
    return { kind: 'Slice', inputs: [x], outputs: [output], attributes };
  });
  return parts.filter(({ outputs: [output] }) => output !== ''); // a part that nothing uses
}

export const gather: OperatorDefinition<'Gather'> = {
  kind: 'Gather',
  requiredInputs: 2,
  infer(node, [x]) {
    const axis = axisFromFront(node.attributes.axis, x.length);
    const { indices, indicesShape } = node.attributes;
    if (axis < 0 || axis >= x.length || elements(indicesShape) !== indices.length) {
      throw shapeMismatch(node, [x], `axis ${axis} does not exist`);
    }
    if (indices.some((index) => index >= x[axis]! || index < -x[axis]!)) {
      throw shapeMismatch(node, [x], `an index is outside of axis ${axis}`);
    }
    return [[...x.slice(0, axis), ...indicesShape, ...x.slice(axis + 1)]];
  },
  differentiate(node, gradient, context) {
    const x = node.inputs[0]!;
    if (!context.needsGradient(x)) return [null];
    const shape = context.shapeOf(x);
    const axis = axisFromFront(node.attributes.axis, shape.length);
    const indices = node.attributes.indices.map((index) => axisFromFront(index, shape[axis]!));
    const flat = shape.map((size, place) => (place === axis ? indices.length : size));
    const rows = context.emit('Reshape', [gradient], { shape: flat });
    return [scatterAlong(node, rows, axis, shape[axis]!, indices, context)];
  },
  read(source) {
    const indices = source.constantTensor(1);
    if (!indices || indices.type !== 'int64')
      throw unsupportedAttribute(source, 'computed indices');
    return {
      inputs: source.inputs.slice(0, 1),
      attributes: {
        axis: source.int('axis', 0),
        indices: indices.integers,
        indicesShape: indices.shape,
      },
    };
  },
  write(node, builder) {
    const { axis, indices, indicesShape } = node.attributes;
    const constant = builder.integers(indices, indicesShape);
    builder.node(
      'Gather',
      [node.inputs[0]!, constant],
      node.outputs,
      { axis: { int: axis } },
      node.name,
    );
  },
};
