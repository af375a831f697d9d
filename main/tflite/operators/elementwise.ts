/** Binary arithmetic and unary functions. */
import type { Node, NodeOf } from '../../graph/graph.ts';
import type { OperatorKind } from '../../graph/operators/attributes.ts';
import { elements } from '../../graph/shape.ts';
import { activationKind, shapeInOrder, plainOrder, type Emitter, type Order } from '../emitter.ts';
import type { TensorIndex } from '../model.ts';
import { options, type Builtin, type FusedActivation, type Options } from '../schema.ts';
import type { Emit } from './emit.ts';
import { inFewAxes } from './few-axes.ts';

/** The order of the result: that of the largest operand with all axes, so that as little as possible is moved. */
function commonOrder(node: Node, emitter: Emitter): Order {
  const rank = emitter.shapeOf(node.outputs[0]!).length;
  const whole = node.inputs.filter(
    (name) => !emitter.isConstant(name) && emitter.shapeOf(name).length === rank,
  );
  const size = (name: string) => elements(emitter.shapeOf(name));
  const [first] = whole.toSorted((a, b) => size(b) - size(a));
  return first === undefined ? plainOrder(rank) : emitter.orderOf(first);
}

/** An operand, prepared for broadcasting: with as many axes as the result, in the result's order. */
function operand(emitter: Emitter, name: string, order: Order): TensorIndex {
  const shape = emitter.shapeOf(name);
  const missing = order.length - shape.length;
  if (emitter.isConstant(name) && elements(shape) === 1) {
    return emitter.number(emitter.weights({ kind: 'Identity', name } as Node, name).data[0]!);
  }
  if (missing === 0) return emitter.get(name, order);
  const own = order.flatMap((axis) => (axis < missing ? [] : [axis - missing]));
  const tensor = emitter.get(name, own);
  return emitter.reshaped(
    tensor,
    order.map((axis) => (axis < missing ? 1 : shape[axis - missing]!)),
  );
}

const fusing: Partial<Record<Builtin, (activation: FusedActivation) => Options>> = {
  ADD: options.add,
  SUB: options.sub,
  MUL: options.mul,
  DIV: options.div,
};

export const emitBinary =
  <K extends OperatorKind>(kind: Builtin): Emit<K> =>
  (node, emitter) => {
    const order = commonOrder(node as Node, emitter);
    const inputs = node.inputs.slice(0, 2).map((name) => operand(emitter, name, order));
    const how = fusing[kind];
    const output = node.outputs[0]!;
    const { activation, made } = how
      ? emitter.fuse(output)
      : { activation: 'NONE' as const, made: output };
    const shape = shapeInOrder(emitter.shapeOf(output), order);
    const few = inFewAxes(emitter, inputs, shape);
    const tensor = emitter.op(kind, few.operands, few.shape, made, how?.(activation));
    emitter.set(made, emitter.reshaped(tensor, shape, made), order);
  };

/** A comparison, giving 1 or 0. */
export const emitComparison =
  <K extends OperatorKind>(kind: 'GREATER' | 'EQUAL'): Emit<K> =>
  (node, emitter) => {
    const order = commonOrder(node as Node, emitter);
    const inputs = node.inputs.slice(0, 2).map((name) => operand(emitter, name, order));
    const value = node.outputs[0]!;
    const shape = shapeInOrder(emitter.shapeOf(value), order);
    const few = inFewAxes(emitter, inputs, shape);
    const holds = emitter.op(kind, few.operands, few.shape, undefined, undefined, 'bool');
    const tensor = asNumbers(emitter, holds, value);
    emitter.set(value, emitter.reshaped(tensor, shape, value), order);
  };

const asNumbers = (emitter: Emitter, holds: TensorIndex, value: string): TensorIndex =>
  emitter.op(
    'CAST',
    [holds],
    emitter.tensors[holds]!.shape,
    value,
    options.cast('bool', 'float32'),
  );

/** The steps of a formula over one tensor; all have its shape. */
interface Formula<K extends OperatorKind> {
  readonly x: TensorIndex;
  readonly attributes: NodeOf<K>['attributes'];
  readonly emitter: Emitter;
  /** Appends a step; `last` appends the one that gives the result. */
  step(kind: Builtin, inputs: readonly TensorIndex[], how?: Options): TensorIndex;
  last(kind: Builtin, inputs: readonly TensorIndex[], how?: Options): TensorIndex;
}

/** A number in a formula is wrapped so that it is not taken for a tensor. */
const number = (emitter: Emitter, value: number) => emitter.number(value);

/** A unary function, in whatever order its operand is stored. */
export const emitUnary =
  <K extends OperatorKind>(formula: (of: Formula<K>) => TensorIndex): Emit<K> =>
  (node, emitter) => {
    const x = node.inputs[0]!;
    const value = node.outputs[0]!;
    const order = emitter.orderOf(x);
    const own = shapeInOrder(emitter.shapeOf(x), order);
    const { operands, shape } = inFewAxes(emitter, [emitter.get(x, order)], own);
    let steps = 0;
    const out = formula({
      x: operands[0]!,
      attributes: node.attributes,
      emitter,
      step: (kind, inputs, how) => emitter.op(kind, inputs, shape, `${value}:step ${steps++}`, how),
      last: (kind, inputs, how) => emitter.op(kind, inputs, shape, value, how),
    });
    emitter.set(value, emitter.reshaped(out, own, value), order);
  };

/** A function that is a single operator of TensorFlow Lite. */
export const emitSingle = <K extends OperatorKind>(kind: Builtin, how?: Options): Emit<K> =>
  emitUnary(({ x, last }) => last(kind, [x], how));

export const emitRelu: Emit<'Relu'> = emitSingle('RELU');

export const emitClip: Emit<'Clip'> = (node, emitter) => {
  const activation = activationKind(node);
  const { min, max } = node.attributes;
  const bounded = emitUnary<'Clip'>(({ x, step, last, emitter: e }) => {
    if (activation && activation !== 'NONE') return last(activation, [x]);
    if (min <= -3e38) return last('MINIMUM', [x, number(e, max)]);
    if (max >= 3e38) return last('MAXIMUM', [x, number(e, min)]);
    return last('MAXIMUM', [step('MINIMUM', [x, number(e, max)]), number(e, min)]);
  });
  bounded(node, emitter);
};

export const emitSigmoid: Emit<'Sigmoid'> = emitSingle('LOGISTIC');
export const emitTanh: Emit<'Tanh'> = emitSingle('TANH');

/** x clip(x + 3, 0, 6) / 6. Source: Howard et al., Searching for MobileNetV3. */
export const emitHardSwish: Emit<'HardSwish'> = emitUnary(({ x, step, last, emitter }) => {
  if (!emitter.options.spellOut) return last('HARD_SWISH', [x]);
  const clipped = step('ADD', [x, emitter.number(3)], options.add('RELU6'));
  const product = step('MUL', [x, clipped], options.mul('NONE'));
  return last('MUL', [product, emitter.number(1 / 6)], options.mul('NONE'));
});

/** alpha clip(x + beta / alpha, 0, 1 / alpha), which is RELU6 where alpha is a sixth. */
export const emitHardSigmoid: Emit<'HardSigmoid'> = emitUnary(
  ({ x, attributes: { alpha, beta }, step, last, emitter }) => {
    const top = 1 / alpha;
    const six = Math.abs(top - 6) < 1e-5;
    const how = options.add(six ? 'RELU6' : 'RELU');
    let clipped = step('ADD', [x, emitter.number(beta / alpha)], how);
    if (!six) clipped = step('MINIMUM', [clipped, emitter.number(top)]);
    return last('MUL', [clipped, emitter.number(alpha)], options.mul('NONE'));
  },
);

export const emitGelu: Emit<'Gelu'> = emitUnary(({ x, attributes: { approximate }, last }) =>
  last('GELU', [x], options.gelu(approximate === 'tanh')),
);

export const emitLeakyRelu: Emit<'LeakyRelu'> = emitUnary(({ x, attributes: { alpha }, last }) =>
  last('LEAKY_RELU', [x], options.leakyRelu(alpha)),
);

/** max(x, 0) + alpha (e^min(x, 0) - 1); TensorFlow Lite's own operator fixes alpha = 1. */
export const emitElu: Emit<'Elu'> = emitUnary(
  ({ x, attributes: { alpha }, step, last, emitter }) => {
    if (alpha === 1) return last('ELU', [x]);
    const whole = step('ELU', [x]);
    const below = step('MINIMUM', [whole, emitter.number(0)]);
    const above = step('RELU', [x]);
    const scaled = step('MUL', [below, emitter.number(alpha)], options.mul('NONE'));
    return last('ADD', [above, scaled], options.add('NONE'));
  },
);

export const emitPrelu: Emit<'PRelu'> = (node, emitter) => {
  const [x, slope] = node.inputs as [string, string];
  const value = node.outputs[0]!;
  const order = emitter.orderOf(x);
  const tensor = emitter.get(x, order);
  const whole = emitter.tensors[tensor]!.shape;
  const few = inFewAxes(emitter, [tensor, operand(emitter, slope, order)], whole);
  const [image, slopes] = few.operands as readonly [TensorIndex, TensorIndex];
  // Slopes have no batch axis.
  const { shape } = emitter.tensors[slopes]!;
  const own = shape[0] === 1 ? emitter.reshaped(slopes, shape.slice(1)) : slopes;
  const made = emitter.op('PRELU', [image, own], few.shape, value);
  emitter.set(value, emitter.reshaped(made, whole, value), order);
};

/** max(x, 0) + ln(1 + e^-|x|), which overflows for no x. */
export const emitSoftplus: Emit<'Softplus'> = emitUnary(({ x, step, last, emitter }) => {
  const power = step('EXP', [step('NEG', [step('ABS', [x])])]);
  const tail = step('LOG', [step('ADD', [power, emitter.number(1)], options.add('NONE'))]);
  return last('ADD', [step('RELU', [x]), tail], options.add('NONE'));
});

export const emitReciprocal: Emit<'Reciprocal'> = emitUnary(({ x, last, emitter }) =>
  last('DIV', [emitter.number(1), x], options.div('NONE')),
);

export const emitPow: Emit<'Pow'> = emitUnary(({ x, attributes: { exponent }, last, emitter }) => {
  if (exponent === 2) return last('MUL', [x, x], options.mul('NONE'));
  if (exponent === 0.5) return last('SQRT', [x]);
  if (exponent === -0.5) return last('RSQRT', [x]);
  if (exponent === -1) return last('DIV', [emitter.number(1), x], options.div('NONE'));
  return last('POW', [x, emitter.number(exponent)]);
});

/** 1 strictly between the bounds: the product of two comparisons. */
export const emitInsideMask: Emit<'InsideMask'> = (node, emitter) => {
  const { min, max } = node.attributes;
  const x = node.inputs[0]!;
  const value = node.outputs[0]!;
  const order = emitter.orderOf(x);
  const own = shapeInOrder(emitter.shapeOf(x), order);
  const few = inFewAxes(emitter, [emitter.get(x, order)], own);
  const [tensor] = few.operands as readonly [TensorIndex];
  const { shape } = few;
  const above = (a: TensorIndex, b: TensorIndex) =>
    asNumbers(
      emitter,
      emitter.op('GREATER', [a, b], shape, undefined, undefined, 'bool'),
      `${value}:part`,
    );
  const parts: TensorIndex[] = [];
  if (min > -3e38) parts.push(above(tensor, emitter.number(min)));
  if (max < 3e38) parts.push(above(emitter.number(max), tensor));
  if (parts.length === 0) {
    const same = emitter.op('EQUAL', [tensor, tensor], shape, undefined, undefined, 'bool');
    parts.push(asNumbers(emitter, same, `${value}:part`));
  }
  const out =
    parts.length === 2 ? emitter.op('MUL', parts, shape, value, options.mul('NONE')) : parts[0]!;
  emitter.set(value, emitter.reshaped(out, own, value), order);
};

/** The value where the mask is not 0, else 0. */
export const emitMasked: Emit<'Masked'> = (node, emitter) => {
  const order = commonOrder(node, emitter);
  const value = node.outputs[0]!;
  const shape = shapeInOrder(emitter.shapeOf(value), order);
  const inputs = node.inputs.map((name) => operand(emitter, name, order));
  const few = inFewAxes(emitter, inputs, shape);
  const [mask, x] = few.operands as readonly [TensorIndex, TensorIndex];
  const own = emitter.tensors[mask]!.shape;
  const none = emitter.op('EQUAL', [mask, emitter.number(0)], own, undefined, undefined, 'bool');
  const out = emitter.op('SELECT_V2', [none, emitter.number(0), x], few.shape, value);
  emitter.set(value, emitter.reshaped(out, shape, value), order);
};
