/**
 * From a differentiated graph to a plan of oneDNN primitives. The add-on decides on layouts, memory and scratch
 * space; this decides on operators and on what is fused.
 */
import { WorkbenchError } from '../../errors.ts';
import type { DifferentiatedGraph } from '../../graph/differentiate.ts';
import type { Graph, Node } from '../../graph/graph.ts';
import type { Shape } from '../../graph/shape.ts';
import { materialise, uniformDrawOf } from '../../graph/weights.ts';
import { stepsOf } from './operators.ts';
import type { NamedStep, Plan, PlanStep, PlanValue } from './plan.ts';
import { simplified } from './simplify.ts';
import type { StepContext } from './steps/step.ts';

/** Code of the error that names an operator which this engine does not have. */
export const notNative = 'operator-not-native';

/** @throws WorkbenchError `operator-not-native` naming operator and node. */
export function lowerToPlan(differentiated: DifferentiatedGraph): Plan {
  const { graph, shapes, gradients } = differentiated;
  const numbers = new Map<string, Float32Array>();
  const added = new Map<string, Shape>();
  const context: StepContext = {
    shapeOf: (value) => shapes.get(value) ?? added.get(value) ?? [],
    declare: (value, shape) => void added.set(value, shape),
    addConstant(value, shape, data) {
      added.set(value, shape);
      numbers.set(value, data);
    },
    constantOf(value) {
      const ready = numbers.get(value);
      if (ready) return ready;
      const initializer = graph.initializers.get(value);
      if (!initializer) return null;
      const known = materialise(initializer);
      numbers.set(value, known);
      return known;
    },
    repeatedNumberOf(value) {
      if (numbers.has(value)) return null;
      const values = graph.initializers.get(value)?.values;
      return values?.kind === 'constant' ? values.value : null;
    },
    refuse: (node, why) => refusal(node, why),
  };
  const steps = graph.nodes.flatMap((node) => stepsOf(node, context));
  const wanted = [...gradients.values()];
  /** Numbers that no lowering reads need not be drawn here. */
  const valueOf = (name: string): PlanValue => {
    const initializer = numbers.has(name) ? undefined : graph.initializers.get(name);
    const drawn = initializer ? uniformDrawOf(initializer) : null;
    const dims = context.shapeOf(name);
    return drawn ? { dims, constant: null, drawn } : { dims, constant: context.constantOf(name) };
  };
  return numbered(simplified(steps, wanted), floatInputs(graph), wanted, valueOf);
}

/** The inputs of a batch that are numbers; targets are integers and not values of the plan. */
export const floatInputs = (graph: Graph): readonly string[] =>
  graph.inputs.filter(({ type }) => type === 'float32').map(({ name }) => name);

function refusal(node: Node, why?: string): WorkbenchError {
  return new WorkbenchError(
    notNative,
    `The onednn engine does not have ${node.kind} (node "${node.name}")${why ? `: ${why}` : ''}.`,
    'Score this network with the onnxruntime engine.',
  );
}

function numbered(
  steps: readonly NamedStep[],
  batched: readonly string[],
  wanted: readonly string[],
  valueOf: (name: string) => PlanValue,
): Plan {
  const places = new Map<string, number>();
  const values: PlanValue[] = [];
  const place = (name: string): number => {
    const known = places.get(name);
    if (known !== undefined) return known;
    places.set(name, values.length);
    values.push(valueOf(name));
    return values.length - 1;
  };
  const inputs = batched.map(place);
  const numberedSteps = steps.map((step): PlanStep => ({
    op: step.op,
    name: step.name,
    inputs: step.inputs.map(place),
    outputs: step.outputs.map(place),
    ints: step.ints ?? [],
    floats: step.floats ?? [],
    data: step.data ?? [],
  }));
  return { values, steps: numberedSteps, inputs, gradients: wanted.map(place) };
}
