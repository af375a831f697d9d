/**
 * EfficientDet (Tan et al., CVPR 2020): a BiFPN over five levels, and heads for classes and boxes whose
 * convolutions are shared by all levels, while each level has its own BatchNorms.
 */
import type { GraphBuilder } from '../../graph/builder.ts';
import { activate, convNorm, type Feature, type Style } from '../blocks/parts.ts';

export interface EfficientDetOptions {
  readonly channels: number;
  readonly layers: number;
  readonly depth: number;
  /** Height and width of the image. */
  readonly image: readonly [number, number];
}

const levels = 5;
/** Three scales times three aspect ratios. */
const anchorsPerPlace = 9;
/** Keeps the fast normalised attention from dividing by zero. */
const attentionEpsilon = 1e-4;

/** All class maps, fine to coarse, then all box maps. Needs three features, of reductions 8, 16 and 32. */
export function efficientDetHead(
  net: GraphBuilder,
  style: Style,
  backbone: readonly Feature[],
  classes: number,
  { channels, layers, depth, image }: EfficientDetOptions,
): string[] {
  const features = [...backbone];
  const coarsest = features[features.length - 1]!;
  const narrow = resample(net, style, 'fpn.extra', coarsest, channels);
  features.push(halved(net, narrow));
  while (features.length < levels) features.push(halved(net, features[features.length - 1]!));
  let pyramid: readonly Feature[] = features;
  for (let layer = 0; layer < layers; layer++) {
    pyramid = bifpn(net, style, `fpn.${layer}`, pyramid, channels, image);
  }
  const predict = (name: string, width: number) =>
    head(net, style, `head.${name}`, pyramid, depth, anchorsPerPlace * width);
  return [...predict('classes', classes), ...predict('boxes', 4)];
}

/** One layer: from coarse to fine, then from fine to coarse with the layer's inputs added. */
function bifpn(
  net: GraphBuilder,
  style: Style,
  name: string,
  inputs: readonly Feature[],
  channels: number,
  image: readonly [number, number],
): Feature[] {
  const input = (level: number, way: string) =>
    resample(net, style, `${name}.${way}.${level}`, inputs[level]!, channels);
  const last = inputs.length - 1;
  const down: Feature[] = [...inputs];
  down[last] = input(last, 'down');
  for (let level = last - 1; level >= 0; level--) {
    const coarser = down[level + 1]!;
    const value = enlarged(net, coarser, inputs[level]!.reduction, image);
    down[level] = fuse(net, style, `${name}.down.${level}`, [
      input(level, 'down'),
      { ...coarser, value },
    ]);
  }
  const up = [down[0]!];
  for (let level = 1; level <= last; level++) {
    const finer = halved(net, up[level - 1]!);
    const own = level === last ? [down[last]] : [input(level, 'up'), down[level]!];
    up.push(fuse(net, style, `${name}.up.${level}`, [...own, finer]));
  }
  return up;
}

/**
 * Twice as large. A map of an odd size was halved to the larger half, so that its double is cropped: the same as
 * PyTorch's interpolation to the size by the nearest place.
 */
function enlarged(
  net: GraphBuilder,
  coarser: Feature,
  reduction: number,
  image: readonly [number, number],
): string {
  const double = net.enlarge(coarser.value, 2, 'nearest');
  const [height, width] = image.map((pixels) => Math.ceil(pixels / reduction)) as [number, number];
  const fits = [height, width].every((pixels) => pixels % 2 === 0);
  return fits ? double : net.crop(double, [height, width]);
}

/** The weighted mean of features of one size, then a separable convolution. */
function fuse(net: GraphBuilder, style: Style, name: string, parts: readonly Feature[]): Feature {
  const weights = net.relu(net.vector(`${name}.attention`, parts.length, 1));
  const total = net.add(net.total(weights), net.number(':attentionEpsilon', attentionEpsilon));
  const shares = net.divide(weights, total);
  const weighted = parts.map(({ value }, i) => net.multiply(value, net.element(shares, i)));
  const sum = weighted.reduce((a, b) => net.add(a, b));
  const { channels, reduction } = parts[0]!;
  const conv = separable(net, name, activate(net, style.activation, sum), channels, channels);
  const value = net.batchNormalization(`${name}.norm`, conv, channels, style.epsilon);
  return { value, channels, reduction };
}

function head(
  net: GraphBuilder,
  style: Style,
  name: string,
  pyramid: readonly Feature[],
  depth: number,
  outChannels: number,
): string[] {
  return pyramid.map(({ value, channels }, level) => {
    let x = value;
    for (let i = 0; i < depth; i++) {
      const conv = separable(net, `${name}.${i}`, x, channels, channels, `@${level}`);
      const norm = `${name}.${i}.norm.${level}`;
      x = activate(
        net,
        style.activation,
        net.batchNormalization(norm, conv, channels, style.epsilon),
      );
    }
    return separable(net, `${name}.predict`, x, channels, outChannels, `@${level}`);
  });
}

/** @param use tells the nodes apart that share the weights */
function separable(
  net: GraphBuilder,
  name: string,
  x: string,
  channels: number,
  outChannels: number,
  use?: string,
): string {
  const node = (part: string) => (use === undefined ? {} : { node: `${name}.${part}${use}` });
  const spatial = net.conv(`${name}.depthwise`, x, {
    inChannels: channels,
    outChannels: channels,
    kernel: 3,
    group: channels,
    ...node('depthwise'),
  });
  return net.conv(`${name}.pointwise`, spatial, {
    inChannels: channels,
    outChannels,
    kernel: 1,
    bias: true,
    ...node('pointwise'),
  });
}

/** Gives a feature as many channels as the pyramid has; one that has them already is left alone. */
function resample(
  net: GraphBuilder,
  style: Style,
  name: string,
  x: Feature,
  channels: number,
): Feature {
  if (x.channels === channels) return x;
  return convNorm(net, style, `${name}.resample`, x, {
    outChannels: channels,
    kernel: 1,
    bias: true,
  });
}

function halved(net: GraphBuilder, x: Feature): Feature {
  return { ...x, value: net.maxPool(x.value, 3, 2, 1), reduction: x.reduction * 2 };
}
