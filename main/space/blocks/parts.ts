/** The parts that blocks are built from. */
import type { ConvOptions, GraphBuilder } from '../../graph/builder.ts';
import type { Activation, Excitation } from '../../common/space-description.ts';

/** What all layers of a network share. */
export interface Style {
  readonly activation: Activation;
  readonly epsilon: number;
}

/** A feature map on its way through the network. */
export interface Feature {
  readonly value: string;
  readonly channels: number;
  /** How many pixels of the image one pixel of the map spans along an axis. */
  readonly reduction: number;
}

/** What a block of a stage is given; `groupSize` 0 stands for the regular convolution. */
export interface BlockOptions {
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly expansion: number;
  readonly groupSize: number;
  readonly squeezeExcite: Excitation;
  /** True for the first block of a stage. */
  readonly entering: boolean;
}

export type BlockBuilder = (
  net: GraphBuilder,
  style: Style,
  name: string,
  x: Feature,
  options: BlockOptions,
) => Feature;

export function activate(net: GraphBuilder, activation: Activation, x: string): string {
  switch (activation) {
    case 'relu':
      return net.relu(x);
    case 'swish':
      return net.multiply(x, net.sigmoid(x));
    case 'hard-swish':
      return net.hardSwish(x);
    case 'gelu':
      return net.gelu(x);
    case 'none':
      return x;
  }
}

type Layer = Omit<ConvOptions, 'inChannels'>;

/** Convolution and BatchNorm, named `name.conv` and `name.norm`. */
export function convNorm(
  net: GraphBuilder,
  { epsilon }: Pick<Style, 'epsilon'>,
  name: string,
  x: Feature,
  options: Layer,
): Feature {
  const conv = net.conv(`${name}.conv`, x.value, { ...options, inChannels: x.channels });
  const channels = options.outChannels;
  return {
    value: net.batchNormalization(`${name}.norm`, conv, channels, epsilon),
    channels,
    reduction: x.reduction * (options.stride ?? 1),
  };
}

export function convNormAct(
  net: GraphBuilder,
  style: Style,
  name: string,
  x: Feature,
  options: Layer,
): Feature {
  const y = convNorm(net, style, name, x, options);
  return { ...y, value: activate(net, style.activation, y.value) };
}

/** Number of groups; a group size of 0 is the regular convolution. */
export function groupsOf(channels: number, groupSize: number): number {
  return groupSize === 0 ? 1 : channels / groupSize;
}

/** The input, or, where the size changes, its projection by a 1x1 convolution. */
export function shortcut(
  net: GraphBuilder,
  style: Style,
  name: string,
  x: Feature,
  channels: number,
  stride: number,
): Feature {
  if (x.channels === channels && stride === 1) return x;
  return convNorm(net, style, `${name}.shortcut`, x, { outChannels: channels, kernel: 1, stride });
}
