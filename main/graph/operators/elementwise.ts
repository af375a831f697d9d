/** Relu, Add and Identity, and the sums that undo broadcasting. */
import { broadcast, sameShape } from '../shape.ts';
import { shapeMismatch, type OperatorDefinition } from './operator.ts';

export const relu: OperatorDefinition<'Relu'> = {
  kind: 'Relu',
  infer: (_node, [x]) => [x],
  differentiate(node, outputGradient, context) {
    if (!context.needsGradient(node.inputs[0])) return [null];
    return [context.emit('ReluGradient', [outputGradient, node.outputs[0]], {})];
  },
  read: (source) => ({ inputs: source.inputs, attributes: {} }),
  write: (node, builder) => builder.node('Relu', node.inputs, node.outputs, {}, node.name),
};

/** Takes the gradient and Relu's output: the mask is where the output is positive. */
export const reluGradient: OperatorDefinition<'ReluGradient'> = {
  kind: 'ReluGradient',
  infer: (_node, [gradient]) => [gradient],
};

export const add: OperatorDefinition<'Add'> = {
  kind: 'Add',
  requiredInputs: 2,
  infer(node, [a, b]) {
    const out = broadcast(a, b);
    if (!out) throw shapeMismatch(node, [a, b], 'the shapes cannot be added');
    return [out];
  },
  differentiate(node, outputGradient, context) {
    const out = context.shapeOf(node.outputs[0]);
    return node.inputs.map((input) => {
      if (!context.needsGradient(input)) return null;
      const shape = context.shapeOf(input);
      return sameShape(shape, out)
        ? outputGradient
        : context.emit('SumTo', [outputGradient], { shape });
    });
  },
  read: (source) => ({ inputs: source.inputs, attributes: {} }),
  write: (node, builder) => builder.node('Add', node.inputs, node.outputs, {}, node.name),
};

export const sumTo: OperatorDefinition<'SumTo'> = {
  kind: 'SumTo',
  infer: (node) => [node.attributes.shape],
};

export const identity: OperatorDefinition<'Identity'> = {
  kind: 'Identity',
  infer: (_node, [x]) => [x],
  differentiate: (node, outputGradient, context) => [
    context.needsGradient(node.inputs[0]) ? outputGradient : null,
  ],
  read: (source) => ({ inputs: source.inputs, attributes: {} }),
  write: (node, builder) => builder.node('Identity', node.inputs, node.outputs, {}, node.name),
};
