/**
 * Operators for which runtimes have no fast form in int8, written with those that they have: hard swish as two
 * operators whose sixth goes into the weights behind it, hard sigmoid as a clipped sum, the mean of each channel as a
 * pool over the whole image.
 */
import type { Graph, Initializer, Node, NodeOf } from '../graph.ts';
import { inferShapes } from '../infer-shapes.ts';
import { normalisedAxes } from '../operators/reductions.ts';
import type { Shape } from '../shape.ts';
import { materialise } from '../weights.ts';
import { constantNumber } from './formulas.ts';

export function withFormsSpelledOut(graph: Graph): Graph {
  const initializers = new Map<string, Initializer>(graph.initializers);
  const number = (value: number) => {
    const name = `:number ${value}`;
    initializers.set(name, { shape: [], values: { kind: 'constant', value }, constant: true });
    return name;
  };
  const op = (
    kind: 'Add' | 'Mul',
    name: string,
    inputs: readonly string[],
    output: string,
  ): Node => ({ kind, name, inputs, outputs: [output], attributes: {} });
  const clip = (name: string, input: string, output: string, max: number): Node => ({
    kind: 'Clip',
    name,
    inputs: [input],
    outputs: [output],
    attributes: { min: 0, max },
  });
  const shapes = inferShapes(graph, 1);
  const nodes = graph.nodes.flatMap((node): readonly Node[] => {
    const [x] = node.inputs as readonly [string];
    const [y] = node.outputs as readonly [string];
    const { name } = node;
    if (node.kind === 'HardSwish') {
      return [
        op('Add', `${name} shift`, [x, number(3)], `${y}:raised`),
        clip(`${name} clip`, `${y}:raised`, `${y}:clipped`, 6),
        op('Mul', `${name} product`, [x, `${y}:clipped`], `${y}:product`),
        op('Mul', name, [`${y}:product`, number(1 / 6)], y),
      ];
    }
    if (node.kind === 'HardSigmoid') {
      const { alpha, beta } = node.attributes;
      const top = Math.abs(1 / alpha - 6) < 1e-5 ? 6 : 1 / alpha;
      return [
        op('Add', `${name} shift`, [x, number(beta / alpha)], `${y}:raised`),
        clip(`${name} clip`, `${y}:raised`, `${y}:clipped`, top),
        op('Mul', name, [`${y}:clipped`, number(alpha)], y),
      ];
    }
    if (node.kind === 'ReduceMean' && isOfChannels(node, shapes.get(x))) {
      const { keepDims } = node.attributes;
      const pooled = keepDims ? y : `${y}:pooled`;
      const pool = { kind: 'GlobalAveragePool', inputs: [x], attributes: {} } as const;
      const flatten = { kind: 'Flatten', inputs: [pooled], attributes: { axis: 1 } } as const;
      const whole: Node = { ...pool, name, outputs: [pooled] };
      return keepDims ? [whole] : [whole, { ...flatten, name: `${name} flat`, outputs: [y] }];
    }
    const bias = node.kind === 'ConvTranspose' ? node.inputs[2] : undefined;
    if (node.kind === 'ConvTranspose' && bias) {
      const data = materialise(initializers.get(bias)!);
      const shape = [data.length, 1, 1];
      initializers.set(`${y}:bias`, { shape, values: { kind: 'data', data } });
      const bare = { ...node, inputs: node.inputs.slice(0, 2), outputs: [`${y}:bare`] };
      return [bare, op('Add', `${name} bias`, [`${y}:bare`, `${y}:bias`], y)];
    }
    return [node];
  });
  return withFactorsInWeights({ ...graph, nodes, initializers });
}

/** Whether it takes the mean over the rows and columns of images. */
const isOfChannels = ({ attributes: { axes } }: NodeOf<'ReduceMean'>, shape: Shape = []): boolean =>
  shape.length === 4 && normalisedAxes(axes, 4).join() === '2,3';

/** A product with a number goes into the weights of the convolutions that alone read it. */
function withFactorsInWeights(graph: Graph): Graph {
  const initializers = new Map(graph.initializers);
  const readers = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node]);
  }
  const changed = new Map<Node, Node>();
  const gone = new Set<Node>();
  for (const node of graph.nodes) {
    if (node.kind !== 'Mul') continue;
    const [a, b] = node.inputs as readonly [string, string];
    const factor = constantNumber(initializers.get(b));
    const y = node.outputs[0]!;
    const all = readers.get(y) ?? [];
    if (factor === null || all.length === 0 || graph.outputs.includes(y)) continue;
    const layers = all.filter((reader) => isLayer(reader, y, initializers));
    if (layers.length < all.length) continue;
    gone.add(node);
    for (const layer of layers) {
      const now = (changed.get(layer) ?? layer) as NodeOf<'Conv'>;
      const [, weight, ...rest] = now.inputs as [string, string];
      const { shape, values } = initializers.get(weight)!;
      const data = materialise({ shape, values }).map((value) => factor * value);
      const name = `${layer.outputs[0]!}:scaled weight`;
      initializers.set(name, { shape, values: { kind: 'data', data } });
      changed.set(layer, { ...now, inputs: [a, name, ...rest] });
    }
  }
  const nodes = graph.nodes.flatMap((node) => (gone.has(node) ? [] : [changed.get(node) ?? node]));
  return { ...graph, nodes, initializers };
}

const isLayer = (node: Node, input: string, initializers: ReadonlyMap<string, Initializer>) =>
  node.kind === 'Conv' && node.inputs[0] === input && initializers.has(node.inputs[1]!);
