/** Two operands compared: the larger one, masks of 0 and 1, and what a mask leaves; a power beside them. */
import { broadcast } from '../shape.ts';
import { formulas } from './activations.ts';
import { reducedTo } from './broadcasting.ts';
import { shapeMismatch, type DifferentiationContext, type OperatorDefinition } from './operator.ts';
import type { OperatorKind } from './attributes.ts';
import type { Known } from '../../common/known.ts';

type Comparing = 'Max' | 'Min' | 'Power' | 'GreaterMask' | 'EqualMask' | 'Masked';

interface Operands {
  readonly a: string;
  readonly b: string;
  readonly y: string;
  readonly gradient: string;
  readonly context: DifferentiationContext;
}

function ofTwo<K extends Comparing>(
  kind: K,
  rest: Pick<OperatorDefinition<K>, 'traits' | 'write' | 'read'>,
  gradients?: readonly [(of: Operands) => string | null, (of: Operands) => string],
): OperatorDefinition<K> {
  const definition = {
    kind,
    requiredInputs: 2,
    infer(node: { kind: OperatorKind; name: string }, [a, b]: Known<readonly number[]>) {
      const out = broadcast(a, b);
      if (!out) throw shapeMismatch(node, [a, b], 'the shapes cannot be combined');
      return [out];
    },
    ...(gradients && {
      differentiate(
        node: { inputs: readonly string[]; outputs: readonly string[] },
        gradient: string,
        context: DifferentiationContext,
      ) {
        const [a, b] = node.inputs as Known<string>;
        const of = { a, b, y: node.outputs[0]!, gradient, context };
        return [a, b].map((operand, place) => {
          if (!context.needsGradient(operand)) return null;
          const whole = gradients[place]!(of);
          return whole === null ? null : reducedTo(operand, whole, context);
        });
      },
    }),
    ...rest,
  };
  return definition;
}

/** The share of the gradient of the operand that is chosen where `above` is above `below`. */
function share(above: string, below: string, { gradient, context }: Operands): string {
  const { plus, times } = formulas(context);
  const wins = context.emit('GreaterMask', [above, below], {});
  const ties = context.emit('EqualMask', [above, below], {});
  return times(gradient, plus(wins, times(0.5, ties)));
}

const asWritten = <K extends 'Max' | 'Min'>(kind: K): Pick<OperatorDefinition<K>, 'write'> => ({
  write: (node, builder) => builder.node(kind, node.inputs, node.outputs, {}, node.name),
});

export const max = ofTwo('Max', asWritten('Max'), [
  (of) => share(of.a, of.b, of),
  (of) => share(of.b, of.a, of),
]);

export const min = ofTwo('Min', asWritten('Min'), [
  (of) => share(of.b, of.a, of),
  (of) => share(of.a, of.b, of),
]);

/** d(a^b)/da = b a^(b-1), d(a^b)/db = a^b ln a, which is 0 at a = 0 as in PyTorch. */
export const power = ofTwo(
  'Power',
  { write: (node, builder) => builder.node('Pow', node.inputs, node.outputs, {}, node.name) },
  [
    ({ a, b, gradient, context }) => {
      const { times, minus } = formulas(context);
      return times(gradient, times(b, context.emit('Power', [a, minus(b, 1)], {})));
    },
    ({ a, y, gradient, context }) => {
      const { times } = formulas(context);
      const slope = times(y, context.emit('Log', [a], {}));
      const positive = context.emit('GreaterMask', [a, context.constant(0)], {});
      return times(gradient, context.emit('Masked', [positive, slope], {}));
    },
  ],
);

const mask = <K extends 'GreaterMask' | 'EqualMask'>(kind: K, comparison: string) =>
  ofTwo(kind, {
    traits: { flat: true },
    write: (node, builder) =>
      void builder.cast(builder.op(comparison, node.inputs), 'float', node.outputs[0]),
  });

export const greaterMask = mask('GreaterMask', 'Greater');
export const equalMask = mask('EqualMask', 'Equal');

/** A product would make NaN of an infinite value that the mask hides. */
export const masked = ofTwo(
  'Masked',
  {
    write(node, builder) {
      const [holds, x] = node.inputs as Known<string>;
      const shown = builder.op('Greater', [builder.op('Abs', [holds]), builder.scalar(0)]);
      builder.op('Where', [shown, x, builder.scalar(0)], {}, node.outputs[0]);
    },
  },
  // Masks are made by comparisons, which no gradient passes.
  [() => null, ({ a, gradient, context }) => context.emit('Masked', [a, gradient], {})],
);
