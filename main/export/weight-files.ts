/** Weights under the names that the PyTorch module has for them. */
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
 * Without a module: every initialiser under its own name. They are the module's names wherever Python
 * allows those.
 */
export function ownNames(graph: Graph): ReadonlyMap<string, string> {
  return new Map([...graph.initializers.keys()].map((name) => [name, name]));
}
