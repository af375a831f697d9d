/** Whether two networks are the same apart from their weights, and else where they first differ, in words. */
import type { Graph } from '../graph.ts';
import { calledOf } from '../operators/index.ts';
import { formatShape } from '../shape.ts';
import { canonical, Numbering, type Canonical, type CanonicalLayer } from './canonical.ts';

/** How a model stands to a network that was exported and trained. */
export type Comparison =
  | {
      readonly same: true;
      /** Null where it is as in the network. */ readonly newHead: number | null;
    }
  | { readonly same: false; /** A sentence. */ readonly difference: string };

/**
 * Compares layer kinds, shapes, strides, groups and how values flow; batch normalisation may be folded into the
 * weights or not. A last layer with another number of outputs is a new head, as training on other classes needs.
 * @param model as read for one image
 * @param network what it should be
 * Throws what inferring shapes throws.
 */
export function compareNetworks(model: Graph, network: Graph): Comparison {
  const [found, wanted] = [imageOf(model), imageOf(network)];
  if (found !== wanted) {
    return { same: false, difference: `It takes an image of ${found}, not of ${wanted}.` };
  }
  const numbers = new Numbering();
  const [of, like] = [canonical(model, numbers), canonical(network, numbers)];
  if (sameOutputs(of, like)) return { same: true, newHead: null };
  const openOf = canonical(model, numbers, true);
  if (sameOutputs(openOf, canonical(network, numbers, true))) {
    const outputs = of.layers.at(-1)!.outputs;
    if (outputs !== like.layers.at(-1)!.outputs) return { same: true, newHead: outputs };
  }
  return { same: false, difference: differenceOf(of, like) };
}

const sameOutputs = (a: Canonical, b: Canonical): boolean =>
  a.outputs.length > 0 && a.outputs.join() === b.outputs.join();

function imageOf({ inputs }: Graph): string {
  return inputs.map(({ shape }) => formatShape(shape.slice(1))).join(' and ');
}

function differenceOf(of: Canonical, like: Canonical): string {
  const [found, wanted] = [of.layers, like.layers];
  const at = found.findIndex((layer, i) => !wanted[i] || inWords(layer) !== inWords(wanted[i]));
  if (at >= 0 && at < wanted.length) {
    return `Its layer ${at + 1} is ${inWords(found[at]!)}; that of the candidate is ${inWords(wanted[at]!)}.`;
  }
  if (found.length !== wanted.length) {
    return `It has ${count(found.length)}, the candidate ${count(wanted.length)}.`;
  }
  const known = new Set(like.nodes.map(({ number }) => number));
  const first = of.nodes.findIndex(({ number }) => !known.has(number));
  const odd = of.nodes[first];
  if (!odd) return 'Its layers are put together in another way.';
  const behind = of.nodes.slice(0, first).filter(({ layer }) => layer !== null).length;
  const what = odd.layer ? `layer ${behind + 1}` : `${calledOf(odd.kind)} behind layer ${behind}`;
  return `Its layers are those of the candidate, but its ${what} reads or computes something else.`;
}

const count = (layers: number) => (layers === 1 ? 'one layer' : `${layers} layers with weights`);

function inWords(layer: CanonicalLayer): string {
  const { kind, inputs, outputs, kernel, strides, dilations, group } = layer;
  const channels = `of ${inputs} to ${outputs} channels`;
  if (kind === 'Linear') return `a fully connected one of ${inputs} to ${outputs} values`;
  const name = kind === 'Conv' ? 'convolution' : 'transposed convolution';
  const more = [
    ...(strides.some((stride) => stride > 1) ? [`stride ${strides[0]}`] : []),
    ...(dilations.some((dilation) => dilation > 1) ? [`dilation ${dilations[0]}`] : []),
    ...(group > 1 ? [`${group} groups`] : []),
  ];
  return `a ${kernel[0]} x ${kernel[1]} ${name} ${channels}${more.map((text) => `, ${text}`).join('')}`;
}
