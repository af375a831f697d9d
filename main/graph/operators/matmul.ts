/** Matrix products over the last two axes, batched over the others; and Softmax. */
import type { OnnxNode } from '../onnx/node.ts';
import { broadcast, elements, type Shape } from '../shape.ts';
import { reducedTo } from './broadcasting.ts';
import {
  shapeMismatch,
  unsupportedAttribute,
  type DifferentiationContext,
  type ExpandedNode,
  type ExpansionContext,
  type OperatorDefinition,
} from './operator.ts';
import type { Known } from '../../common/known.ts';

/** Exchanges the last two axes. */
function transposed(value: string, context: DifferentiationContext): string {
  const axes = context.shapeOf(value).map((_, axis) => axis);
  const [row, column] = axes.slice(-2) as Known<number>;
  const permutation = [...axes.slice(0, -2), column, row];
  return context.emit('Transpose', [value], { permutation });
}

export const matmul: OperatorDefinition<'MatMul'> = {
  kind: 'MatMul',
  traits: { trained: true, ownBox: true, called: 'matrix product' },
  requiredInputs: 2,
  infer(node, [a, b]) {
    if (a.length < 2 || b.length < 2) throw shapeMismatch(node, [a, b], 'it needs matrices');
    const batch = broadcast(a.slice(0, -2), b.slice(0, -2));
    if (!batch || a[a.length - 1] !== b[b.length - 2]) {
      throw shapeMismatch(node, [a, b], 'the matrices cannot be multiplied');
    }
    return [[...batch, a[a.length - 2]!, b[b.length - 1]!]];
  },
  macs: (_node, [a], [out]) => elements(out) * a[a.length - 1]!,
  /** dA = dY B^T, dB = A^T dY, summed where a batch axis was broadcast. */
  differentiate(node, gradient, context) {
    const [a, b] = node.inputs as Known<string>;
    const first = context.needsGradient(a)
      ? reducedTo(a, context.emit('MatMul', [gradient, transposed(b, context)], {}), context)
      : null;
    if (!context.needsGradient(b)) return [first, null];
    const shape = context.shapeOf(b);
    if (shape.length === 2) {
      // One product over all rows instead of one per batch and a sum.
      const rows = (value: string, columns: number) =>
        context.emit('Reshape', [value], { shape: [-1, columns] });
      const product = { alpha: 1, beta: 1, transA: true, transB: false };
      const operands = [rows(a, shape[0]!), rows(gradient, shape[1]!)];
      return [first, context.emit('Gemm', operands, product)];
    }
    const products = context.emit('MatMul', [transposed(a, context), gradient], {});
    return [first, reducedTo(b, products, context)];
  },
  read: (source) => ({ inputs: source.inputs, attributes: {} }),
  write: (node, builder) => builder.node('MatMul', node.inputs, node.outputs, {}, node.name),
};

export const softmax: OperatorDefinition<'Softmax'> = {
  kind: 'Softmax',
  infer(node, [x]) {
    const { axis } = node.attributes;
    if (axis >= x.length || axis < -x.length) {
      throw shapeMismatch(node, [x], `axis ${axis} does not exist`);
    }
    return [x];
  },
  /** dX = y (dY - sum(dY y)) */
  differentiate(node, gradient, context) {
    const x = node.inputs[0]!;
    const y = node.outputs[0]!;
    if (!context.needsGradient(x)) return [null];
    const axes = [node.attributes.axis];
    const product = context.emit('Mul', [gradient, y], {});
    const sum = context.emit('ReduceSum', [product], { axes, keepDims: true });
    return [context.emit('Mul', [y, context.emit('Sub', [gradient, sum], {})], {})];
  },
  write(node, builder) {
    const axis = { int: node.attributes.axis };
    builder.node('Softmax', node.inputs, node.outputs, { axis }, node.name);
  },
};

/** x - ln(sum(e^x)). Its gradient: dX = dY - e^y sum(dY). Source: ONNX LogSoftmax. */
export const logSoftmax: OperatorDefinition<'LogSoftmax'> = {
  kind: 'LogSoftmax',
  infer: (node, [x]) => softmax.infer({ ...node, kind: 'Softmax' }, [x] as unknown as Known<Shape>),
  differentiate(node, gradient, context) {
    if (!context.needsGradient(node.inputs[0]!)) return [null];
    const axes = [node.attributes.axis];
    const sum = context.emit('ReduceSum', [gradient], { axes, keepDims: true });
    const shares = context.emit('Exp', [node.outputs[0]!], {});
    return [context.emit('Sub', [gradient, context.emit('Mul', [shares, sum], {})], {})];
  },
  write(node, builder) {
    const axis = { int: node.attributes.axis };
    builder.node('LogSoftmax', node.inputs, node.outputs, { axis }, node.name);
  },
};

/**
 * Before opset 13 Softmax and LogSoftmax flattened all axes from their own on; for the last axis that makes no
 * difference.
 */
export function expandSoftmax(
  source: OnnxNode,
  context: ExpansionContext,
): readonly ExpandedNode[] {
  const kind = source.opType === 'LogSoftmax' ? 'LogSoftmax' : 'Softmax';
  const axis = source.int('axis', source.opset < 13 ? 1 : -1);
  const x = source.inputs[0]!;
  const y = source.outputs[0]!;
  const whole = { kind, inputs: [x], outputs: [y], attributes: { axis } } as const;
  if (source.opset >= 13 || axis === -1) return [whole];
  const shape = context.shapeOf(x);
  const from = axis < 0 ? axis + shape.length : axis;
  if (from < 0 || from >= shape.length) throw unsupportedAttribute(source, `axis=${axis}`);
  if (from === shape.length - 1) return [whole];
  const joined = [...shape.slice(0, from), elements(shape.slice(from))];
  return [
    { kind: 'Reshape', inputs: [x], outputs: [`${y}:joined`], attributes: { shape: joined } },
    {
      kind,
      inputs: [`${y}:joined`],
      outputs: [`${y}:softmax`],
      attributes: { axis: -1 },
    },
    { kind: 'Reshape', inputs: [`${y}:softmax`], outputs: [y], attributes: { shape } },
  ];
}
