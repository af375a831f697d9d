/**
 * What a network computes, apart from its weights and from how its file spells it: every value gets a number that two
 * networks share exactly where they compute it in the same way, by layers of the same kind, shapes and places.
 *
 * What files write differently is written in one way: batch normalisation behind a layer is part of it, as inference
 * files fold it; a mean over the map has one name; a product with a matrix and a sum are a layer with its bias. What
 * only changes the shape of a value is left out. No weight is looked at.
 */
import { connectedNodes } from '../connected.ts';
import type { Graph, Node } from '../graph.ts';
import { withConstantsFolded } from '../deployed/constants.ts';
import { constantNumber, withFormulasRecognised } from '../deployed/formulas.ts';
import { countReaders } from '../deployed/norms.ts';
import { toInference } from '../forms.ts';
import { inferShapes } from '../infer-shapes.ts';
import { formatShape, type Shape } from '../shape.ts';

/** Numbers of descriptions: equal texts have the same one. Shared between the networks that are compared. */
export class Numbering {
  readonly #numbers = new Map<string, number>();

  of(text: string): number {
    const known = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, known);
    return known;
  }
}

/** A layer with weights, or anything else that computes. */
export interface CanonicalNode {
  /** Equal exactly where everything up to here is. */
  readonly number: number;
  readonly layer: CanonicalLayer | null;
  readonly kind: Node['kind'];
}

export interface CanonicalLayer {
  readonly kind: 'Conv' | 'ConvTranspose' | 'Linear';
  /** Channels that it reads and makes. */
  readonly inputs: number;
  readonly outputs: number;
  /** Height and width of its filter; of a fully connected layer 1 x 1. */
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly group: number;
  readonly bias: boolean;
}

export interface Canonical {
  /** In the order of the file. */
  readonly nodes: readonly CanonicalNode[];
  readonly layers: readonly CanonicalLayer[];
  /** Numbers of the outputs, in ascending order: detectors' exporters name them as they like. */
  readonly outputs: readonly number[];
}

/** Operators that change the shape of a value and none of its numbers. */
const views: ReadonlySet<Node['kind']> = new Set([
  ...(['Identity', 'Detached', 'Flatten', 'Reshape', 'Squeeze', 'Unsqueeze'] as const),
]);
const commutative: ReadonlySet<Node['kind']> = new Set(['Add', 'Mul', 'Max', 'Min']);
/** A classifier's file may end in probabilities. */
const endings: ReadonlySet<Node['kind']> = new Set(['Softmax', 'LogSoftmax']);

/**
 * @param graph with one image, whose size it knows
 * @param openHead leaves out how many outputs its last layer has, and the shapes of what follows
 */
export function canonical(graph: Graph, numbers: Numbering, openHead = false): Canonical {
  const network = withoutEnding(computing(graph));
  const { initializers } = network;
  const shapes = inferShapes(network, 1);
  const readers = countReaders(network);
  const shapeOf = (name: string): Shape => shapes.get(name) ?? [];
  const weighted = network.nodes.filter((node) => weightOf(node, initializers) !== null);
  const head = openHead ? weighted.at(-1) : undefined;
  const behindHead = new Set<string>();
  const known = new Map<string, number>();
  for (const { name, shape } of network.inputs) {
    known.set(name, numbers.of(`image ${formatShape(shape.slice(1))}`));
  }
  /** What makes a value: its place among the nodes. */
  const makers = new Map<string, number>();
  const nodes: (CanonicalNode & { readonly rest: string })[] = [];

  const constantOf = (shape: Shape): number => numbers.of(`constant ${squeezed(shape)}`);
  const numberOf = (name: string): number => {
    const number = known.get(name);
    if (number !== undefined) return number;
    // The values are what training changes, also those of single numbers: shares of a weighted sum.
    return constantOf(initializers.get(name)?.shape ?? []);
  };
  const place = (output: string): string =>
    behindHead.has(output)
      ? formatShape(shapeOf(output).slice(2))
      : squeezed(shapeOf(output).slice(1));
  const computed = (does: string, inputs: readonly number[], output: string, sorted = true) => {
    const read = sorted ? inputs.toSorted((a, b) => a - b) : inputs;
    return numbers.of(`${does} (${read.join(', ')}) -> ${place(output)}`);
  };
  /** What some files write as one operator and others as several is written as several. */
  const spelledOut = (node: Node, output: string): number => {
    const x = numberOf(node.inputs[0] ?? '');
    const number = constantOf([]);
    const hardSigmoid = () => {
      const raised = computed('Add {}', [computed('Mul {}', [x, number], output), number], output);
      return computed('Clip {"min":0,"max":1}', [raised], output);
    };
    switch (node.kind) {
      case 'BatchNormalization': {
        // Elsewhere than behind a layer it is a factor and a shift a channel.
        const perChannel = numberOf(node.inputs[1]!);
        return computed(
          'Add {}',
          [computed('Mul {}', [x, perChannel], output), perChannel],
          output,
        );
      }
      case 'HardSigmoid':
        return hardSigmoid();
      case 'HardSwish':
        return computed('Mul {}', [x, hardSigmoid()], output);
      case 'Pad': {
        const { pads } = node.attributes;
        const around = [2, 3, 6, 7].map((axis) => pads[axis] ?? 0);
        if (pads.length === 8) return numbers.of(`zeros ${around.join(' ')} (${x})`);
        return computed(`Pad ${pads.join(' ')}`, [x], output);
      }
      default: {
        const does = `${nameOf(node, shapeOf)} ${attributesOf(node, shapeOf)}`;
        const [first, ...others] = node.inputs.map(numberOf);
        const read = [padded(node, first ?? 0), ...others];
        return computed(does, read, output, commutative.has(node.kind));
      }
    }
  };
  /** Zeros around a map, where a mean counts them: some files pad first. */
  const padded = (node: Node, x: number): number => {
    const isCounted = node.kind === 'AveragePool' && node.attributes.countIncludePad;
    if (!isCounted || node.attributes.pads.every((pad) => pad === 0)) return x;
    return numbers.of(`zeros ${node.attributes.pads.join(' ')} (${x})`);
  };
  const layerNode = (layer: CanonicalLayer, kind: Node['kind'], rest: string) => ({
    ...{ layer, kind, rest },
    number: numbers.of(`${JSON.stringify({ ...layer, ...(openHead && { outputs: 0 }) })} ${rest}`),
  });

  for (const node of network.nodes) {
    const [output] = node.outputs as readonly [string];
    const x = node.inputs[0] ?? '';
    if (node === head || node.inputs.some((name) => behindHead.has(name))) behindHead.add(output);
    const layer = layerOf(node, shapeOf, initializers);
    const shifted = shiftedValue(node, initializers);
    const at = shifted === null || readers.get(shifted) !== 1 ? undefined : makers.get(shifted);
    const maker = at === undefined ? undefined : nodes[at];
    if (views.has(node.kind) || padsNothing(node)) {
      known.set(output, numberOf(x));
      const made = makers.get(x);
      if (made !== undefined && readers.get(x) === 1) makers.set(output, made);
    } else if (at !== undefined && maker?.layer) {
      const made = layerNode({ ...maker.layer, bias: true }, maker.kind, maker.rest);
      nodes[at] = made;
      known.set(output, made.number);
      makers.set(output, at);
    } else {
      let made: (typeof nodes)[number];
      if (layer) {
        const pads = 'pads' in node.attributes ? JSON.stringify(node.attributes.pads) : '';
        const outputs = node === head || !openHead ? '' : String(layer.outputs);
        const rest = `${pads} (${numberOf(x)}) -> ${place(output)} ${outputs}`;
        made = layerNode(layer, node.kind, rest);
      } else {
        const number = spelledOut(node, output);
        made = { number, layer: null, kind: node.kind, rest: '' };
      }
      nodes.push(made);
      known.set(output, made.number);
      makers.set(output, nodes.length - 1);
    }
  }
  const layers = nodes.flatMap(({ layer }) => layer ?? []);
  const outputs = network.outputs.map(numberOf).sort((a, b) => a - b);
  return { nodes, layers, outputs };
}

/** In inference form, without what leads nowhere; what is made of constants alone is computed. */
function computing(graph: Graph): Graph {
  const inference = toInference(graph);
  const needed = { ...inference, nodes: connectedNodes(inference) };
  return withFormulasRecognised(withConstantsFolded(needed));
}

/** The network up to what a last softmax reads. */
function withoutEnding(graph: Graph): Graph {
  const [output, ...others] = graph.outputs;
  const last = graph.nodes.find(({ outputs }) => outputs[0] === output);
  if (others.length > 0 || !last || !endings.has(last.kind)) return graph;
  const nodes = graph.nodes.filter((node) => node !== last);
  return { ...graph, nodes, outputs: [last.inputs[0]!] };
}

/** Shapes of one number a channel are written in several ways: C, C x 1 x 1, 1 x C x 1 x 1. */
function squeezed(shape: Shape): string {
  let [from, to] = [0, shape.length];
  while (to > from && shape[to - 1] === 1) to--;
  while (to > from + 1 && shape[from] === 1) from++;
  return formatShape(shape.slice(from, to));
}

function weightOf(node: Node, initializers: Graph['initializers']): Shape | null {
  const isLayer = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'].includes(node.kind);
  const shape = isLayer ? initializers.get(node.inputs[1] ?? '')?.shape : undefined;
  return shape === undefined || (node.kind === 'MatMul' && shape.length !== 2) ? null : shape;
}

function layerOf(
  node: Node,
  shapeOf: (name: string) => Shape,
  initializers: Graph['initializers'],
): CanonicalLayer | null {
  const weight = weightOf(node, initializers);
  if (weight === null) return null;
  const bias = (node.inputs[2] ?? '') !== '';
  const [outputs, inputs] = [shapeOf(node.outputs[0]!), shapeOf(node.inputs[0]!)];
  if (node.kind === 'Conv' || node.kind === 'ConvTranspose') {
    const { kind } = node;
    const { strides, dilations, group } = node.attributes;
    const kernel = [weight[2] ?? 1, weight[3] ?? 1] as const;
    const channels = { inputs: inputs[1] ?? 1, outputs: outputs[1] ?? 1 };
    return { kind, ...channels, kernel, strides, dilations, group, bias };
  }
  const ones = [1, 1] as const;
  return {
    ...{ kind: 'Linear', inputs: inputs.at(-1) ?? 1, outputs: outputs.at(-1) ?? 1 },
    ...{ kernel: ones, strides: ones, dilations: ones, group: 1, bias },
  };
}

/** What a node shifts channel by channel, as batch normalisation and a bias do; null where it does anything else. */
function shiftedValue(node: Node, initializers: Graph['initializers']): string | null {
  const [a = '', b = ''] = node.inputs;
  if (node.kind === 'BatchNormalization') return a;
  if (node.kind !== 'Add' || initializers.has(a) === initializers.has(b)) return null;
  const [value, constant] = initializers.has(b) ? [a, b] : [b, a];
  // A single number may be part of a formula.
  return constantNumber(initializers.get(constant)) === null ? value : null;
}

/** Exporters put a pad before a pool whether it pads or not. */
const padsNothing = (node: Node): boolean =>
  node.kind === 'Pad' && node.attributes.pads.every((pad) => pad === 0);

/** A mean over the whole map has three spellings. */
function nameOf(node: Node, shapeOf: (name: string) => Shape): string {
  return isMeanOfMap(node, shapeOf) ? 'mean of the map' : node.kind;
}

function isMeanOfMap(node: Node, shapeOf: (name: string) => Shape): boolean {
  if (node.kind === 'GlobalAveragePool') return true;
  const shape = shapeOf(node.inputs[0]!);
  if (shape.length !== 4) return false;
  if (node.kind === 'ReduceMean') return node.attributes.axes.join() === '2,3';
  if (node.kind !== 'AveragePool') return false;
  const { kernel, pads } = node.attributes;
  return kernel[0] === shape[2] && kernel[1] === shape[3] && pads.every((pad) => pad === 0);
}

/** As text; numbers that exporters round are rounded here as well. */
function attributesOf(node: Node, shapeOf: (name: string) => Shape): string {
  if (isMeanOfMap(node, shapeOf)) return '';
  if (node.kind === 'AveragePool') {
    const { kernel, strides, pads, countIncludePad } = node.attributes;
    // Zeros that are counted were put around it before.
    return JSON.stringify({ kernel, strides, pads: countIncludePad ? [0, 0, 0, 0] : pads });
  }
  // What is known of the numbers that a root is taken of is no arithmetic.
  if (node.kind === 'Sqrt') return '{}';
  // How large it becomes is the shape of its output, whichever way a file says it.
  if (node.kind === 'Resize') return `${node.attributes.mode} ${node.attributes.coordinates}`;
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  return JSON.stringify(node.attributes, rounded);
}
