/** Matrix products, Softmax and normalisations of single images. */
import type { Node } from '../../../graph/graph.ts';
import { elements } from '../../../graph/shape.ts';
import type { NamedStep } from '../plan.ts';
import { along, step, type StepContext, type StepTable } from './step.ts';
import type { Known } from '../../../common/known.ts';

/** A value that passes between the steps of one node. */
function between(node: Node, part: string, context: StepContext): string {
  const name = `${node.outputs[0]}:${part}`;
  context.declare(name, context.shapeOf(node.outputs[0]!));
  return name;
}

export const productSteps: StepTable = {
  MatMul: (node) => step(node, 'matrices'),
  Gemm(node, context) {
    const { alpha, beta, transA, transB } = node.attributes;
    const [a, b, c = ''] = node.inputs as Known<string>;
    const ints = [transA ? 1 : 0, transB ? 1 : 0];
    const columns = context.shapeOf(node.outputs[0]!)[1];
    const bias = c === '' ? [] : context.shapeOf(c);
    const perColumn = bias[bias.length - 1] === columns && elements(bias) === columns;
    if (alpha === 1 && (c === '' || (beta === 1 && perColumn))) {
      return step(node, 'product', { inputs: c === '' ? [a, b] : [a, b, c], ints });
    }
    const steps: NamedStep[] = [];
    let product = c === '' && alpha === 1 ? node.outputs[0]! : between(node, 'product', context);
    steps.push(...step(node, 'product', { inputs: [a, b], outputs: [product], ints }));
    if (alpha !== 1) {
      const scaled = c === '' ? node.outputs[0]! : between(node, 'scaled', context);
      const floats = [alpha, 0];
      steps.push(...step(node, 'affine', { inputs: [product], outputs: [scaled], floats }));
      product = scaled;
    }
    if (c === '') return steps;
    let shift = c;
    if (beta !== 1) {
      shift = `${node.outputs[0]}:shift`;
      context.declare(shift, bias);
      steps.push(...step(node, 'affine', { inputs: [c], outputs: [shift], floats: [beta, 0] }));
    }
    return [...steps, ...step(node, 'add', { inputs: [product, shift] })];
  },
  Softmax(node, { shapeOf }) {
    const { size, inner } = along(shapeOf(node.inputs[0]!), node.attributes.axis);
    return step(node, 'softmax', { ints: [size, inner] });
  },
  LogSoftmax(node, context) {
    const { size, inner } = along(context.shapeOf(node.inputs[0]!), node.attributes.axis);
    const shares = between(node, 'shares', context);
    return [
      ...step(node, 'softmax', { outputs: [shares], ints: [size, inner] }),
      ...step(node, 'log', { inputs: [shares] }),
    ];
  },
  InstanceNormalization(node, { shapeOf }) {
    const length = elements(shapeOf(node.inputs[0]!).slice(2));
    return step(node, 'normalise-rows', { ints: [length, 0], floats: [node.attributes.epsilon] });
  },
  LayerNormalization(node, { shapeOf }) {
    const shape = shapeOf(node.inputs[0]!);
    const { size, inner } = along(shape, node.attributes.axis);
    return step(node, 'normalise-rows', {
      inputs: node.inputs.filter((name) => name !== ''),
      outputs: node.outputs.slice(0, 1),
      ints: [size * inner, 1],
      floats: [node.attributes.epsilon],
    });
  },
};
