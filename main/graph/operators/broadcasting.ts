/** Elementwise operators with two operands that broadcast. */
import { broadcast, sameShape } from '../shape.ts';
import { shapeMismatch, type DifferentiationContext, type OperatorDefinition } from './operator.ts';
import type { Known } from '../../common/known.ts';

/** The gradient of a broadcast operand: summed over the axes along which it was repeated. */
export function reducedTo(
  input: string,
  gradient: string,
  context: DifferentiationContext,
): string {
  const shape = context.shapeOf(input);
  return sameShape(shape, context.shapeOf(gradient))
    ? gradient
    : context.emit('SumTo', [gradient], { shape });
}

type Binary = 'Add' | 'Sub' | 'Mul' | 'Div';

/** d out / d operand times the output's gradient, before broadcasting is undone. */
type OperandGradient = (
  operands: { readonly a: string; readonly b: string; readonly out: string },
  gradient: string,
  context: DifferentiationContext,
) => string;

function binary<K extends Binary>(
  kind: K,
  first: OperandGradient,
  second: OperandGradient,
  called?: string,
): OperatorDefinition<K> {
  const definition: OperatorDefinition<Binary> = {
    kind,
    traits: { family: 'arithmetic', ...(called !== undefined && { called }) },
    requiredInputs: 2,
    infer(node, [a, b]) {
      const out = broadcast(a, b);
      if (!out) throw shapeMismatch(node, [a, b], 'the shapes cannot be combined');
      return [out];
    },
    differentiate(node, gradient, context) {
      const [a, b] = node.inputs as Known<string>;
      const operands = { a, b, out: node.outputs[0]! };
      const of = (input: string, rule: OperandGradient) =>
        context.needsGradient(input)
          ? reducedTo(input, rule(operands, gradient, context), context)
          : null;
      return [of(a, first), of(b, second)];
    },
    read: (source) => ({ inputs: source.inputs, attributes: {} }),
    write: (node, builder) => builder.node(kind, node.inputs, node.outputs, {}, node.name),
  };
  return definition as unknown as OperatorDefinition<K>;
}

const same: OperandGradient = (_operands, gradient) => gradient;

export const add = binary('Add', same, same);

export const sub = binary(
  'Sub',
  same,
  (_operands, gradient, context) => context.emit('Neg', [gradient], {}),
  'subtract',
);

export const mul = binary(
  'Mul',
  ({ b }, gradient, context) => context.emit('Mul', [gradient, b], {}),
  ({ a }, gradient, context) => context.emit('Mul', [gradient, a], {}),
  'multiply',
);

/** d(a/b)/db = -a/b^2 = -out/b. */
export const div = binary(
  'Div',
  ({ b }, gradient, context) => context.emit('Div', [gradient, b], {}),
  ({ b, out }, gradient, context) => {
    const share = context.emit('Div', [context.emit('Mul', [gradient, out], {}), b], {});
    return context.emit('Neg', [share], {});
  },
);

export const sumTo: OperatorDefinition<'SumTo'> = {
  kind: 'SumTo',
  infer: (node) => [node.attributes.shape],
};
