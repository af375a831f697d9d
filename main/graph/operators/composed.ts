/**
 * ONNX operators that are put together from others when a file is read: what they compute and their gradients
 * follow. Sources: the operators' pages in ONNX.
 */
import type { OnnxNode } from '../onnx/node.ts';
import type { OperatorAttributes, OperatorKind } from './attributes.ts';
import { normalisedAxes, readReduction } from './reductions.ts';
import type { ExpandedNode, ExpansionContext } from './operator.ts';
import type { Known } from '../../common/known.ts';

/** Collects the nodes that one operator becomes. */
export class Composition {
  readonly nodes: ExpandedNode[] = [];
  private readonly source: OnnxNode;
  private readonly context: ExpansionContext;

  constructor(source: OnnxNode, context: ExpansionContext) {
    this.source = source;
    this.context = context;
  }

  /** Appends a node and returns its output. */
  op<K extends OperatorKind>(
    kind: K,
    inputs: readonly string[],
    attributes: OperatorAttributes[K],
  ): string {
    const output = `${this.source.outputs[0]}:${this.nodes.length}`;
    this.nodes.push({ kind, inputs, outputs: [output], attributes } as unknown as ExpandedNode);
    return output;
  }

  /** A number as a value. */
  number(value: number): string {
    return this.context.constant([], value);
  }

  plus = (a: string, b: string | number) => this.op('Add', [a, this.value(b)], {});
  minus = (a: string | number, b: string) => this.op('Sub', [this.value(a), b], {});
  times = (a: string, b: string | number) => this.op('Mul', [a, this.value(b)], {});
  over = (a: string, b: string | number) => this.op('Div', [a, this.value(b)], {});

  private value(of: string | number): string {
    return typeof of === 'number' ? this.number(of) : of;
  }

  /** All nodes, the last one of which gives what the operator gives. */
  ending(last: string): readonly ExpandedNode[] {
    const made = this.nodes.at(-1);
    if (made?.outputs[0] !== last) this.op('Identity', [last], {});
    const { length } = this.nodes;
    return this.nodes.map((node, i) =>
      i === length - 1 ? { ...node, outputs: [this.source.outputs[0]!] } : node,
    );
  }
}

type Composed = (
  compose: Composition,
  inputs: Known<string>,
  source: OnnxNode,
  context: ExpansionContext,
) => string;

/** Sums over axes of what `prepare` makes of the numbers; then `finish`. */
const reduction =
  (
    prepare: (compose: Composition, x: string) => string,
    finish: (compose: Composition, sum: string) => string = (_compose, sum) => sum,
  ): Composed =>
  (compose, [x], source) => {
    const { attributes } = readReduction(source);
    return finish(compose, compose.op('ReduceSum', [prepare(compose, x)], attributes));
  };

const plain = (_compose: Composition, x: string) => x;
const square = (compose: Composition, x: string) => compose.times(x, x);

/** The first of two operands, with the next, and so on. */
const chained =
  (kind: 'Add' | 'Max' | 'Min'): Composed =>
  (compose, _inputs, source, context) =>
    source.inputs
      .map((name) => context.asFloats(name))
      .reduce((sofar, next) => compose.op(kind, [sofar, next], {}));

/** 1 where a condition holds, else 0: so are booleans computed with here. */
const comparison =
  (holds: (compose: Composition, a: string, b: string) => string): Composed =>
  (compose, [a, b], _source, context) =>
    holds(compose, context.asFloats(a), context.asFloats(b));

const greater = (compose: Composition, a: string, b: string) =>
  compose.op('GreaterMask', [a, b], {});
const equal = (compose: Composition, a: string, b: string) => compose.op('EqualMask', [a, b], {});

const composed: Readonly<Record<string, Composed>> = {
  Sum: chained('Add'),
  Max: chained('Max'),
  Min: chained('Min'),
  Mean: (compose, inputs, source, context) =>
    compose.over(chained('Add')(compose, inputs, source, context), source.inputs.length),
  ReduceL1: reduction((compose, x) => compose.op('Abs', [x], {})),
  ReduceL2: reduction(square, (compose, sum) => compose.op('Sqrt', [sum], { ofSquares: true })),
  ReduceSumSquare: reduction(square),
  ReduceLogSum: reduction(plain, (compose, sum) => compose.op('Log', [sum], {})),
  ReduceLogSumExp(compose, [x], source, context) {
    const { axes, keepDims } = readReduction(source).attributes;
    const highest = compose.op('ReduceMax', [x], { axes, keepDims: true });
    const powers = compose.op('Exp', [compose.minus(x, highest)], {});
    const sum = compose.op('ReduceSum', [powers], { axes, keepDims: true });
    const whole = compose.plus(compose.op('Log', [sum], {}), highest);
    if (keepDims) return whole;
    return compose.op('Squeeze', [whole], {
      axes: normalisedAxes(axes, context.shapeOf(x).length),
    });
  },
  ReduceMin(compose, [x], source) {
    const { attributes } = readReduction(source);
    const highest = compose.op('ReduceMax', [compose.op('Neg', [x], {})], attributes);
    return compose.op('Neg', [highest], {});
  },
  Selu(compose, [x], source) {
    const alpha = source.float('alpha', 1.6732631921768188);
    return compose.times(
      compose.op('Elu', [x], { alpha }),
      source.float('gamma', 1.0507010221481323),
    );
  },
  Celu(compose, [x], source) {
    const alpha = source.float('alpha', 1);
    return compose.times(compose.op('Elu', [compose.over(x, alpha)], { alpha: 1 }), alpha);
  },
  Softsign: (compose, [x]) =>
    compose.over(x, compose.plus(compose.op('Abs', [x], {}), compose.number(1))),
  Mish: (compose, [x]) =>
    compose.times(x, compose.op('Tanh', [compose.op('Softplus', [x], {})], {})),
  Swish: (compose, [x], source) =>
    compose.times(x, compose.op('Sigmoid', [compose.times(x, source.float('alpha', 1))], {})),
  ThresholdedRelu: (compose, [x], source) =>
    compose.times(
      x,
      compose.op('InsideMask', [x], { min: source.float('alpha', 1), max: Infinity }),
    ),
  Shrink(compose, [x], source) {
    const [limit, bias] = [source.float('lambd', 0.5), source.float('bias', 0)];
    const above = compose.op('InsideMask', [x], { min: limit, max: Infinity });
    const below = compose.op('InsideMask', [x], { min: -Infinity, max: -limit });
    return compose.plus(
      compose.times(above, compose.plus(x, -bias)),
      compose.times(below, compose.plus(x, bias)),
    );
  },
  /** Without the mean taken off. Source: Zhang and Sennrich, Root Mean Square Layer Normalization, 2019. */
  RMSNormalization(compose, [x, scale], source, context) {
    const rank = context.shapeOf(x).length;
    const axis = source.int('axis', -1);
    const from = axis < 0 ? axis + rank : axis;
    const axes = Array.from({ length: rank - from }, (_, i) => from + i);
    const mean = compose.op('ReduceMean', [square(compose, x)], { axes, keepDims: true });
    const size = compose.op('Sqrt', [compose.plus(mean, source.float('epsilon', 1e-5))], {});
    return compose.times(compose.over(x, size), scale);
  },
  /** x / (bias + alpha/size * sum of squares over near channels)^beta. */
  LRN(compose, [x], source, context) {
    const [, channels, ...places] = context.shapeOf(x) as Known<number>;
    const size = source.int('size', 1);
    const count = places.reduce((product, place) => product * place, 1);
    const rows = compose.op('Reshape', [square(compose, x)], { shape: [0, 1, channels, count] });
    const before = Math.floor((size - 1) / 2);
    const mean = compose.op('AveragePool', [rows], {
      kernel: [size, 1],
      strides: [1, 1],
      pads: [before, 0, size - 1 - before, 0],
      dilations: [1, 1],
      ceilMode: false,
      countIncludePad: true,
    });
    const near = compose.op('Reshape', [mean], { shape: [0, channels, ...places] });
    const base = compose.plus(
      compose.times(near, source.float('alpha', 0.0001)),
      source.float('bias', 1),
    );
    const exponent = source.float('beta', 0.75);
    return compose.over(x, compose.op('Pow', [base], { exponent }));
  },
  Greater: comparison(greater),
  Less: comparison((compose, a, b) => greater(compose, b, a)),
  GreaterOrEqual: comparison((compose, a, b) => compose.minus(1, greater(compose, b, a))),
  LessOrEqual: comparison((compose, a, b) => compose.minus(1, greater(compose, a, b))),
  Equal: comparison(equal),
  And: comparison((compose, a, b) => compose.times(a, b)),
  Or: comparison((compose, a, b) => compose.op('Max', [a, b], {})),
  Xor: comparison((compose, a, b) => compose.minus(1, equal(compose, a, b))),
  Not: (compose, [x], _source, context) => compose.minus(1, context.asFloats(x)),
  /** Only NaN differs from itself. */
  IsNaN: (compose, [x]) => compose.minus(1, equal(compose, x, x)),
  /** What the condition does not choose is hidden, however large it is. */
  Where(compose, [condition, a, b], _source, context) {
    const holds = context.asFloats(condition);
    const chosen = compose.op('Masked', [holds, context.asFloats(a)], {});
    const other = compose.op('Masked', [compose.minus(1, holds), context.asFloats(b)], {});
    return compose.plus(chosen, other);
  },
  Pow(compose, [x, exponent], source) {
    const constant = source.constantTensor(1);
    const one = constant && constant.shape.reduce((count, size) => count * size, 1) === 1;
    if (!constant || !one) return compose.op('Power', [x, exponent], {});
    const value = constant.type === 'int64' ? constant.integers[0]! : constant.data[0]!;
    return compose.op('Pow', [x], { exponent: value });
  },
};

/** Operators that `expandComposed` knows. */
export const composedOperators: readonly string[] = Object.keys(composed);

/** Of those, how many inputs they need; one unless stated. */
export const composedInputs: Readonly<Record<string, number>> = {
  ...Object.fromEntries(composedOperators.map((name) => [name, 1])),
  ...{ Greater: 2, Less: 2, GreaterOrEqual: 2, LessOrEqual: 2, Equal: 2, And: 2, Or: 2, Xor: 2 },
  ...{ Where: 3, Pow: 2, RMSNormalization: 2 },
};

export function expandComposed(
  source: OnnxNode,
  context: ExpansionContext,
): readonly ExpandedNode[] {
  const compose = new Composition(source, context);
  return compose.ending(
    composed[source.opType]!(compose, source.inputs as Known<string>, source, context),
  );
}
