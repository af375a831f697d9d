/** A network with absolute weights and without normalisations: what SynFlow looks at. */
import type { Graph, Initializer, Node, NodeOf } from './graph.ts';
import { withoutUnused } from './forms.ts';
import { materialise } from './weights.ts';

/**
 * Weights and biases become their absolute values, every BatchNormalization passes its input through, scale and
 * shift included. Numbers of formulas, which no training changes, stay as they are.
 */
export function withAbsoluteWeights(graph: Graph): Graph {
  const nodes = graph.nodes.map((node): Node => {
    if (node.kind !== 'BatchNormalization') return node;
    const { name, inputs, outputs } = node;
    const passed: NodeOf<'Identity'> = {
      ...{ kind: 'Identity', name, attributes: {} },
      ...{ inputs: [inputs[0]!], outputs: [outputs[0]!] },
    };
    return passed;
  });
  const plain = withoutUnused({ ...graph, nodes });
  const initializers = new Map(
    [...plain.initializers].map(([name, initializer]) => [name, absolute(initializer)]),
  );
  return { ...plain, initializers };
}

function absolute(initializer: Initializer): Initializer {
  if (initializer.constant) return initializer;
  const { values } = initializer;
  if (values.kind === 'constant') {
    return { ...initializer, values: { kind: 'constant', value: Math.abs(values.value) } };
  }
  return { ...initializer, values: { kind: 'data', data: materialise(initializer).map(Math.abs) } };
}
