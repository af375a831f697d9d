import fc from 'fast-check';
import type { OperatorAttributes, OperatorKind } from '../../../main/graph/graph.ts';
import { above, always, images, none, scaled, type Cases, type OperatorCase } from './case.ts';

/** An activation with attributes, on values in a range that includes its kinks. */
function activation<K extends OperatorKind>(
  kind: K,
  attributes: fc.Arbitrary<OperatorAttributes[K]>,
  reach: number,
): fc.Arbitrary<OperatorCase> {
  return fc.record({ image: images, attributes }).map(({ image, attributes: chosen }) => ({
    image,
    with: chosen,
    build: (sketch, x) => sketch.node(kind, [scaled(sketch, x, reach)], chosen),
  }));
}

const positive = (kind: 'Log' | 'Sqrt' | 'Reciprocal') =>
  always((sketch, x) => sketch.node(kind, [above(sketch, x)], none));
type Plain =
  | ('Sigmoid' | 'Tanh' | 'Erf' | 'HardSwish' | 'Abs' | 'Neg' | 'Exp')
  | ('Sin' | 'Cos' | 'Atan' | 'Softplus');
const plain = (kind: Plain, reach = 2) => activation(kind, fc.constant(none), reach);

/** Applied to numbers that no gradient reaches: a finite difference across a step says nothing. */
const step = (kind: 'Sign' | 'Floor' | 'Ceil' | 'Round') =>
  always((sketch, x) => {
    const numbers = sketch.weights('numbers', [1, 1, 1, 1], Float32Array.of(-1.5));
    const half = sketch.weights('half', [], Float32Array.of(2.5));
    const stepped = sketch.node('Add', [sketch.node(kind, [numbers], none), half], none);
    return sketch.node('Mul', [x, stepped], none);
  });

/** A slope per channel, one for all, or one per element. */
const prelu = fc
  .record({ image: images, slopes: fc.constantFrom('channel', 'one', 'place') })
  .map(({ image, slopes }): OperatorCase => ({
    image,
    with: slopes,
    build: (sketch, x) => {
      const shape = { channel: [image[0]!, 1, 1], one: [1], place: image }[slopes];
      return sketch.node('PRelu', [x, sketch.weights('slopes', shape)], none);
    },
  }));

const power = fc
  .record({ image: images, exponent: fc.constantFrom(0, 1, 2, 3, 0.5, -1, -0.5, 2.5) })
  .map(({ image, exponent }): OperatorCase => ({
    image,
    with: exponent,
    build: (sketch, x) => sketch.node('Pow', [above(sketch, x)], { exponent }),
  }));

export const activationCases: Cases = {
  Clip: activation(
    'Clip',
    fc.constantFrom(
      { min: 0, max: 6 },
      { min: -0.5, max: 0.25 },
      { min: -Infinity, max: 0.1 },
      { min: -0.1, max: Infinity },
      { min: -Infinity, max: Infinity },
    ),
    2,
  ),
  LeakyRelu: activation('LeakyRelu', fc.constantFrom({ alpha: 0.01 }, { alpha: 0.3 }), 1),
  PRelu: prelu,
  Elu: activation('Elu', fc.constantFrom({ alpha: 1 }, { alpha: 0.4 }), 2),
  Sigmoid: plain('Sigmoid'),
  HardSigmoid: activation(
    'HardSigmoid',
    fc.constantFrom({ alpha: 0.2, beta: 0.5 }, { alpha: 1 / 6, beta: 0.5 }, { alpha: 2, beta: 0 }),
    5,
  ),
  HardSwish: plain('HardSwish', 5),
  Tanh: plain('Tanh'),
  Erf: plain('Erf'),
  'Gelu, exact': activation('Gelu', fc.constant({ approximate: 'none' }), 3),
  'Gelu by tanh': activation('Gelu', fc.constant({ approximate: 'tanh' }), 3),
  Abs: plain('Abs'),
  Sin: plain('Sin', 4),
  Cos: plain('Cos', 4),
  Atan: plain('Atan', 4),
  Softplus: plain('Softplus', 5),
  Sign: step('Sign'),
  Floor: step('Floor'),
  Ceil: step('Ceil'),
  Round: step('Round'),
  Neg: plain('Neg'),
  Exp: plain('Exp'),
  Log: positive('Log'),
  Sqrt: positive('Sqrt'),
  Reciprocal: positive('Reciprocal'),
  Pow: power,
  'SiLU, as x times its sigmoid': always((sketch, x) =>
    sketch.node('Mul', [x, sketch.node('Sigmoid', [x], none)], none),
  ),
};
