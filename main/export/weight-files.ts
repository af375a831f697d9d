/** Weights under the names that they have in the PyTorch module. */
import type { Graph } from '../graph/graph.ts';
import { materialise } from '../graph/weights.ts';
import type { NamedTensor } from './safetensors.ts';

/** @param state key of the state_dict -> initialiser of the graph */
export function namedTensors(graph: Graph, state: ReadonlyMap<string, string>): NamedTensor[] {
  return [...state].map(([name, initializer]) => {
    const found = graph.initializers.get(initializer);
    if (!found) throw new RangeError(`there is no initialiser ${initializer}`);
    return { name, shape: found.shape, data: materialise(found) };
  });
}

/**
 * Names without a module: every initialiser keeps its own, which is also the module's wherever Python
 * allows it.
 */
export function ownNames(graph: Graph): ReadonlyMap<string, string> {
  return new Map([...graph.initializers.keys()].map((name) => [name, name]));
}
