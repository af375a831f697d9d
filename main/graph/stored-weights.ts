/**
 * Where weights come from: a convolution may read its kernel as it is stored, or as the network computes it
 * from what is stored (standardised, scaled, cast, reparametrised). The method counts the stored tensor, whose
 * gradient goes through that computation, as PyTorch has it.
 */
import { WorkbenchError } from '../errors.ts';
import type { Graph, Node, Shape } from './graph.ts';
import { inferNode } from './infer-shapes.ts';
import { elements } from './shape.ts';

export interface StoredWeights {
  /** Value name -> the initialisers that it is computed from, for values that no image decides. */
  readonly origins: ReadonlyMap<string, readonly string[]>;
  /** Shapes of those values and of the initialisers. */
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** Follows what is computed from initialisers alone. */
export function storedWeights({ nodes, initializers }: Graph): StoredWeights {
  const origins = new Map<string, readonly string[]>();
  const shapes = new Map<string, Shape>();
  for (const [name, { shape }] of initializers) shapes.set(name, shape);
  for (const node of nodes) {
    const inputs = node.inputs.filter((name) => name !== '');
    if (inputs.length === 0) continue;
    if (!inputs.every((name) => initializers.has(name) || origins.has(name))) continue;
    const from = new Set(inputs.flatMap((name) => origins.get(name) ?? [name]));
    inferNode(node, shapes);
    for (const output of node.outputs) origins.set(output, [...from]);
  }
  return { origins, shapes };
}

/**
 * The initialiser that is a node's weight, where `value` is what the node reads: that initialiser itself,
 * or the one that `value` is computed from. Of several it is the one with as many numbers as `value`; factors and
 * parts of low rank have others. Null where an image decides the value, so that there is no weight.
 * @throws WorkbenchError `weight-ambiguous` naming node and tensors
 */
export function weightBehind(
  value: string,
  node: Pick<Node, 'kind' | 'name'>,
  graph: Graph,
  { origins, shapes }: StoredWeights,
): string | null {
  if (graph.initializers.has(value)) return value;
  const all = origins.get(value);
  if (!all) return null;
  const several = all.filter((name) => elements(shapes.get(name) ?? []) > 1);
  const trained = several.filter((name) => !graph.initializers.get(name)?.constant);
  const possible = trained.length > 0 ? trained : several;
  const size = elements(shapes.get(value) ?? []);
  const whole = possible.filter((name) => elements(shapes.get(name) ?? []) === size);
  const chosen = whole.length > 0 ? whole : possible;
  if (chosen.length === 1) return chosen[0]!;
  if (chosen.length === 0) return null;
  throw new WorkbenchError(
    'weight-ambiguous',
    `The weights of ${node.kind} node "${node.name}" are computed from several stored tensors (${chosen.slice(0, 4).join(', ')}), and none of them alone is its weight.`,
    'Merge them before the export, or export the network with its weights as they are used.',
  );
}
