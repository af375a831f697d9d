/**
 * Batch normalisation by running statistics is a factor and a shift a channel. Behind a convolution they go
 * into its weights; anywhere else they stay a product and a sum with constants.
 */
import type { Graph, Initializer, Node, NodeOf } from '../graph.ts';
import { inferShapes } from '../infer-shapes.ts';
import { elements } from '../shape.ts';
import { materialise } from '../weights.ts';

type Weighted = NodeOf<'Conv'> | NodeOf<'ConvTranspose'> | NodeOf<'Gemm'>;

/** @param graph in inference form, with constants folded */
export function withNormsFolded(graph: Graph): Graph {
  const initializers = new Map(graph.initializers);
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  const readers = countReaders(graph);
  const shapes = inferShapes(graph, 1);
  const replaced = new Map<Node, Node | null>();
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const affine = node.kind === 'BatchNormalization' ? affineOf(node, initializers) : null;
    if (!affine) {
      nodes.push(node);
      continue;
    }
    const [x] = node.inputs as readonly [string];
    const [y] = node.outputs as readonly [string];
    const maker = makers.get(x);
    const at = maker ? nodes.indexOf(replaced.get(maker) ?? maker) : -1;
    const before = nodes[at];
    const folds =
      before && isWeighted(before) && readers.get(x) === 1 && !graph.outputs.includes(x);
    if (folds && before.inputs.slice(1).every((name) => initializers.has(name))) {
      const folded = foldInto(before, affine, y, initializers);
      nodes[at] = folded;
      replaced.set(node, folded);
      makers.set(y, node);
      continue;
    }
    const perChannel = [
      affine.factors.length,
      ...shapes
        .get(x)!
        .slice(2)
        .map(() => 1),
    ];
    const constant = (part: string, exact: Float64Array) => {
      const data = Float32Array.from(exact);
      initializers.set(`${y}:${part}`, { shape: perChannel, values: { kind: 'data', data } });
      return `${y}:${part}`;
    };
    const scaled = `${y}:scaled`;
    nodes.push(
      {
        kind: 'Mul',
        name: `${node.name} factor`,
        inputs: [x, constant('factor', affine.factors)],
        outputs: [scaled],
        attributes: {},
      },
      {
        kind: 'Add',
        name: node.name,
        inputs: [scaled, constant('shift', affine.shifts)],
        outputs: [y],
        attributes: {},
      },
    );
  }
  return { ...graph, nodes, initializers };
}

export function countReaders({ nodes, outputs }: Graph): Map<string, number> {
  const readers = new Map<string, number>();
  for (const name of [...nodes.flatMap(({ inputs }) => inputs), ...outputs]) {
    readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  return readers;
}

const isWeighted = (node: Node): node is Weighted =>
  node.kind === 'Conv' ||
  node.kind === 'ConvTranspose' ||
  (node.kind === 'Gemm' && !node.attributes.transA);

/** In double precision, so that weights into which they go are rounded once. */
interface Affine {
  readonly factors: Float64Array;
  readonly shifts: Float64Array;
}

/** y = factor x + shift with factor = scale / sqrt(variance + epsilon). Source: ONNX BatchNormalization. */
function affineOf(
  node: NodeOf<'BatchNormalization'>,
  initializers: ReadonlyMap<string, Initializer>,
): Affine | null {
  const parts = node.inputs.slice(1, 5).map((name) => initializers.get(name));
  if (parts.length < 4 || parts.some((part) => !part)) return null;
  const [scale, shift, mean, variance] = parts.map((part) => materialise(part!)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const factors = Float64Array.from(
    scale,
    (value, i) => value / Math.sqrt(variance[i]! + node.attributes.epsilon),
  );
  const shifts = Float64Array.from(shift, (value, i) => value - mean[i]! * factors[i]!);
  return { factors, shifts };
}

/** The layer with factor and shift in its weights; they get names of their own, since layers may share them. */
function foldInto(
  node: Weighted,
  { factors, shifts }: Affine,
  output: string,
  initializers: Map<string, Initializer>,
): Node {
  const [x, weightName, biasName] = node.inputs as [string, string, string | undefined];
  const weight = initializers.get(weightName)!;
  const data = materialise(weight).slice();
  scaleChannels(data, factors, node, weight.shape);
  const old = biasName ? materialise(initializers.get(biasName)!) : null;
  const beta = node.kind === 'Gemm' ? node.attributes.beta : 1;
  const bias = new Float32Array(shifts.length);
  shifts.forEach((shift, i) => {
    bias[i] = shift + (old ? beta * old[old.length === 1 ? 0 : i]! * factors[i]! : 0);
  });
  const names = [`${output}:weight`, `${output}:bias`] as const;
  initializers.set(names[0], { shape: weight.shape, values: { kind: 'data', data } });
  initializers.set(names[1], { shape: [bias.length], values: { kind: 'data', data: bias } });
  const attributes = node.kind === 'Gemm' ? { ...node.attributes, beta: 1 } : node.attributes;
  return { ...node, inputs: [x, ...names], outputs: [output], attributes } as Node;
}

/** Multiplies each output channel of a weight by a factor, in place. */
function scaleChannels(
  data: Float32Array,
  factors: Float64Array,
  node: Weighted,
  shape: readonly number[],
): void {
  // Runs of numbers that belong to one channel, and the channel of each run.
  const [run, channelOf] = runsOf(node, shape);
  for (let start = 0, i = 0; start < data.length; start += run, i++) {
    const factor = factors[channelOf(i)]!;
    for (let at = start; at < start + run; at++) data[at]! *= factor;
  }
}

function runsOf(
  node: Weighted,
  shape: readonly number[],
): readonly [run: number, channelOf: (run: number) => number] {
  if (node.kind === 'Conv') return [elements(shape.slice(1)), (i) => i];
  if (node.kind === 'ConvTranspose') {
    // C x M/g x kH x kW: of group g come the channels g M/g and following.
    const [inputs, perGroup] = shape as readonly [number, number];
    const inputsOfGroup = inputs / node.attributes.group;
    return [
      shape[2]! * shape[3]!,
      (i) => Math.floor(Math.floor(i / perGroup) / inputsOfGroup) * perGroup + (i % perGroup),
    ];
  }
  return node.attributes.transB ? [shape[1]!, (i) => i] : [1, (i) => i % shape[1]!];
}
