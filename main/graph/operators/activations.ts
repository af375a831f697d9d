/**
 * Elementwise functions of one operand. Each is defined by its derivative, written with other operators; x is
 * the operand and y the result, both of which exist when the backward pass runs.
 */
import { elements, broadcast, sameShape } from '../shape.ts';
import { writeInside } from '../onnx/along-axis.ts';
import type { OnnxNode } from '../onnx/node.ts';
import type { AttributeValue } from '../onnx/builder.ts';
import type { OperatorAttributes, OperatorKind } from './attributes.ts';
import {
  shapeMismatch,
  unsupportedAttribute,
  type DifferentiationContext,
  type OperatorDefinition,
  type OperatorTraits,
} from './operator.ts';
import type { Known } from '../../common/known.ts';

interface Derivative<K extends OperatorKind> {
  readonly x: string;
  readonly y: string;
  readonly attributes: OperatorAttributes[K];
  readonly context: DifferentiationContext;
}

export interface UnaryOptions<K extends OperatorKind> {
  readonly traits?: OperatorTraits;
  readonly read?: (source: OnnxNode) => OperatorAttributes[K];
  readonly write?: (attributes: OperatorAttributes[K]) => Record<string, AttributeValue>;
}

/** @param derivative returns the value name of dy/dx */
export function unary<K extends OperatorKind>(
  kind: K,
  derivative: (of: Derivative<K>) => string,
  options: UnaryOptions<K> = {},
): OperatorDefinition<K> {
  return {
    kind,
    ...(options.traits && { traits: options.traits }),
    infer: (_node, [x]) => [x],
    differentiate(node, gradient, context) {
      const x = node.inputs[0]!;
      if (!context.needsGradient(x)) return [null];
      const slope = derivative({ x, y: node.outputs[0]!, attributes: node.attributes, context });
      return [context.emit('Mul', [gradient, slope], {})];
    },
    read: (source) => ({
      inputs: source.inputs.slice(0, 1),
      attributes: options.read?.(source) ?? ({} as OperatorAttributes[K]),
    }),
    write: (node, builder) => {
      const attributes = options.write?.(node.attributes) ?? {};
      builder.node(kind, node.inputs, node.outputs, attributes, node.name);
    },
  };
}

/** A nonlinearity that follows a layer. */
export const activation = (called?: string): OperatorTraits => ({
  family: 'activation',
  ...(called !== undefined && { called }),
});

/** Shorthands for formulas. */
export function formulas(context: DifferentiationContext) {
  const name = (value: string | number) =>
    typeof value === 'number' ? context.constant(value) : value;
  return {
    times: (a: string | number, b: string | number) => context.emit('Mul', [name(a), name(b)], {}),
    plus: (a: string | number, b: string | number) => context.emit('Add', [name(a), name(b)], {}),
    minus: (a: string | number, b: string | number) => context.emit('Sub', [name(a), name(b)], {}),
    over: (a: string | number, b: string | number) => context.emit('Div', [name(a), name(b)], {}),
    inside: (x: string, min: number, max: number) => context.emit('InsideMask', [x], { min, max }),
    exp: (x: string) => context.emit('Exp', [x], {}),
    tanh: (x: string) => context.emit('Tanh', [x], {}),
    erf: (x: string) => context.emit('Erf', [x], {}),
  };
}

export const neg = unary('Neg', ({ context }) => context.constant(-1));
export const exp = unary('Exp', ({ y }) => y);
export const log = unary('Log', ({ x, context }) => context.emit('Reciprocal', [x], {}));
export const sqrt = unary('Sqrt', ({ y, attributes: { ofSquares = false }, context }) => {
  const { over, plus } = formulas(context);
  // What it was squared from is 0 there, and any finite slope times that is 0 as well.
  const isZero = () => context.emit('EqualMask', [y, context.constant(0)], {});
  return over(0.5, ofSquares ? plus(y, isZero()) : y);
});

export const reciprocal = unary('Reciprocal', ({ y, context }) => {
  const { times } = formulas(context);
  return times(-1, times(y, y));
});

/** sign(x), and 0 at 0 as in PyTorch. */
export const abs = unary('Abs', ({ x, context }) => {
  const { minus, inside } = formulas(context);
  return minus(inside(x, 0, Infinity), inside(x, -Infinity, 0));
});

export const pow: OperatorDefinition<'Pow'> = {
  ...unary('Pow', ({ x, attributes: { exponent }, context }) =>
    exponent === 0 || exponent === 1
      ? context.constant(exponent)
      : formulas(context).times(
          exponent,
          exponent === 2 ? x : context.emit('Pow', [x], { exponent: exponent - 1 }),
        ),
  ),
  requiredInputs: 2,
  read(source) {
    const tensor = source.constantTensor(1);
    if (!tensor || elements(tensor.shape) !== 1) {
      throw unsupportedAttribute(source, 'an exponent that is not one constant number');
    }
    const exponent = tensor.type === 'int64' ? tensor.integers[0]! : tensor.data[0]!;
    return { inputs: source.inputs.slice(0, 1), attributes: { exponent } };
  },
  write: (node, builder) => {
    const exponent = builder.scalar(node.attributes.exponent);
    builder.node('Pow', [node.inputs[0]!, exponent], node.outputs, {}, node.name);
  },
};

export const sigmoid = unary(
  'Sigmoid',
  ({ y, context }) => {
    const { times, minus } = formulas(context);
    return times(y, minus(1, y));
  },
  { traits: activation() },
);

export const tanh = unary(
  'Tanh',
  ({ y, context }) => {
    const { times, minus } = formulas(context);
    return minus(1, times(y, y));
  },
  { traits: activation() },
);

/** 2 / sqrt(pi) * exp(-x^2) */
export const erf = unary('Erf', ({ x, context }) => {
  const { times, exp: power } = formulas(context);
  return times(2 / Math.sqrt(Math.PI), power(times(-1, times(x, x))));
});

/** alpha within the linear part, otherwise 0. Source: ONNX HardSigmoid. */
export const hardSigmoid = unary(
  'HardSigmoid',
  ({ x, attributes: { alpha, beta }, context }) => {
    const { times, inside } = formulas(context);
    return times(alpha, inside(x, -beta / alpha, (1 - beta) / alpha));
  },
  {
    traits: activation('hard sigmoid'),
    read: (source) => ({ alpha: source.float('alpha', 0.2), beta: source.float('beta', 0.5) }),
    write: ({ alpha, beta }) => ({ alpha: { float: alpha }, beta: { float: beta } }),
  },
);

/** x * HardSigmoid(x; 1/6, 1/2): slope (2x + 3) / 6 between -3 and 3, and 1 above. Source: ONNX HardSwish. */
export const hardSwish = unary(
  'HardSwish',
  ({ x, context }) => {
    const { times, plus, inside } = formulas(context);
    const bend = times(inside(x, -3, 3), plus(times(1 / 3, x), 0.5));
    return plus(bend, inside(x, 3, Infinity));
  },
  { traits: activation('hard swish') },
);

/** Phi(x) + x phi(x) for the exact form; the derivative of the tanh form otherwise. Source: ONNX Gelu. */
export const gelu: OperatorDefinition<'Gelu'> = {
  ...unary(
    'Gelu',
    ({ x, attributes, context }) => {
      const {
        times,
        plus,
        minus,
        exp: power,
        erf: errorFunction,
        tanh: hyperbolic,
      } = formulas(context);
      if (attributes.approximate === 'none') {
        const cumulative = times(0.5, plus(1, errorFunction(times(Math.SQRT1_2, x))));
        const density = times(1 / Math.sqrt(2 * Math.PI), power(times(-0.5, times(x, x))));
        return plus(cumulative, times(x, density));
      }
      const scale = Math.sqrt(2 / Math.PI);
      const square = times(x, x);
      const t = hyperbolic(times(scale, times(x, plus(1, times(0.044715, square)))));
      const inner = times(scale, plus(1, times(3 * 0.044715, square)));
      const bend = times(times(0.5, x), times(minus(1, times(t, t)), inner));
      return plus(times(0.5, plus(1, t)), bend);
    },
    {
      traits: activation('GELU'),
      read: (source) => ({
        approximate: source.string('approximate', 'none') === 'tanh' ? 'tanh' : 'none',
      }),
    },
  ),
  /** Written as several nodes: the operator exists only since opset 20. */
  write(node, builder) {
    const x = node.inputs[0]!;
    const op = (kind: string, ...inputs: string[]) => builder.op(kind, inputs);
    const half = op('Mul', x, builder.scalar(0.5));
    let inner: string;
    if (node.attributes.approximate === 'none') {
      inner = op('Erf', op('Mul', x, builder.scalar(Math.SQRT1_2)));
    } else {
      const cubic = op('Mul', op('Mul', x, x), builder.scalar(0.044715));
      const polynomial = op('Mul', x, op('Add', cubic, builder.scalar(1)));
      inner = op('Tanh', op('Mul', polynomial, builder.scalar(Math.sqrt(2 / Math.PI))));
    }
    builder.op('Mul', [half, op('Add', inner, builder.scalar(1))], {}, node.outputs[0]);
  },
};

/** 1 above 0, else y + alpha. */
export const elu = unary(
  'Elu',
  ({ x, y, attributes: { alpha }, context }) => {
    const { times, plus, inside, minus } = formulas(context);
    const above = inside(x, 0, Infinity);
    return plus(above, times(minus(1, above), plus(y, alpha)));
  },
  {
    traits: activation('ELU'),
    read: (source) => ({ alpha: source.float('alpha', 1) }),
    write: ({ alpha }) => ({ alpha: { float: alpha } }),
  },
);

export const leakyRelu = unary(
  'LeakyRelu',
  ({ x, attributes: { alpha }, context }) => {
    const { times, plus, inside } = formulas(context);
    return plus(alpha, times(1 - alpha, inside(x, 0, Infinity)));
  },
  {
    traits: activation('leaky ReLU'),
    read: (source) => ({ alpha: source.float('alpha', 0.01) }),
    write: ({ alpha }) => ({ alpha: { float: alpha } }),
  },
);

/** ReLU6 and the like. Absent bounds are infinite. */
export const clip: OperatorDefinition<'Clip'> = {
  ...unary('Clip', ({ x, attributes: { min, max }, context }) =>
    context.emit('InsideMask', [x], { min, max }),
  ),
  traits: activation(),
  read(source) {
    const bounds =
      source.opset < 11
        ? [source.float('min', -Infinity), source.float('max', Infinity)]
        : [source.constantFloat(1) ?? -Infinity, source.constantFloat(2) ?? Infinity];
    const [min, max] = bounds as Known<number>;
    return { inputs: source.inputs.slice(0, 1), attributes: { min, max } };
  },
  write(node, builder) {
    const { min, max } = node.attributes;
    const inputs = [node.inputs[0]!, builder.scalar(min), builder.scalar(max)];
    builder.node('Clip', inputs, node.outputs, {}, node.name);
  },
};

export const insideMask: OperatorDefinition<'InsideMask'> = {
  kind: 'InsideMask',
  traits: { flat: true },
  infer: (_node, [x]) => [x],
  write: (node, builder) =>
    void writeInside(builder, node.inputs[0]!, node.attributes, node.outputs[0]),
};

/** A slope per channel, trained like a weight, but not a layer in the sense of the method. */
export const prelu: OperatorDefinition<'PRelu'> = {
  kind: 'PRelu',
  traits: { trained: true, called: 'PReLU' },
  requiredInputs: 2,
  infer(node, [x, slope]) {
    if (!sameShape(broadcast(x, slope) ?? [], x)) {
      throw shapeMismatch(node, [x, slope], 'the slopes do not fit');
    }
    return [x];
  },
  differentiate(node, gradient, context) {
    const [x, slope] = node.inputs as Known<string>;
    if (!context.needsGradient(x)) return [null, null];
    const { times, plus, minus, inside } = formulas(context);
    const above = inside(x, 0, Infinity);
    return [times(gradient, plus(above, times(minus(1, above), slope))), null];
  },
  read: (source) => ({ inputs: source.inputs, attributes: {} }),
  write: (node, builder) => builder.node('PRelu', node.inputs, node.outputs, {}, node.name),
};
