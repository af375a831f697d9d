/** Transpose, Concat, Squeeze, Unsqueeze, Expand: they move values and change none. */
import { broadcast, sameShape, type Shape } from '../shape.ts';
import type { OnnxNode } from '../onnx/node.ts';
import {
  shapeMismatch,
  unsupportedAttribute,
  type DifferentiationContext,
  type ExpandedNode,
  type ExpansionContext,
  type OperatorDefinition,
} from './operator.ts';
import type { Known } from '../../common/known.ts';

/** The place of an axis from the front, whichever end it was counted from. */
export const axisFromFront = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

export const transpose: OperatorDefinition<'Transpose'> = {
  kind: 'Transpose',
  infer(node, [x]) {
    const { permutation } = node.attributes;
    const known = new Set(permutation);
    if (known.size !== x.length || permutation.some((axis) => axis < 0 || axis >= x.length)) {
      throw shapeMismatch(node, [x], `${permutation.join(', ')} is not an order of its axes`);
    }
    return [permutation.map((axis) => x[axis]!)];
  },
  differentiate(node, gradient, context) {
    if (!context.needsGradient(node.inputs[0]!)) return [null];
    const { permutation } = node.attributes;
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return [context.emit('Transpose', [gradient], { permutation: inverse })];
  },
  write(node, builder) {
    const perm = { ints: node.attributes.permutation };
    builder.node('Transpose', node.inputs, node.outputs, { perm }, node.name);
  },
};

/** Without an order all axes are reversed. */
export function expandTranspose(
  source: OnnxNode,
  context: ExpansionContext,
): readonly ExpandedNode[] {
  const inputs = source.inputs.slice(0, 1);
  const permutation =
    source.ints('perm') ?? context.shapeOf(inputs[0]!).map((_, axis, all) => all.length - 1 - axis);
  return [{ kind: 'Transpose', inputs, outputs: source.outputs, attributes: { permutation } }];
}

/** Moves channels into places: a Reshape, a Transpose and a Reshape. Source: ONNX DepthToSpace. */
export function expandDepthToSpace(
  source: OnnxNode,
  context: ExpansionContext,
): readonly ExpandedNode[] {
  const x = source.inputs[0]!;
  const y = source.outputs[0]!;
  const [, channels, height, width] = context.shapeOf(x) as Known<number>;
  const block = source.int('blocksize', 0);
  const mode = source.string('mode', 'DCR');
  if (block < 1 || channels % block ** 2 !== 0 || (mode !== 'DCR' && mode !== 'CRD')) {
    throw unsupportedAttribute(source, `blocksize=${block}, mode=${mode}`);
  }
  const depth = channels / block ** 2;
  // Which factor of the channels comes first: the block's rows and columns, or the new channels.
  const [parts, permutation] =
    mode === 'DCR'
      ? [
          [block, block, depth],
          [0, 3, 4, 1, 5, 2],
        ]
      : [
          [depth, block, block],
          [0, 1, 4, 2, 5, 3],
        ];
  return [
    {
      kind: 'Reshape',
      inputs: [x],
      outputs: [`${y}:apart`],
      attributes: { shape: [0, ...parts, height, width] },
    },
    {
      kind: 'Transpose',
      inputs: [`${y}:apart`],
      outputs: [`${y}:turned`],
      attributes: { permutation },
    },
    {
      kind: 'Reshape',
      inputs: [`${y}:turned`],
      outputs: [y],
      attributes: { shape: [0, depth, height * block, width * block] },
    },
  ];
}

/** Blocks of places become channels: the block's rows and columns first. Source: ONNX SpaceToDepth. */
export function expandSpaceToDepth(
  source: OnnxNode,
  context: ExpansionContext,
): readonly ExpandedNode[] {
  const x = source.inputs[0]!;
  const y = source.outputs[0]!;
  const [, channels, height, width] = context.shapeOf(x) as Known<number>;
  const block = source.int('blocksize', 0);
  if (block < 1 || height % block !== 0 || width % block !== 0) {
    throw unsupportedAttribute(source, `blocksize=${block} of ${height} x ${width}`);
  }
  const [down, across] = [height / block, width / block];
  return [
    {
      kind: 'Reshape',
      inputs: [x],
      outputs: [`${y}:apart`],
      attributes: { shape: [0, channels, down, block, across, block] },
    },
    {
      kind: 'Transpose',
      inputs: [`${y}:apart`],
      outputs: [`${y}:turned`],
      attributes: { permutation: [0, 3, 5, 1, 2, 4] },
    },
    {
      kind: 'Reshape',
      inputs: [`${y}:turned`],
      outputs: [y],
      attributes: { shape: [0, channels * block ** 2, down, across] },
    },
  ];
}

export const concat: OperatorDefinition<'Concat'> = {
  kind: 'Concat',
  traits: { ownBox: true },
  infer(node, inputs) {
    const first = inputs[0];
    const axis = axisFromFront(node.attributes.axis, first.length);
    const others = (shape: Shape) => shape.filter((_, place) => place !== axis);
    if (
      axis < 0 ||
      axis >= first.length ||
      inputs.some((shape) => !sameShape(others(shape), others(first)))
    ) {
      throw shapeMismatch(node, inputs, `they cannot be joined along axis ${axis}`);
    }
    const size = inputs.reduce((sum, shape) => sum + shape[axis]!, 0);
    return [first.map((own, place) => (place === axis ? size : own))];
  },
  differentiate(node, gradient, context) {
    let start = 0;
    return node.inputs.map((input) => {
      const shape = context.shapeOf(input);
      const axis = axisFromFront(node.attributes.axis, shape.length);
      const [from, to] = [start, start + shape[axis]!];
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

const reshapedBack = (input: string, gradient: string, context: DifferentiationContext) =>
  context.needsGradient(input)
    ? context.emit('Reshape', [gradient], { shape: context.shapeOf(input) })
    : null;

export const squeeze: OperatorDefinition<'Squeeze'> = {
  kind: 'Squeeze',
  traits: { view: true },
  infer(node, [x]) {
    const axes = node.attributes.axes.map((axis) => axisFromFront(axis, x.length));
    const dropped = axes.length > 0 ? axes : x.flatMap((size, axis) => (size === 1 ? [axis] : []));
    if (dropped.some((axis) => x[axis] !== 1)) {
      throw shapeMismatch(node, [x], `axes ${dropped.join(', ')} are not all of size 1`);
    }
    return [x.filter((_, axis) => !dropped.includes(axis))];
  },
  differentiate: (node, gradient, context) => [reshapedBack(node.inputs[0]!, gradient, context)],
  read: (source) => ({
    inputs: source.inputs.slice(0, 1),
    attributes: { axes: source.ints('axes') ?? source.constantIntegers(1) ?? [] },
  }),
  write(node, builder) {
    const { axes } = node.attributes;
    const inputs = axes.length > 0 ? [node.inputs[0]!, builder.integers(axes)] : node.inputs;
    builder.node('Squeeze', inputs, node.outputs, {}, node.name);
  },
};

export const unsqueeze: OperatorDefinition<'Unsqueeze'> = {
  kind: 'Unsqueeze',
  traits: { view: true },
  infer(node, [x]) {
    const rank = x.length + node.attributes.axes.length;
    const axes = node.attributes.axes.map((axis) => axisFromFront(axis, rank));
    if (new Set(axes).size !== axes.length || axes.some((axis) => axis < 0 || axis >= rank)) {
      throw shapeMismatch(node, [x], `axes ${axes.join(', ')} cannot be inserted`);
    }
    const rest = [...x];
    return [
      Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (rest.shift() ?? 1))),
    ];
  },
  differentiate: (node, gradient, context) => [reshapedBack(node.inputs[0]!, gradient, context)],
  read(source) {
    const axes = source.ints('axes') ?? source.constantIntegers(1);
    if (!axes) throw unsupportedAttribute(source, 'no axes');
    return { inputs: source.inputs.slice(0, 1), attributes: { axes } };
  },
  write(node, builder) {
    const inputs = [node.inputs[0]!, builder.integers(node.attributes.axes)];
    builder.node('Unsqueeze', inputs, node.outputs, {}, node.name);
  },
};

export const expand: OperatorDefinition<'Expand'> = {
  kind: 'Expand',
  requiredInputs: 2,
  infer(node, [x]) {
    const out = broadcast(x, node.attributes.shape);
    if (!out)
      throw shapeMismatch(node, [x], `it cannot become ${node.attributes.shape.join(' x ')}`);
    return [out];
  },
  differentiate(node, gradient, context) {
    const x = node.inputs[0]!;
    if (!context.needsGradient(x)) return [null];
    return [context.emit('SumTo', [gradient], { shape: context.shapeOf(x) })];
  },
  read(source) {
    const shape = source.constantIntegers(1);
    if (!shape) throw unsupportedAttribute(source, 'no shape');
    return { inputs: source.inputs.slice(0, 1), attributes: { shape } };
  },
  write(node, builder) {
    const inputs = [node.inputs[0]!, builder.integers(node.attributes.shape)];
    builder.node('Expand', inputs, node.outputs, {}, node.name);
  },
};
