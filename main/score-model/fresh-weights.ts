/** A network of a file with the weights it would start from, in place of its trained ones. */
import type { Graph, Initializer, WeightScheme } from '../graph/graph.ts';
import { layersOf } from '../graph/layers.ts';
import { traitsOf } from '../graph/operators/index.ts';
import { seedOf } from '../random.ts';
import { withInitialWeights } from '../graph/weights.ts';

/**
 * Random weights in every layer, biases 0, scales of norms 1 (method, section 1). The seed is a function
 * of (seed, layers): the same network gets the same weights whatever its file holds, and another one different ones.
 */
export function withFreshWeights(graph: Graph, scheme: WeightScheme, seed: number): Graph {
  const layers = layersOf(graph);
  const shapeOf = (weight: string) => graph.initializers.get(weight)?.shape.join('x') ?? '';
  const identity = layers.map(({ weight }) => `${weight} ${shapeOf(weight)}`);
  const fresh = withInitialWeights(
    graph,
    scheme,
    seedOf('initial weights of a model', seed, ...identity),
  );
  const initializers = new Map(fresh.initializers);
  const set = (name: string | undefined, value: number) => {
    const known: Initializer | undefined = initializers.get(name ?? '');
    if (!known || name === undefined || known.constant) return;
    initializers.set(name, { ...known, values: { kind: 'constant', value } });
  };
  const products = new Set<string>();
  for (const node of graph.nodes) {
    if (node.kind === 'Conv' || node.kind === 'Gemm' || node.kind === 'ConvTranspose') {
      set(node.inputs[2], 0);
    } else if (traitsOf(node.kind).family === 'norm') {
      set(node.inputs[1], 1);
      set(node.inputs[2], 0);
    } else if (node.kind === 'MatMul') {
      products.add(node.outputs[0]!);
    } else if (node.kind === 'Add' && node.inputs.some((name) => products.has(name))) {
      // A fully connected layer over more than two axes is exported as a product and a sum.
      for (const name of node.inputs) {
        if (graph.initializers.get(name)?.shape.length === 1) set(name, 0);
      }
    }
  }
  return { ...fresh, initializers };
}
