/** Pools the last feature and classifies it. */
import type { GraphBuilder } from '../../graph/builder.ts';
import { activate, convNormAct, type Feature, type Style } from '../blocks/parts.ts';

export interface ClassifierOptions {
  /** Of a final 1x1 convolution; null leaves it out. */
  readonly channels: number | null;
  /** Of a layer after pooling, without normalisation or bias; null leaves it out. */
  readonly hidden: number | null;
  /** BatchNorm and activation before pooling. */
  readonly norm: boolean;
}

export function classifier(
  net: GraphBuilder,
  style: Style,
  features: readonly Feature[],
  classes: number,
  { channels, hidden, norm }: ClassifierOptions,
): string[] {
  let x = features[features.length - 1]!;
  if (channels !== null)
    x = convNormAct(net, style, 'last', x, { outChannels: channels, kernel: 1 });
  let { value } = x;
  if (norm) {
    const normal = net.batchNormalization('norm', value, x.channels, style.epsilon);
    value = activate(net, style.activation, normal);
  }
  let pooled = net.globalAveragePool(value);
  if (hidden !== null) {
    const mixed = { inChannels: x.channels, outChannels: hidden, kernel: 1 };
    pooled = activate(net, style.activation, net.conv('mix', pooled, mixed));
  }
  return [net.linear('head', net.flatten(pooled), hidden ?? x.channels, classes)];
}
