/** Functions of one number, and operators of two operands that broadcast. */
import type { Node } from '../../../graph/graph.ts';
import { elements, sameShape } from '../../../graph/shape.ts';
import type { NamedStep } from '../plan.ts';
import { step, type StepContext, type StepTable } from './step.ts';

const named =
  (op: string) =>
  (node: Node): readonly NamedStep[] =>
    step(node, op);

const affine = (node: Node, value: string, factor: number, offset: number) =>
  step(node, 'affine', { inputs: [value], floats: [factor, offset] });

/** The one number that an operand always is; null where it is more, or computed. */
function numberOf(value: string, { constantOf, shapeOf }: StepContext): number | null {
  return elements(shapeOf(value)) === 1 ? (constantOf(value)?.[0] ?? null) : null;
}

/** a x + b where one operand is a single number; the other operand is x. */
type WithNumber = (place: 0 | 1, number: number) => readonly [number, number] | null;

function binary(
  op: string,
  withNumber: WithNumber,
  { same = op, commutes = false }: { same?: string; commutes?: boolean } = {},
) {
  return (node: Node, context: StepContext): readonly NamedStep[] => {
    const shapes = node.inputs.map((input) => context.shapeOf(input));
    const out = context.shapeOf(node.outputs[0]!);
    for (const place of [0, 1] as const) {
      const number = numberOf(node.inputs[place]!, context);
      const line = number === null ? null : withNumber(place, number);
      const other = node.inputs[1 - place]!;
      if (line && sameShape(shapes[1 - place]!, out)) return affine(node, other, ...line);
    }
    if (sameShape(shapes[0]!, shapes[1]!)) return step(node, same);
    // The operand with the result's shape first: it decides the layout.
    const turned = commutes && sameShape(shapes[1]!, out);
    return step(node, op, { inputs: turned ? [...node.inputs].reverse() : node.inputs });
  };
}

/** Operators that cannot be written as a x + b. */
const noLine: WithNumber = () => null;

const bounds = ({ min, max }: { readonly min: number; readonly max: number }) => [min, max];

export const elementwiseSteps: StepTable = {
  Relu: named('relu'),
  ReluGradient: (node) => step(node, 'masked-sum', { inputs: [node.inputs[1]!, node.inputs[0]!] }),
  Neg: (node) => affine(node, node.inputs[0]!, -1, 0),
  Exp: named('exp'),
  Log: named('log'),
  Sqrt: named('sqrt'),
  Reciprocal: named('reciprocal'),
  Abs: named('abs'),
  Sigmoid: named('sigmoid'),
  Tanh: named('tanh'),
  Erf: named('erf'),
  Sin: named('sin'),
  Cos: named('cos'),
  Atan: named('atan'),
  Softplus: named('softplus'),
  Sign: named('sign'),
  Floor: named('floor'),
  Ceil: named('ceil'),
  Round: named('round'),
  Max: binary('maximum', noLine, { commutes: true }),
  Min: binary('minimum', noLine, { commutes: true }),
  Power: binary('power', noLine),
  GreaterMask: binary('greater', noLine),
  EqualMask: binary('equal', noLine, { commutes: true }),
  Masked: binary('masked', noLine),
  HardSwish: named('hard-swish'),
  Pow: (node) =>
    node.attributes.exponent === 2
      ? step(node, 'square')
      : step(node, 'pow', { floats: [node.attributes.exponent] }),
  HardSigmoid: (node) =>
    step(node, 'hard-sigmoid', { floats: [node.attributes.alpha, node.attributes.beta] }),
  Gelu: (node) => step(node, node.attributes.approximate === 'tanh' ? 'gelu-tanh' : 'gelu'),
  Elu: (node) => step(node, 'elu', { floats: [node.attributes.alpha] }),
  LeakyRelu: (node) => step(node, 'leaky-relu', { floats: [node.attributes.alpha] }),
  PRelu: named('prelu'),
  Clip: (node) => step(node, 'clip', { floats: bounds(node.attributes) }),
  InsideMask: (node) => step(node, 'inside', { floats: bounds(node.attributes) }),
  Add: binary('add', (_place, number) => [1, number], { same: 'sum', commutes: true }),
  Sub: binary('subtract', (place, number) => (place === 1 ? [1, -number] : [-1, number])),
  Mul: binary('multiply', (_place, number) => [number, 0], { commutes: true }),
  Div: binary('divide', (place, number) => (place === 1 ? [1 / number, 0] : null)),
};
