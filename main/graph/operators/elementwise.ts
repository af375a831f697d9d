/** Relu, which has its own gradient operator because engines have fast kernels for it, and what changes nothing. */
import type { OperatorDefinition } from './operator.ts';

export const relu: OperatorDefinition<'Relu'> = {
  kind: 'Relu',
  traits: { family: 'activation', called: 'ReLU' },
  infer: (_node, [x]) => [x],
  differentiate(node, outputGradient, context) {
    if (!context.needsGradient(node.inputs[0]!)) return [null];
    return [context.emit('ReluGradient', [outputGradient, node.outputs[0]!], {})];
  },
  read: (source) => ({ inputs: source.inputs, attributes: {} }),
  write: (node, builder) => builder.node('Relu', node.inputs, node.outputs, {}, node.name),
};

/** Takes the gradient and Relu's output: the mask is where the output is positive. */
export const reluGradient: OperatorDefinition<'ReluGradient'> = {
  kind: 'ReluGradient',
  infer: (_node, [gradient]) => [gradient],
};

export const identity: OperatorDefinition<'Identity'> = {
  kind: 'Identity',
  traits: { view: true },
  infer: (_node, [x]) => [x],
  differentiate: (node, outputGradient, context) => [
    context.needsGradient(node.inputs[0]!) ? outputGradient : null,
  ],
  read: (source) => ({ inputs: source.inputs.slice(0, 1), attributes: {} }),
  write: (node, builder) => builder.node('Identity', node.inputs, node.outputs, {}, node.name),
};

export const detached: OperatorDefinition<'Detached'> = {
  kind: 'Detached',
  traits: { view: true, flat: true },
  infer: (_node, [x]) => [x],
  write: (node, builder) => builder.node('Identity', node.inputs, node.outputs, {}, node.name),
};
