/**
 * Reverse-mode differentiation: walks the nodes backwards and asks each operator for its rule.
 * The result is a graph again, so an engine runs forward and backward pass alike.
 */
import { WorkbenchError } from '../errors.ts';
import type { Graph, Node, OperatorAttributes, OperatorKind } from './graph.ts';
import { inferShapes, type Shapes } from './infer-shapes.ts';
import { definitionOf, traitsOf } from './operators/index.ts';
import type { DifferentiationContext } from './operators/operator.ts';
import type { Shape } from './shape.ts';
import type { Known } from '../common/known.ts';

export interface DifferentiatedGraph {
  /** Forward nodes, then backward nodes. Outputs: the loss. */
  readonly graph: Graph;
  readonly shapes: Shapes;
  /** Initialiser name -> value name of the loss's gradient with respect to it. */
  readonly gradients: ReadonlyMap<string, string>;
}

/**
 * Gradients of `graph.outputs[0]`, a scalar loss, with respect to the named initialisers.
 * @throws WorkbenchError `unsupported-operator` for an operator without a rule on the path of a wanted
 * gradient, naming operator and node; `no-gradient` where an initialiser does not reach the loss.
 */
export function differentiate(
  graph: Graph,
  batchSize: number,
  wanted: readonly string[],
): DifferentiatedGraph {
  return differentiated(graph, batchSize, wanted, 'loss');
}

/** As `differentiate`, of the sum of all outputs of a network, none of which is a loss, times a factor. */
export function differentiateSum(
  graph: Graph,
  batchSize: number,
  wanted: readonly string[],
  factor = 1,
): DifferentiatedGraph {
  return differentiated(graph, batchSize, wanted, { sumTimes: factor });
}

function differentiated(
  graph: Graph,
  batchSize: number,
  wanted: readonly string[],
  of: 'loss' | { readonly sumTimes: number },
): DifferentiatedGraph {
  const shapes = new Map(inferShapes(graph, batchSize));
  const needed = reachable(graph, wanted);
  const backward: Node[] = [];
  const gradients = new Map<string, string>();
  const initializers = new Map(graph.initializers);
  let nextId = 0;

  const context: DifferentiationContext = {
    shapeOf: (value) => shapes.get(value) ?? [],
    needsGradient: (value) => needed.has(value),
    emit<K extends OperatorKind>(
      kind: K,
      inputs: readonly string[],
      attributes: OperatorAttributes[K],
    ): string {
      const output = `:d${nextId++}`;
      const node = { kind, name: `${kind}${output}`, inputs, outputs: [output], attributes };
      backward.push(node as unknown as Node);
      const inputShapes = inputs.map((name) => shapes.get(name) ?? []);
      const shape = definitionOf(kind).infer(node, inputShapes as Known<Shape>)[0]!;
      shapes.set(output, shape);
      return output;
    },
    constant(value) {
      const name = `:c${value}`;
      initializers.set(name, { shape: [], values: { kind: 'constant', value } });
      shapes.set(name, []);
      return name;
    },
  };
  const accumulate = (value: string, gradient: string) => {
    const sofar = gradients.get(value);
    gradients.set(
      value,
      sofar === undefined ? gradient : context.emit('Add', [sofar, gradient], {}),
    );
  };

  const loss = of === 'loss' ? graph.outputs[0]! : null;
  if (of !== 'loss') {
    for (const output of graph.outputs) {
      const start = `:start:${output}`;
      const shape = shapes.get(output) ?? [];
      const values = { kind: 'constant', value: of.sumTimes } as const;
      initializers.set(start, { shape, values, constant: true });
      shapes.set(start, shape);
      gradients.set(output, start);
    }
  }
  for (let index = graph.nodes.length - 1; index >= 0; index--) {
    const node = graph.nodes[index]!;
    const output = node.outputs[0]!;
    if (!needed.has(output)) continue;
    const outputGradient = output === loss ? '' : gradients.get(output);
    if (outputGradient === undefined) continue; // computed, but not used by the loss
    const rule = definitionOf(node.kind).differentiate;
    if (!rule) throw missingRule(node);
    const inputGradients = rule(node, outputGradient, context);
    node.inputs.forEach((input, position) => {
      const gradient = inputGradients[position] ?? null;
      if (gradient !== null) accumulate(input, gradient);
      // Leaving a gradient out would silently make every earlier layer wrong.
      else if (needed.has(input)) throw missingRule(node, position);
    });
  }

  for (const name of wanted) if (!gradients.has(name)) throw unreached(name);
  return {
    graph: { ...graph, initializers, nodes: [...graph.nodes, ...backward] },
    shapes,
    gradients: new Map(wanted.map((name) => [name, gradients.get(name) ?? ''])),
  };
}

/**
 * Values that depend on a wanted initialiser other than through steps: gradients need to flow only along these.
 */
function reachable(graph: Graph, wanted: readonly string[]): ReadonlySet<string> {
  const needed = new Set(wanted);
  for (const node of graph.nodes) {
    if (traitsOf(node.kind).flat) continue;
    if (node.inputs.some((name) => needed.has(name))) needed.add(node.outputs[0]!);
  }
  return needed;
}

function missingRule(node: Node, input?: number): WorkbenchError {
  const respect =
    input === undefined ? '' : ` with respect to its input ${input} ("${node.inputs[input]}")`;
  return new WorkbenchError(
    'unsupported-operator',
    `Operator ${node.kind} (node "${node.name}") cannot be differentiated${respect}.`,
    'Score a network without this operator.',
    { node: node.name },
  );
}

function unreached(name: string): WorkbenchError {
  return new WorkbenchError(
    'no-gradient',
    `The weights "${name}" do not influence the network's output, so they have no gradient.`,
    'Remove the unused layer from the model, or check which output was exported.',
  );
}
