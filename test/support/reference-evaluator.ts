/**
 * Evaluates a forward graph with plain loops in double precision: slow, obvious, and independent of every engine.
 * Tests hold shape inference, lowering and gradients (by finite differences) against it.
 */
import type { Graph, Node, OperatorKind } from '../../main/graph/graph.ts';
import { inferShapes } from '../../main/graph/infer-shapes.ts';
import { elements } from '../../main/graph/shape.ts';
import { materialise } from '../../main/graph/weights.ts';
import { convolutions } from './reference/convolutions.ts';
import { elementwise } from './reference/elementwise.ts';
import { losses } from './reference/loss.ts';
import { movements } from './reference/moving.ts';
import { normalisations } from './reference/normalisations.ts';
import { pools } from './reference/pools.ts';
import { products } from './reference/products.ts';
import { sampling } from './reference/sampling.ts';
import type { Evaluation, Evaluations, Value } from './reference/value.ts';
import type { Known } from '../../main/common/known.ts';

export type { Value };

const evaluations: Evaluations = {
  ...convolutions,
  ...elementwise,
  ...losses,
  ...movements,
  ...normalisations,
  ...pools,
  ...products,
  ...sampling,
};

/** @param feeds all inputs by name; targets are plain numbers. @returns all values of the graph. */
export function evaluate(
  graph: Graph,
  batchSize: number,
  feeds: ReadonlyMap<string, ArrayLike<number>>,
  overrides: ReadonlyMap<string, Float64Array> = new Map(),
): ReadonlyMap<string, Value> {
  const shapes = inferShapes(graph, batchSize);
  const values = new Map<string, Value>();
  for (const [name, data] of feeds) {
    values.set(name, { shape: shapes.get(name) ?? [], data: Float64Array.from(data) });
  }
  for (const [name, initializer] of graph.initializers) {
    const data = overrides.get(name) ?? Float64Array.from(materialise(initializer));
    values.set(name, { shape: initializer.shape, data });
  }
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => values.get(name) as Value);
    const outputs = node.outputs.map((name) => {
      const shape = shapes.get(name) ?? [];
      return { shape, data: new Float64Array(elements(shape)) };
    });
    run(node, inputs, outputs);
    node.outputs.forEach((name, index) => values.set(name, outputs[index]!));
  }
  return values;
}

/**
 * The same after some initializers have changed: only what depends on them is computed again.
 * @param base all values before that
 * @returns all values, and the names of those that were computed again or are overrides
 */
export function evaluateAgain(
  graph: Graph,
  base: ReadonlyMap<string, Value>,
  overrides: ReadonlyMap<string, Float64Array>,
): { readonly values: ReadonlyMap<string, Value>; readonly changed: ReadonlySet<string> } {
  const values = new Map(base);
  const changed = new Set(overrides.keys());
  for (const [name, data] of overrides) values.set(name, { shape: base.get(name)!.shape, data });
  for (const node of graph.nodes) {
    if (!node.inputs.some((name) => changed.has(name))) continue;
    const inputs = node.inputs.map((name) => values.get(name) as Value);
    const outputs = node.outputs.map((name) => {
      const { shape, data } = base.get(name)!;
      return { shape, data: new Float64Array(data.length) };
    });
    run(node, inputs, outputs);
    node.outputs.forEach((name, index) => {
      values.set(name, outputs[index]!);
      changed.add(name);
    });
  }
  return { values, changed };
}

function run(node: Node, inputs: readonly Value[], outputs: readonly Value[]): void {
  const evaluation = evaluations[node.kind] as Evaluation<OperatorKind> | undefined;
  if (!evaluation) throw new Error(`the reference has no ${node.kind}`);
  evaluation(node, inputs as Known<Value>, outputs as Known<Value>);
}
