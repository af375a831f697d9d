/** Transpose, Concat, Slice, Squeeze, Unsqueeze, Expand, Gather: values move, none changes. */
import { broadcast, elements, sameShape, type Shape } from '../shape.ts';
import type { OnnxNode } from '../onnx/node.ts';
import type { SliceAttributes } from './attributes.ts';
import {
  shapeMismatch,
  unsupportedAttribute,
  type DifferentiationContext,
  type ExpandedNode,
  type ExpansionContext,
  type OperatorDefinition,
} from './operator.ts';

const positive = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

export const transpose: OperatorDefinition<'Transpose'> = {
  kind: 'Transpose',
  infer(node, [x]) {
    const { permutation } = node.attributes;
    const known = new Set(permutation);
    if (known.size !== x.length || permutation.some((axis) => axis < 0 || axis >= x.length)) {
      throw shapeMismatch(node, [x], `${permutation.join(', ')} is no order of its axes`);
    }
    return [permutation.map((axis) => x[axis])];
  },
  differentiate(node, gradient, context) {
    if (!context.needsGradient(node.inputs[0])) return [null];
    const { permutation } = node.attributes;
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return [context.emit('Transpose', [gradient], { permutation: inverse })];
  },
  read(source) {
    const permutation = source.ints('perm');
    if (!permutation) throw unsupportedAttribute(source, 'no perm');
    return { inputs: source.inputs, attributes: { permutation } };
  },
  write(node, builder) {
    const perm = { ints: node.attributes.permutation };
    builder.node('Transpose', node.inputs, node.outputs, { perm }, node.name);
  },
};

export const concat: OperatorDefinition<'Concat'> = {
  kind: 'Concat',
  infer(node, inputs) {
    const [first] = inputs;
    const axis = positive(node.attributes.axis, first.length);
    const others = (shape: Shape) => shape.filter((_, place) => place !== axis);
    if (
      axis < 0 ||
      axis >= first.length ||
      inputs.some((shape) => !sameShape(others(shape), others(first)))
    ) {
      throw shapeMismatch(node, inputs, `they cannot be joined along axis ${axis}`);
    }
    const size = inputs.reduce((sum, shape) => sum + shape[axis], 0);
    return [first.map((own, place) => (place === axis ? size : own))];
  },
  differentiate(node, gradient, context) {
    let start = 0;
    return node.inputs.map((input) => {
      const shape = context.shapeOf(input);
      const axis = positive(node.attributes.axis, shape.length);
      const [from, to] = [start, start + shape[axis]];
      start = to;
      if (!context.needsGradient(input)) return null;
      const range = { axes: [axis], starts: [from], ends: [to], steps: [1] };
      return context.emit('Slice', [gradient], range);
    });
  },
  read: (source) => ({ inputs: source.inputs, attributes: { axis: source.int('axis', 1) } }),
  write(node, builder) {
    const axis = { int: node.attributes.axis };
    builder.node('Concat', node.inputs, node.outputs, { axis }, node.name);
  },
};

/** The indices that a slice takes along one axis. Source: ONNX Slice (NumPy's rules). */
export function slicedIndices(size: number, start: number, end: number, step: number): number[] {
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
  const from = start < 0 ? start + size : start;
  const to = end < 0 ? end + size : end;
  const indices: number[] = [];
  if (step > 0) {
    for (let i = clamp(from, 0, size); i < clamp(to, 0, size); i += step) indices.push(i);
  } else {
    const last = end < -size ? -1 : clamp(to, -1, size - 1);
    for (let i = clamp(from, 0, size - 1); i > last; i += step) indices.push(i);
  }
  return indices;
}

/** What was taken from an axis goes back to where it came from: a product with the selection, transposed. */
function scatterAlong(
  gradient: string,
  axis: number,
  size: number,
  indices: readonly number[],
  context: DifferentiationContext,
): string {
  const matrix = new Float32Array(size * indices.length);
  indices.forEach((from, place) => (matrix[from * indices.length + place] += 1));
  return context.emit('LinearAlongAxis', [gradient], { axis, rows: size, matrix });
}

export const slice: OperatorDefinition<'Slice'> = {
  kind: 'Slice',
  infer(node, [x]) {
    const { axes, starts, ends, steps } = node.attributes;
    const out = [...x];
    axes.forEach((written, i) => {
      const axis = positive(written, x.length);
      if (axis < 0 || axis >= x.length) {
        throw shapeMismatch(node, [x], `axis ${written} does not exist`);
      }
      out[axis] = slicedIndices(x[axis], starts[i], ends[i], steps[i]).length;
    });
    if (out.some((size) => size < 1)) throw shapeMismatch(node, [x], 'nothing is left of it');
    return [out];
  },
  differentiate(node, gradient, context) {
    const [x] = node.inputs;
    if (!context.needsGradient(x)) return [null];
    const { axes, starts, ends, steps } = node.attributes;
    const shape = context.shapeOf(x);
    if (steps.every((step) => step === 1)) {
      const before = shape.map(() => 0);
      const after = shape.map(() => 0);
      axes.forEach((written, i) => {
        const axis = positive(written, shape.length);
        const taken = slicedIndices(shape[axis], starts[i], ends[i], 1);
        before[axis] = taken[0];
        after[axis] = shape[axis] - taken[0] - taken.length;
      });
      return [context.emit('Pad', [gradient], { pads: [...before, ...after] })];
    }
    let back = gradient;
    axes.forEach((written, i) => {
      const axis = positive(written, shape.length);
      const taken = slicedIndices(shape[axis], starts[i], ends[i], steps[i]);
      back = scatterAlong(back, axis, shape[axis], taken, context);
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
    builder.node('Slice', [node.inputs[0], ...constants], node.outputs, {}, node.name);
  },
};

/** Split is one Slice an output. Sizes are given, or equal with a smaller rest. */
export function expandSplit(source: OnnxNode, context: ExpansionContext): readonly ExpandedNode[] {
  const [x] = source.inputs;
  const shape = context.shapeOf(x);
  const axis = positive(source.int('axis', 0), shape.length);
  const part = Math.ceil(shape[axis] / source.outputs.length);
  const given = source.ints('split') ?? source.constantIntegers(1);
  const sizes =
    given ?? source.outputs.map((_, i) => Math.min(part, Math.max(0, shape[axis] - i * part)));
  if (sizes.length !== source.outputs.length) {
    throw unsupportedAttribute(
      source,
      `${sizes.length} sizes for ${source.outputs.length} outputs`,
    );
  }
  let start = 0;
  return source.outputs.map((output, i): ExpandedNode => {
    const [from, to] = [start, start + sizes[i]];
    start = to;
    const attributes = { axes: [axis], starts: [from], ends: [to], steps: [1] };
    return { kind: 'Slice', inputs: [x], outputs: [output], attributes };
  });
}

const reshapedBack = (input: string, gradient: string, context: DifferentiationContext) =>
  context.needsGradient(input)
    ? context.emit('Reshape', [gradient], { shape: context.shapeOf(input) })
    : null;

export const squeeze: OperatorDefinition<'Squeeze'> = {
  kind: 'Squeeze',
  infer(node, [x]) {
    const axes = node.attributes.axes.map((axis) => positive(axis, x.length));
    const dropped = axes.length > 0 ? axes : x.flatMap((size, axis) => (size === 1 ? [axis] : []));
    if (dropped.some((axis) => x[axis] !== 1)) {
      throw shapeMismatch(node, [x], `axes ${dropped.join(', ')} are not all of size 1`);
    }
    return [x.filter((_, axis) => !dropped.includes(axis))];
  },
  differentiate: (node, gradient, context) => [reshapedBack(node.inputs[0], gradient, context)],
  read: (source) => ({
    inputs: source.inputs.slice(0, 1),
    attributes: { axes: source.ints('axes') ?? source.constantIntegers(1) ?? [] },
  }),
  write(node, builder) {
    const { axes } = node.attributes;
    const inputs = axes.length > 0 ? [node.inputs[0], builder.integers(axes)] : node.inputs;
    builder.node('Squeeze', inputs, node.outputs, {}, node.name);
  },
};

export const unsqueeze: OperatorDefinition<'Unsqueeze'> = {
  kind: 'Unsqueeze',
  infer(node, [x]) {
    const rank = x.length + node.attributes.axes.length;
    const axes = node.attributes.axes.map((axis) => positive(axis, rank));
    if (new Set(axes).size !== axes.length || axes.some((axis) => axis < 0 || axis >= rank)) {
      throw shapeMismatch(node, [x], `axes ${axes.join(', ')} cannot be inserted`);
    }
    const rest = [...x];
    return [
      Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (rest.shift() ?? 1))),
    ];
  },
  differentiate: (node, gradient, context) => [reshapedBack(node.inputs[0], gradient, context)],
  read(source) {
    const axes = source.ints('axes') ?? source.constantIntegers(1);
    if (!axes) throw unsupportedAttribute(source, 'no axes');
    return { inputs: source.inputs.slice(0, 1), attributes: { axes } };
  },
  write(node, builder) {
    const inputs = [node.inputs[0], builder.integers(node.attributes.axes)];
    builder.node('Unsqueeze', inputs, node.outputs, {}, node.name);
  },
};

export const expand: OperatorDefinition<'Expand'> = {
  kind: 'Expand',
  infer(node, [x]) {
    const out = broadcast(x, node.attributes.shape);
    if (!out)
      throw shapeMismatch(node, [x], `it cannot become ${node.attributes.shape.join(' x ')}`);
    return [out];
  },
  differentiate(node, gradient, context) {
    const [x] = node.inputs;
    if (!context.needsGradient(x)) return [null];
    return [context.emit('SumTo', [gradient], { shape: context.shapeOf(x) })];
  },
  read(source) {
    const shape = source.constantIntegers(1);
    if (!shape) throw unsupportedAttribute(source, 'no shape');
    return { inputs: source.inputs.slice(0, 1), attributes: { shape } };
  },
  write(node, builder) {
    const inputs = [node.inputs[0], builder.integers(node.attributes.shape)];
    builder.node('Expand', inputs, node.outputs, {}, node.name);
  },
};

export const gather: OperatorDefinition<'Gather'> = {
  kind: 'Gather',
  infer(node, [x]) {
    const axis = positive(node.attributes.axis, x.length);
    const { indices, indicesShape } = node.attributes;
    if (axis < 0 || axis >= x.length || elements(indicesShape) !== indices.length) {
      throw shapeMismatch(node, [x], `axis ${axis} does not exist`);
    }
    if (indices.some((index) => index >= x[axis] || index < -x[axis])) {
      throw shapeMismatch(node, [x], `an index lies outside of axis ${axis}`);
    }
    return [[...x.slice(0, axis), ...indicesShape, ...x.slice(axis + 1)]];
  },
  differentiate(node, gradient, context) {
    const [x] = node.inputs;
    if (!context.needsGradient(x)) return [null];
    const shape = context.shapeOf(x);
    const axis = positive(node.attributes.axis, shape.length);
    const indices = node.attributes.indices.map((index) => positive(index, shape[axis]));
    const flat = shape.map((size, place) => (place === axis ? indices.length : size));
    const rows = context.emit('Reshape', [gradient], { shape: flat });
    return [scatterAlong(rows, axis, shape[axis], indices, context)];
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
      [node.inputs[0], constant],
      node.outputs,
      { axis: { int: axis } },
      node.name,
    );
  },
};
