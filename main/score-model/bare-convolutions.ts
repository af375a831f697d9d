/** Convolutions that stand without a normalisation behind them, as folding BatchNormalization leaves them. */
import type { Graph, Node } from '../graph/graph.ts';
import type { Layers } from '../graph/layers.ts';
import { isMadeUpName } from '../graph/onnx/module-names.ts';
import { traitsOf } from '../graph/operators/index.ts';
import { batchNormalizationOf } from './batch-normalization.ts';
import { isSquare, writtenOutNorms } from './written-out-norms.ts';

/** Values move through these unchanged, so that what follows them follows what precedes them. */
const moving = new Set<Node['kind']>([
  'Identity',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Transpose',
  'Pad',
]);
/** What may lie between a last layer and the outputs of a network. */
const finishing = new Set<Node['kind']>([
  ...moving,
  'Concat',
  'Slice',
  'Resize',
  'Sigmoid',
  'Softmax',
  'Add',
]);

/**
 * Names of the layers that look as if a BatchNormalization had been folded into them. Every convolution of a
 * network that has no normalisation at all is one, since such a network looks the same. In other networks it is a
 * convolution over more than one place that nothing normalises, that is not at the end, and that has what folding
 * leaves: a bias, or a name made up by the exporter, where the file does not show that it never had one.
 * @param layers of this graph, as `findLayers` finds them
 * @param written of this graph
 */
export function bareConvolutions(
  graph: Graph,
  { weightOf }: Layers,
  written = writtenOutNorms(graph),
): readonly string[] {
  const { nodes, initializers } = graph;
  const makers = new Map(
    nodes.flatMap((node) => node.outputs.map((made) => [made, node] as const)),
  );
  /** Nothing can be folded into weights that the network computes (weight standardisation, scales). */
  const isStored = ({ inputs: [, weight = ''] }: Node): boolean => {
    let maker = makers.get(weight);
    while (maker && moving.has(maker.kind)) maker = makers.get(maker.inputs[0]!);
    return maker === undefined;
  };
  const nameOf = (node: Node) => (weightOf.get(node) ?? node.name).replace(/\.weight$/, '');
  const convolutions = nodes.filter((node) => node.kind === 'Conv' && isStored(node));
  const means: ReadonlySet<Node> = written.means;
  const isNorm = (node: Node) => traitsOf(node.kind).family === 'norm' || means.has(node);
  const batchNormalization = batchNormalizationOf(graph, written);
  if (batchNormalization !== 'present' && !nodes.some(isNorm)) {
    return [...new Set(convolutions.filter((node) => weightOf.has(node)).map(nameOf))];
  }
  // Values that reach a normalisation through what only moves them, or squares them for a mean, and values that reach more than an output.
  const normalised = new Set<string>();
  const used = new Set<string>();
  for (const node of [...nodes].reverse()) {
    const output = node.outputs[0]!;
    const passes = moving.has(node.kind) || isSquare(node);
    const reaches = isNorm(node) || (passes && normalised.has(output));
    const finishes = finishing.has(node.kind) && !used.has(output);
    for (const input of node.inputs) {
      if (reaches) normalised.add(input);
      if (!finishes) used.add(input);
    }
  }
  const bare = convolutions.filter((node) => {
    const weight = weightOf.get(node);
    const output = node.outputs[0]!;
    if (weight === undefined || normalised.has(output) || !used.has(output)) return false;
    if (isAsTraced(node)) return false;
    const folded = initializers.has(node.inputs[2] ?? '') || isMadeUpName(weight);
    return folded && !isAfterGlobalPool(node, makers);
  });
  // Where nothing says that there ever was a BatchNormalization, one convolution is what cuts images into patches.
  const patches = bare.length === 1 && batchNormalization !== 'present';
  return patches ? [] : [...new Set(bare.map(nameOf))];
}

/**
 * Whether PyTorch's exporters wrote a convolution as they met it. Today's gives node and value the operator's name, and
 * one that it folds a BatchNormalization into gets a number, and gives the value of that. The one by tracing makes up
 * the name of the bias that folding leaves.
 */
function isAsTraced({ name, inputs: [, , bias = ''], outputs: [output = ''] }: Node): boolean {
  if (name.startsWith('/')) return !isMadeUpName(bias);
  return name === `node_${output}` && /^conv(2d|olution)(_\d+)?$/.test(output);
}

/** Squeeze-and-excite and classifiers: convolutions over one place, which are never normalised. */
function isAfterGlobalPool(node: Node, makers: ReadonlyMap<string, Node>): boolean {
  for (let at = makers.get(node.inputs[0]!); at; at = makers.get(at.inputs[0]!)) {
    if (at.kind === 'GlobalAveragePool' || at.kind === 'GlobalMaxPool' || at.kind === 'ReduceMean')
      return true;
    const passes =
      traitsOf(at.kind).family === 'activation' || moving.has(at.kind) || at.kind === 'Mul';
    const isPoint = at.kind === 'Conv' && at.attributes.group === 1;
    if (!passes && !isPoint) return false;
  }
  return false;
}
