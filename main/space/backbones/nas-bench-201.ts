/**
 * The macro network of NAS-Bench-201 (Dong & Yang, ICLR 2020): a stem, three groups of equal cells of 1, 2 and 4
 * times the stem's channels, and a residual block that halves the resolution between two groups. A cell has four
 * nodes; every earlier node leads to every later one by an operation of the genotype, and what meets in a node
 * adds up.
 */
import type { GraphBuilder } from '../../graph/builder.ts';
import { natsReduction } from '../blocks/nats.ts';
import { convNorm, type Feature, type Style } from '../blocks/parts.ts';
import type { CellOperation } from '../../common/space-description.ts';

/** The edges of a cell, in the order of a genotype: from an earlier node to a later one. */
export const cellEdges: readonly (readonly [from: number, to: number])[] = [
  [0, 1],
  ...[[0, 2] as const, [1, 2] as const],
  ...[[0, 3] as const, [1, 3] as const, [2, 3] as const],
];
const lastNode = 3;

export interface CellNetwork {
  /** Channels of the stem and of the first group. */
  readonly channels: number;
  /** Cells of a group. */
  readonly cells: number;
  /** Along `cellEdges`. */
  readonly operations: readonly CellOperation[];
}

/** Features of the three groups. A convolution that leads nowhere is written down all the same: it has parameters. */
export function nasBench201(
  net: GraphBuilder,
  style: Style,
  image: Feature,
  { channels, cells, operations }: CellNetwork,
): Feature[] {
  let x = convNorm(net, style, 'stem', image, { outChannels: channels, kernel: 3 });
  const ends: Feature[] = [];
  for (let group = 0; group < 3; group++) {
    if (group > 0) {
      const wider = { channels: channels * 2 ** group, ...reductionHasNone };
      x = natsReduction(net, style, `body.${2 * group - 1}`, x, wider);
    }
    for (let i = 0; i < cells; i++) x = cell(net, style, `body.${2 * group}.${i}`, x, operations);
    ends.push(x);
  }
  return ends;
}

/** What only other blocks look at. */
const reductionHasNone = {
  ...({ kernel: 3, stride: 2, expansion: 1, groupSize: 0, entering: true } as const),
  ...({ squeezeExcite: false } as const),
};

function cell(
  net: GraphBuilder,
  style: Style,
  name: string,
  input: Feature,
  operations: readonly CellOperation[],
): Feature {
  const nodes: string[] = [input.value];
  const relus = new Map<string, string>();
  /** Edges that leave a node share its ReLU, which changes no number and saves time. */
  const relu = (value: string): string => {
    const known = relus.get(value) ?? net.relu(value);
    relus.set(value, known);
    return known;
  };
  for (let to = 1; to <= lastNode; to++) {
    const terms = cellEdges.flatMap(([from, end], edge): string[] => {
      if (end !== to) return [];
      const value = nodes[from]!;
      switch (operations[edge]!) {
        case 'none':
          return [];
        case 'skip_connect':
          return [value];
        case 'avg_pool_3x3':
          return [net.averagePool(value, [3, 3], [1, 1], 1)];
        case 'nor_conv_1x1':
        case 'nor_conv_3x3': {
          const kernel = operations[edge] === 'nor_conv_1x1' ? 1 : 3;
          const layer = { outChannels: input.channels, kernel };
          const edgeName = `${name}.edge${from}${to}`;
          return [convNorm(net, style, edgeName, { ...input, value: relu(value) }, layer).value];
        }
      }
    });
    // Nothing arrives: the node is zero, as the benchmark's own "none" makes it by multiplying.
    const arrived = terms.length === 0 ? [zeros(net, input.value)] : terms;
    nodes.push(arrived.reduce((sum, term) => net.add(sum, term)));
  }
  return { ...input, value: nodes[lastNode]! };
}

/** The colon marks a number of a formula in files, which is no parameter. */
const zeros = (net: GraphBuilder, like: string): string =>
  net.multiply(like, net.number(':zero', 0));
