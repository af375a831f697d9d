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
  const given = materialise(initializer);
  const data = new Float32Array(given.length);
  for (let i = 0; i < data.length; i++) data[i] = Math.abs(given[i]!);
  return { ...initializer, values: { kind: 'data', data } };
}

/** Operators that give twice their value for twice their input; those with weights do where the bias is zero. */
const homogeneous: ReadonlySet<Node['kind']> = new Set<Node['kind']>([
  ...(['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'Relu', 'LeakyRelu', 'Identity'] as const),
  ...(['Add', 'Sub', 'Concat', 'Slice', 'Gather', 'Pad', 'Resize', 'LinearAlongAxis'] as const),
  ...(['AveragePool', 'MaxPool', 'GlobalAveragePool', 'GlobalMaxPool'] as const),
  ...(['ReduceMean', 'ReduceSum', 'Flatten', 'Reshape', 'Transpose', 'Squeeze'] as const),
  ...(['Unsqueeze', 'Expand'] as const),
]);

/** True where twice the image gives twice every value of a network, whatever its weights are. */
export function isHomogeneous({ nodes, initializers }: Graph): boolean {
  const isZero = (name: string): boolean => {
    const values = initializers.get(name)?.values;
    if (values?.kind === 'constant') return values.value === 0;
    return values?.kind === 'data' && values.data.every((value) => value === 0);
  };
  return nodes.every(({ kind, inputs }) => {
    if (kind === 'Conv' || kind === 'ConvTranspose' || kind === 'Gemm') {
      return inputs[2] === undefined || inputs[2] === '' || isZero(inputs[2]);
    }
    const constants = inputs.filter((name) => initializers.has(name));
    if (kind === 'Mul') return constants.length === 1;
    if (kind === 'Add' || kind === 'Sub') return constants.every(isZero);
    return homogeneous.has(kind);
  });
}
