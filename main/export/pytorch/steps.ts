/** A network in inference form as the lines of a PyTorch `forward`, in order. */
import type { Graph, Node, Shape } from '../../graph/graph.ts';
import { traitsOf } from '../../graph/operators/index.ts';
import { elements } from '../../graph/shape.ts';
import { materialise } from '../../graph/weights.ts';
import { functionOf, pythonNumber, tuple } from './functions.ts';
import { torchModuleOf, type ModuleUse } from './modules.ts';
import { modulePaths } from './names.ts';
import type { Leaf, Step } from './step.ts';

/** Throws `not-exportable` naming the node that cannot be written. */
export function forwardSteps(graph: Graph, shapeOf: (value: string) => Shape): Step[] {
  const uses = moduleUses(graph, shapeOf);
  const raw = new Map<string, Leaf>();
  const drafts = graph.nodes.map((node) => {
    const use = uses.get(node);
    return { node, use, names: use ? [use.name] : rawNames(node, graph, raw, shapeOf) };
  });
  const paths = modulePaths([...new Set(drafts.flatMap(({ names }) => names))]);
  return drafts.map(({ node, use, names }) => {
    const leaves = names.map((name) => ({
      path: paths.get(name)!,
      leaf: use?.leaf ?? raw.get(name)!,
    }));
    const inputs = node.inputs.filter((name) => name !== '' && !graph.initializers.has(name));
    const common = {
      leaves,
      output: node.outputs[0]!,
      activation: traitsOf(node.kind).family === 'activation',
    };
    if (use) {
      return {
        ...common,
        inputs,
        word: leaves[0]!.path.findLast((segment) => !/^\d/.test(segment)) ?? 'y',
        plainCall: !use.prepare,
        render: ([x = ''], [module]) => `${module}(${use.prepare?.(x) ?? x})`,
      } satisfies Step;
    }
    const write = functionOf(node, shapeOf);
    write(node.inputs.map(() => 'x')); // refuse here what cannot be written
    return {
      ...common,
      inputs,
      word: 'y',
      plainCall: false,
      render(values, modules) {
        const left = [...values];
        return write(
          node.inputs.map((name) => {
            if (name === '') return '';
            if (!graph.initializers.has(name)) return left.shift()!;
            return names.includes(name) ? modules[names.indexOf(name)]! : literal(name, graph);
          }),
        );
      },
    } satisfies Step;
  });
}

/** A module that several nodes share has to be constructed alike for all; otherwise they share only its weights. */
function moduleUses(graph: Graph, shapeOf: (value: string) => Shape): Map<Node, ModuleUse> {
  const known = new Map<string, string>();
  const refused = new Set<string>();
  const users = new Map<string, string>();
  const found = new Map<Node, ModuleUse>();
  for (const node of graph.nodes) {
    const use = torchModuleOf(node, graph, shapeOf);
    const weights = node.inputs.filter((name) => graph.initializers.has(name));
    const name = use?.name ?? `a function: ${node.name}`;
    for (const weight of weights) {
      if ((users.get(weight) ?? name) !== name) refused.add(name).add(users.get(weight)!);
      users.set(weight, name);
    }
    if (!use) continue;
    const { leaf } = use;
    const made = leaf.construct(leaf.slots.map(({ value }) => String(value))) + leaf.tensors.join();
    if ((known.get(name) ?? made) !== made) refused.add(name);
    known.set(name, made);
    found.set(node, use);
  }
  for (const [node, use] of found) if (refused.has(use.name)) found.delete(node);
  return found;
}

/** Names for initialisers that nodes read directly: parameters, buffers, or literals for single numbers. */
function rawNames(
  node: Node,
  graph: Graph,
  raw: Map<string, Leaf>,
  shapeOf: (value: string) => Shape,
): string[] {
  const names: string[] = [];
  const statistics = node.kind === 'BatchNormalization' ? node.inputs.slice(3) : [];
  for (const name of node.inputs) {
    const initializer = graph.initializers.get(name);
    if (!initializer || names.includes(name)) continue;
    const { shape } = initializer;
    const parameter =
      shape.length > 0 &&
      !statistics.includes(name) &&
      (!initializer.constant || traitsOf(node.kind).trained);
    // A constant with more axes than the other operand adds axes to the result, which a number would not.
    const other = node.inputs.find((input) => input !== name);
    const number = elements(shape) === 1 && other && shape.length <= shapeOf(other).length;
    if (!parameter && traitsOf(node.kind).family === 'arithmetic' && number) continue;
    names.push(name);
    // A constant that is a weight to one of its readers is a weight.
    if (raw.get(name)?.kind === 'parameter') continue;
    raw.set(name, {
      kind: parameter ? 'parameter' : 'buffer',
      slots: shape.map((value) => ({ role: 'size', value })),
      construct: (sizes) => `torch.ones(${sizes.length === 0 ? '()' : tuple(sizes)})`,
      tensors: [['', name]],
    });
  }
  return names;
}

function literal(name: string, graph: Graph): string {
  return pythonNumber(materialise(graph.initializers.get(name)!)[0]!);
}
