/** Unary and binary elementwise functions. Source: the operators' pages in ONNX. */
import type { OperatorAttributes, OperatorKind } from '../../../main/graph/graph.ts';
import { at, fill, type Evaluation, type Evaluations } from './value.ts';

const unary =
  <K extends OperatorKind>(
    f: (x: number, attributes: OperatorAttributes[K]) => number,
  ): Evaluation<K> =>
  ({ attributes }, [x], [out]) =>
    x.data.forEach((value, i) => (out.data[i] = f(value, attributes)));

const binary =
  (f: (a: number, b: number) => number): Evaluation<OperatorKind> =>
  (_node, [a, b], [out]) =>
    fill(out, (place) => f(at(a, place), at(b, place)));

const between = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

export const elementwise: Evaluations = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  PRelu: binary((x, slope) => (x < 0 ? slope * x : x)),
  Max: binary(Math.max),
  Min: binary(Math.min),
  Power: binary((a, b) => a ** b),
  GreaterMask: binary((a, b) => (a > b ? 1 : 0)),
  EqualMask: binary((a, b) => (a === b ? 1 : 0)),
  Masked: binary((mask, x) => (mask === 0 ? 0 : x)),
  Sin: unary(Math.sin),
  Cos: unary(Math.cos),
  Atan: unary(Math.atan),
  Softplus: unary((x) => Math.log(1 + Math.exp(x))),
  Sign: unary(Math.sign),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Round: unary(halvesToEven),
  Pow: unary<'Pow'>((x, { exponent }) => x ** exponent),
  Neg: unary((x) => -x),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Sqrt: unary(Math.sqrt),
  Reciprocal: unary((x) => 1 / x),
  Abs: unary(Math.abs),
  Sigmoid: unary(sigmoid),
  Tanh: unary(Math.tanh),
  Erf: unary(erf),
  Relu: unary((x) => Math.max(0, x)),
  LeakyRelu: unary<'LeakyRelu'>((x, { alpha }) => (x < 0 ? alpha * x : x)),
  Elu: unary<'Elu'>((x, { alpha }) => (x < 0 ? alpha * (Math.exp(x) - 1) : x)),
  Clip: unary<'Clip'>((x, { min, max }) => between(x, min, max)),
  InsideMask: unary<'InsideMask'>((x, { min, max }) => (min < x && x < max ? 1 : 0)),
  HardSigmoid: unary<'HardSigmoid'>((x, { alpha, beta }) => between(alpha * x + beta, 0, 1)),
  HardSwish: unary((x) => x * between(x / 6 + 0.5, 0, 1)),
  Gelu: unary<'Gelu'>((x, { approximate }) =>
    approximate === 'none'
      ? 0.5 * x * (1 + erf(x / Math.sqrt(2)))
      : 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  ),
};

/** Source: IEEE 754, roundTiesToEven. */
function halvesToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** Maclaurin series, which converges everywhere. Source: Abramowitz and Stegun, 7.1.5. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
