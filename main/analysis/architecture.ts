/**
 * A network as a person reads it: one box for each layer with what follows it (normalisation, activation),
 * boxes for what joins or resizes, and the stage that each belongs to.
 */
import type { ArchitectureNode } from '../common/architecture.ts';
import type { Graph, Node } from '../graph/graph.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { layersOf } from '../graph/layers.ts';
import { calledOf, traitsOf } from '../graph/operators/index.ts';
import { summarise } from '../graph/summary.ts';
import { partOf } from '../space/part-of-layer.ts';

interface Box {
  readonly first: Node;
  readonly nodes: Node[];
  readonly inputs: Set<string>;
  stage: string | null;
}

/**
 * Boxes in topological order, the graph's input first. Pure; what it costs is one shape inference.
 * @throws WorkbenchError what `inferShapes` throws of a graph that does not fit together
 */
export function architectureOf(graph: Graph): ArchitectureNode[] {
  const shapes = inferShapes(graph, 2); // batch statistics need two; the axis is left out below
  const layers = new Map<Node, string>(layersOf(graph).map(({ node, name }) => [node, name]));
  const sizes = new Map(summarise(graph).layers.map((layer) => [layer.name, layer]));
  const boxes = boxesOf(graph);
  const reached = reachedFrom(graph.outputs, boxes);
  assignStages(boxes);
  const shapeOf = (value: string): number[] => [...(shapes.get(value) ?? [])].slice(1);
  const inputs = graph.inputs.map(({ name }): ArchitectureNode => {
    const nothing = {
      also: [],
      layer: null,
      parameters: 0,
      macs: 0,
      inputs: [],
      leadsNowhere: false,
    };
    return { id: name, stage: 'input', title: 'input', shape: shapeOf(name), ...nothing };
  });
  return [
    ...inputs,
    ...boxes.map((box): ArchitectureNode => {
      const { first, nodes, inputs: read, stage } = box;
      const layer = layers.get(first) ?? null;
      const size = layer === null ? undefined : sizes.get(layer);
      return {
        id: first.name,
        stage: stage ?? 'body',
        title: titleOf(first, graph),
        also: alsoOf(nodes.slice(1)),
        layer,
        shape: shapeOf(nodes[nodes.length - 1]!.outputs[0]!),
        parameters: size?.parameters ?? 0,
        macs: size?.macs ?? 0,
        inputs: [...read],
        leadsNowhere: !reached.has(box),
      };
    }),
  ];
}

/** The boxes that a network's outputs depend on. */
function reachedFrom(outputs: readonly string[], boxes: readonly Box[]): ReadonlySet<Box> {
  const reached = new Set<Box>();
  const wanted = new Set<string>();
  for (const box of boxes.toReversed()) {
    const makes = box.nodes.some((node) => node.outputs.some((value) => outputs.includes(value)));
    if (!makes && !wanted.has(box.first.name)) continue;
    reached.add(box);
    for (const id of box.inputs) wanted.add(id);
  }
  return reached;
}

function boxesOf(graph: Graph): Box[] {
  const boxes: Box[] = [];
  /** Value -> the box that makes it, or the name of the graph's input. */
  const madeBy = new Map<string, Box | string>(graph.inputs.map(({ name }) => [name, name]));
  for (const node of graph.nodes) {
    const sources = new Set(
      node.inputs.flatMap((value) => {
        const source = madeBy.get(value);
        return source === undefined ? [] : [source];
      }),
    );
    // A formula of weights alone, as of fusion weights that are kept positive, is no step of the data.
    if (sources.size === 0) continue;
    const [only] = sources;
    let box: Box;
    const own = traitsOf(node.kind).ownBox === true || cutsOff(node, graph);
    if (sources.size === 1 && typeof only === 'object' && !own) {
      box = only;
      box.nodes.push(node);
    } else {
      const ids = [...sources].map((one) => (typeof one === 'string' ? one : one.first.name));
      box = { first: node, nodes: [node], inputs: new Set(ids), stage: namedStage(node, graph) };
      boxes.push(box);
    }
    for (const value of node.outputs) madeBy.set(value, box);
  }
  return boxes;
}

/** Weights have the name of where they belong; nodes without weights only a number. */
function namedStage(node: Node, graph: Graph): string | null {
  const weight = node.inputs.find((name) => graph.initializers.get(name)?.constant === false);
  const name =
    weight ?? node.inputs.find((one) => graph.initializers.has(one) && one.includes('.'));
  return name === undefined ? null : partOf(name);
}

/**
 * What joins belongs to what it ends: the furthest stage that it reads, such as that of a residual block. Where a
 * resize or a pool stands between, or maps of several sizes are put side by side, it joins them for what comes after,
 * and belongs to what it leads to, as what stands between two stages does.
 */
function assignStages(boxes: readonly Box[]): void {
  const byId = new Map(boxes.map((box) => [box.first.name, box]));
  const places = new Map<string, number>();
  for (const { stage } of boxes)
    if (stage !== null && !places.has(stage)) places.set(stage, places.size);
  /** Stages that a box without one of its own passes on. */
  const passed = new Map<Box, ReadonlySet<string>>();
  const stagesBehind = (box: Box | undefined): ReadonlySet<string> =>
    box === undefined ? nowhere : box.stage === null ? passed.get(box)! : new Set([box.stage]);
  for (const box of boxes) {
    if (box.stage !== null) continue;
    const read = [...box.inputs].map((id) => byId.get(id));
    const all = new Set(read.flatMap((one) => [...stagesBehind(one)]));
    passed.set(box, all);
    if (box.inputs.size < 2 || all.size === 0) continue;
    const furthest = [...all].reduce((a, b) => (places.get(a)! >= places.get(b)! ? a : b));
    const direct = all.size === 1 || read.some((one) => one?.stage === furthest);
    const ofSizes = box.first.kind === 'Concat' && read.some((one) => one?.stage === null);
    if (direct && !ofSizes) box.stage = furthest;
  }
  for (const box of [...boxes].reverse()) {
    box.stage ??= boxes.find(({ inputs }) => inputs.has(box.first.name))?.stage ?? null;
  }
  // What leads nowhere, such as a softmax at the end, stays with what it reads.
  for (const box of boxes) {
    box.stage ??= [...box.inputs].flatMap((id) => byId.get(id)?.stage ?? []).at(-1) ?? null;
  }
}

const nowhere: ReadonlySet<string> = new Set();

function titleOf(node: Node, graph: Graph): string {
  if (node.kind === 'Conv' || node.kind === 'ConvTranspose') {
    const [outputs, inputs, height, width] = graph.initializers.get(node.inputs[1]!)?.shape ?? [];
    const { group, strides } = node.attributes;
    const depthwise = group > 1 && inputs === 1 && outputs === group;
    return [
      `${calledOf(node.kind)} ${height}×${width}`,
      ...(depthwise ? ['dw'] : group > 1 ? [`g${group}`] : []),
      ...(strides[0] > 1 || strides[1] > 1 ? [`s${strides[0]}`] : []),
    ].join(' ');
  }
  if (node.kind === 'MaxPool' || node.kind === 'AveragePool') {
    const { kernel, strides } = node.attributes;
    return `${calledOf(node.kind)} ${kernel[0]}×${kernel[1]} s${strides[0]}`;
  }
  return cutsOff(node, graph) ? 'zero' : calledOf(node.kind);
}

/** True for a product with zero: whatever comes in, nothing leaves. */
function cutsOff({ kind, inputs }: Node, { initializers }: Graph): boolean {
  if (kind !== 'Mul') return false;
  return inputs.some((name) => {
    const values = initializers.get(name)?.values;
    return values?.kind === 'constant' && values.value === 0;
  });
}

/** x times sigmoid(x) is one activation to everybody but the graph. */
function alsoOf(nodes: readonly Node[]): string[] {
  const also: string[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const [node, next] = [nodes[i]!, nodes.at(i + 1)];
    const gated =
      node.kind === 'Sigmoid' && next?.kind === 'Mul' && next.inputs.includes(node.outputs[0]!);
    if (gated && next.inputs.includes(node.inputs[0]!)) {
      also.push('SiLU');
      i++;
    } else if (node.kind !== 'Identity') also.push(calledOf(node.kind));
  }
  return also;
}
