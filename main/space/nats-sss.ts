/**
 * The size search space of NATS-Bench (Dong et al., TPAMI 2021): one topology, five channel widths.
 * Genotype c0:c1:c2:c3:c4, each one of 8, 16, ..., 64, so 8^5 = 32,768 networks.
 */
import { GraphBuilder } from '../graph/builder.ts';
import type { Graph } from '../graph/graph.ts';
import { geneSpace } from './genes.ts';
import type { Genotype, Space } from './space.ts';

const inputShape = [3, 32, 32] as const;
const classes = 10;
const widths = [8, 16, 24, 32, 40, 48, 56, 64];

const genes = geneSpace(
  'nats-sss',
  ['c0', 'c1', 'c2', 'c3', 'c4'].map((name) => ({ name, choices: widths })),
);

export const natsSizeSpace: Space = {
  name: 'nats-sss',
  title: 'NATS-Bench size space',
  task: 'classification',
  inputShape,
  classes,
  depth: { unit: 'cells and reductions', least: 5, most: 5, of: () => 5 },
  width: {
    unit: 'channels, mean of five stages',
    least: Math.min(...widths),
    most: Math.max(...widths),
    of: (genotype) => genes.values(genotype).reduce((sum, value) => sum + value, 0) / 5,
  },
  baselines: [{ name: 'widest', genotype: genes.parse('64:64:64:64:64') }],
  ...genes,
  decode,
};

/** Stem, Cell(c0, c0), Reduce(c0, c1), Cell(c1, c2), Reduce(c2, c3), Cell(c3, c4), classifier. */
function decode(genotype: Genotype): Graph {
  const [c0, c1, c2, c3, c4] = genes.values(genotype);
  const net = new GraphBuilder();
  let x = net.image('input', inputShape);
  x = net.conv('stem.conv', x, { inChannels: 3, outChannels: c0, kernel: 3 });
  x = net.batchNormalization('stem.norm', x, c0);
  x = cell(net, 'body.0', x, c0, c0);
  x = reduce(net, 'body.1', x, c0, c1);
  x = cell(net, 'body.2', x, c1, c2);
  x = reduce(net, 'body.3', x, c2, c3);
  x = cell(net, 'body.4', x, c3, c4);
  x = net.relu(net.batchNormalization('norm', x, c4));
  x = net.flatten(net.globalAveragePool(x));
  return net.build(`nats-sss ${genotype}`, [net.linear('head', x, c4, classes)]);
}

/**
 * n1 = op(x), n2 = op(x) + op(n1), n3 = skip(x) + op(n1) + op(n2); gives n3. An operation begins with a
 * ReLU: edges that leave the same node share it, which changes no number and saves time.
 */
function cell(net: GraphBuilder, name: string, x: string, from: number, to: number): string {
  const fromInput = net.relu(x);
  const n1 = convNorm(net, `${name}.op01`, fromInput, from, to);
  const op02 = convNorm(net, `${name}.op02`, fromInput, from, to);
  const fromN1 = net.relu(n1);
  const n2 = net.add(op02, convNorm(net, `${name}.op12`, fromN1, to, to));
  const skip = from === to ? x : pointwiseNorm(net, `${name}.skip`, x, from, to);
  const n3 = net.add(skip, convNorm(net, `${name}.op13`, fromN1, to, to));
  return net.add(n3, convNorm(net, `${name}.op23`, net.relu(n2), to, to));
}

/** Halves the resolution: two operations beside a pooled and projected shortcut. */
function reduce(net: GraphBuilder, name: string, x: string, from: number, to: number): string {
  const first = convNorm(net, `${name}.main.0`, net.relu(x), from, to, 2);
  const main = convNorm(net, `${name}.main.1`, net.relu(first), to, to);
  const pooled = net.averagePool(x, [2, 2], [2, 2]);
  const shortcut = net.conv(`${name}.shortcut.conv`, pooled, {
    inChannels: from,
    outChannels: to,
    kernel: 1,
  });
  return net.add(shortcut, main);
}

/** What follows the ReLU of an operation: conv 3x3 without bias, then BatchNorm. */
function convNorm(
  net: GraphBuilder,
  name: string,
  x: string,
  from: number,
  to: number,
  stride = 1,
): string {
  const conv = { inChannels: from, outChannels: to, kernel: 3, stride };
  return net.batchNormalization(`${name}.norm`, net.conv(`${name}.conv`, x, conv), to);
}

function pointwiseNorm(
  net: GraphBuilder,
  name: string,
  x: string,
  from: number,
  to: number,
): string {
  const conv = net.conv(`${name}.conv`, x, { inChannels: from, outChannels: to, kernel: 1 });
  return net.batchNormalization(`${name}.norm`, conv, to);
}
