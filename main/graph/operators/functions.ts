/** Elementwise functions of one operand that are no activations: waves, Softplus, and steps, which are flat. */
import { activation, formulas, unary } from './activations.ts';
import type { OperatorDefinition } from './operator.ts';

export const sin = unary('Sin', ({ x, context }) => context.emit('Cos', [x], {}));

export const cos = unary('Cos', ({ x, context }) => {
  const { times } = formulas(context);
  return times(-1, context.emit('Sin', [x], {}));
});

/** 1 / (1 + x^2) */
export const atan = unary('Atan', ({ x, context }) => {
  const { times, plus } = formulas(context);
  return context.emit('Reciprocal', [plus(1, times(x, x))], {});
});

/** Its slope is the logistic function. Source: ONNX Softplus. */
export const softplus = unary('Softplus', ({ x, context }) => context.emit('Sigmoid', [x], {}), {
  traits: activation('Softplus'),
});

type Step = 'Sign' | 'Floor' | 'Ceil' | 'Round';

function flat<K extends Step>(kind: K): OperatorDefinition<K> {
  const definition: OperatorDefinition<Step> = {
    kind,
    traits: { flat: true },
    infer: (_node, [x]) => [x],
    read: (source) => ({ inputs: source.inputs.slice(0, 1), attributes: {} }),
    write: (node, builder) => builder.node(kind, node.inputs, node.outputs, {}, node.name),
  };
  return definition as unknown as OperatorDefinition<K>;
}

export const sign = flat('Sign');
export const floor = flat('Floor');
export const ceil = flat('Ceil');
export const round = flat('Round');
