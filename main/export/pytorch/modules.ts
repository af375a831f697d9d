/** Nodes with weights as torch.nn modules, where one matches exactly. */
import type { Graph, Node, NodeOf, Shape } from '../../graph/graph.ts';
import { pairOf, paddedCall, symmetric } from './functions.ts';
import type { Leaf, Slot } from './step.ts';
import type { Known } from '../../common/known.ts';

export interface ModuleUse {
  /** Name of the module: the name of its first weight without `.weight`. */
  readonly name: string;
  readonly leaf: Leaf;
  /** Python that prepares the operand; absent if nothing has to be done. */
  readonly prepare?: (x: string) => string;
}

/** Null if the node has no weights of its own, or uses them as no module does. */
export function torchModuleOf(
  node: Node,
  graph: Graph,
  shapeOf: (value: string) => Shape,
): ModuleUse | null {
  const weights = node.inputs.slice(1).filter((name) => name !== '');
  if (weights.length === 0 || !weights.every((name) => graph.initializers.has(name))) return null;
  if (graph.initializers.has(node.inputs[0]!)) return null;
  switch (node.kind) {
    case 'Conv':
      return conv(node, shapeOf);
    case 'Gemm':
      return linear(node, shapeOf);
    case 'BatchNormalization':
      return batchNorm(node, shapeOf);
    default:
      return null;
  }
}

const nameOf = (weight: string) => weight.replace(/\.weight$/, '');

/** Keyword arguments that differ from PyTorch's defaults. */
const keywords = (
  given: Readonly<Record<string, string>>,
  defaults: Readonly<Record<string, string>>,
) =>
  Object.entries(given)
    .filter(([name, value]) => defaults[name] !== value)
    .map(([name, value]) => `, ${name}=${value}`)
    .join('');

function conv(node: NodeOf<'Conv'>, shapeOf: (value: string) => Shape): ModuleUse {
  const { strides, pads, dilations, group } = node.attributes;
  const [, weight, bias] = node.inputs as Known<string>;
  const [out, perGroup, ...kernel] = shapeOf(weight) as Known<number>;
  const channels = perGroup * group;
  const even = symmetric(pads);
  const square = kernel[0] === kernel[1];
  const sameStrides = strides[0] === strides[1];
  const depthwise = group > 1 && group === channels;
  // Kernel 1 is padded by 0, 3 by 1, 5 by 2: one number then gives both.
  const half = even && square && pads[0] === pads[1] && pads[0] === kernel[0] >> 1;
  const slots: Slot[] = [
    { role: 'in_channels', value: channels },
    { role: 'out_channels', value: out },
    ...(square ? [{ role: 'kernel', value: kernel[0] }] : []),
    ...(sameStrides ? [{ role: 'stride', value: strides[0] }] : []),
    ...(group > 1 && !depthwise ? [{ role: 'groups', value: group }] : []),
  ];
  const construct = (given: readonly string[]): string => {
    const next = [...given];
    const inChannels = next.shift()!;
    const outChannels = next.shift()!;
    const size = square ? next.shift()! : `(${kernel.join(', ')})`;
    const stride = sameStrides ? next.shift()! : pairOf(strides);
    const groups = depthwise ? inChannels : group > 1 ? next.shift()! : '1';
    const halfOf = /^\d+$/.test(size) ? String(Number(size) >> 1) : `${size} // 2`;
    const padding = !even ? '0' : half ? halfOf : pairOf([pads[0], pads[1]]);
    const written = {
      stride,
      padding,
      dilation: pairOf(dilations),
      groups,
      bias: bias ? 'True' : 'False',
    };
    const defaults = { stride: '1', padding: '0', dilation: '1', groups: '1', bias: 'True' };
    return `nn.Conv2d(${inChannels}, ${outChannels}, ${size}${keywords(written, defaults)})`;
  };
  const tensors: [string, string][] = [['weight', weight]];
  if (bias) tensors.push(['bias', bias]);
  const leaf: Leaf = { kind: 'module', slots, construct, tensors };
  return { name: nameOf(weight), leaf, ...(!even && { prepare: (x) => paddedCall(x, pads) }) };
}

function linear(node: NodeOf<'Gemm'>, shapeOf: (value: string) => Shape): ModuleUse | null {
  const { alpha, beta, transA, transB } = node.attributes;
  const [, weight, bias] = node.inputs as Known<string>;
  const [outputs, inputs] = shapeOf(weight) as Known<number>;
  const usual =
    alpha === 1 &&
    !transA &&
    transB &&
    (!bias || (beta === 1 && shapeOf(bias).length === 1 && shapeOf(bias)[0] === outputs));
  if (!usual) return null;
  const slots = [
    { role: 'in_features', value: inputs },
    { role: 'out_features', value: outputs },
  ];
  const construct = ([from, to]: readonly string[]) =>
    `nn.Linear(${from}, ${to}${bias ? '' : ', bias=False'})`;
  const tensors: [string, string][] = [['weight', weight]];
  if (bias) tensors.push(['bias', bias]);
  return { name: nameOf(weight), leaf: { kind: 'module', slots, construct, tensors } };
}

function batchNorm(
  node: NodeOf<'BatchNormalization'>,
  shapeOf: (value: string) => Shape,
): ModuleUse | null {
  const [x, weight, bias, mean, variance] = node.inputs as Known<string>;
  if (shapeOf(x).length !== 4) return null;
  const slots = [{ role: 'channels', value: shapeOf(weight)[0]! }];
  const { epsilon } = node.attributes;
  const eps = Math.fround(epsilon) === Math.fround(1e-5) ? '' : `, eps=${epsilon}`;
  const construct = ([channels]: readonly string[]) => `nn.BatchNorm2d(${channels}${eps})`;
  const tensors = [
    ['weight', weight],
    ['bias', bias],
    ['running_mean', mean],
    ['running_var', variance],
  ] as const;
  return { name: nameOf(weight), leaf: { kind: 'module', slots, construct, tensors } };
}
