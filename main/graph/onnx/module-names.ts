/** Names of weights as the modules have them, where the exporter has given them names of its own. */
import { layerKinds } from '../../common/layer-kinds.ts';
import type { Graph } from '../graph.ts';
import type { INodeProto } from './tensor.ts';

/** Whether PyTorch's exporters have made up the name of a value, because they computed it themselves. */
export const isMadeUpName = (name: string): boolean => /^(onnx::\w+?_\d+|val_\d+|\d+)$/.test(name);

/**
 * The module that a node belongs to, where its name is a path of modules (`/features/features.0/Conv`), as PyTorch's
 * exporter by tracing writes it; null where the name does not say. Today's exporter keeps modules in metadata:
 * `moduleScopes`.
 */
export function moduleNameOf(proto: INodeProto): string | null {
  const [root, ...path] = (proto.name ?? '').split('/').slice(0, -1);
  if (root !== '' || path.length === 0) return null;
  // A part of a list is written with the name of its list in front, once more.
  return path.filter((part, i) => !path[i + 1]?.startsWith(`${part}.`)).join('.');
}

/** @param modules names of nodes -> modules */
export function withModuleNames(graph: Graph, modules: ReadonlyMap<string, string>): Graph {
  const names = new Map<string, string>();
  const taken = new Set(graph.initializers.keys());
  for (const node of graph.nodes) {
    const weight = node.inputs[1] ?? '';
    const named = modules.get(node.name);
    if (
      !named ||
      !layerKinds.some((kind) => kind === node.kind) ||
      !isMadeUpName(weight) ||
      names.has(weight)
    )
      continue;
    const name = `${named}.weight`;
    if (!graph.initializers.has(weight) || taken.has(name)) continue;
    taken.add(name);
    names.set(weight, name);
  }
  if (names.size === 0) return graph;
  const renamed = (name: string) => names.get(name) ?? name;
  const nodes = graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(renamed) }));
  const initializers = new Map(
    [...graph.initializers].map(([name, value]) => [renamed(name), value]),
  );
  return { ...graph, nodes, initializers };
}
