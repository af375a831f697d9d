/** Heads that predict a class for every place. */
import type { GraphBuilder } from '../../graph/builder.ts';
import { activate, convNorm, convNormAct, type Feature, type Style } from '../blocks/parts.ts';

const adapters = [64, 128, 128, 256];
const outputs = [96, 96, 64, 32];

/**
 * FFNet's Up-B (Mehta et al., 2022): from coarse to fine, every feature takes up the coarser one; all four are
 * resized to the finest and joined. Needs four features, each of half the size of the one before.
 */
export function upB(
  net: GraphBuilder,
  style: Style,
  features: readonly Feature[],
  classes: number,
): string[] {
  const adapted = features.map((feature, i) =>
    convNormAct(net, style, `head.adapt.${i}`, feature, { outChannels: adapters[i]!, kernel: 1 }),
  );
  const finest = adapted[0]!;
  let carried: Feature | null = null;
  const joined: Feature[] = [];
  for (const [i, feature] of [...adapted.entries()].reverse()) {
    const fused =
      carried === null
        ? feature
        : { ...feature, value: net.add(feature.value, enlarged(net, carried, feature)) };
    const out = convNormAct(net, style, `head.out.${i}`, fused, {
      outChannels: outputs[i]!,
      kernel: 3,
    });
    joined.unshift({ ...out, value: enlarged(net, out, finest) });
    if (i > 0) {
      const narrow = { outChannels: adapters[i - 1]!, kernel: 1 };
      carried = convNormAct(net, style, `head.down.${i}`, fused, narrow);
    }
  }
  return classify(net, style, join(net, joined), { inner: 256, kernel: 3, classes });
}

/** HRNetV2's: all features are resized to the finest, joined, and classified by two 1x1 convolutions. */
export function hrnetHead(
  net: GraphBuilder,
  style: Style,
  features: readonly Feature[],
  classes: number,
): string[] {
  const sized = features.map((feature) => ({
    ...feature,
    value: enlarged(net, feature, features[0]!, 'linear'),
  }));
  const all = join(net, sized);
  return classify(net, style, all, { inner: all.channels, kernel: 1, classes });
}

function enlarged(
  net: GraphBuilder,
  from: Feature,
  to: Feature,
  mode: 'nearest' | 'linear' = 'nearest',
): string {
  const factor = from.reduction / to.reduction;
  return factor === 1 ? from.value : net.enlarge(from.value, factor, mode);
}

function join(net: GraphBuilder, features: readonly Feature[]): Feature {
  const channels = features.reduce((sum, feature) => sum + feature.channels, 0);
  return { ...features[0]!, channels, value: net.concat(features.map(({ value }) => value)) };
}

function classify(
  net: GraphBuilder,
  style: Style,
  x: Feature,
  { inner, kernel, classes }: { inner: number; kernel: number; classes: number },
): string[] {
  const hidden = convNorm(net, style, 'head.0', x, { outChannels: inner, kernel, bias: true });
  const active = activate(net, style.activation, hidden.value);
  return [
    net.conv('head.1', active, { inChannels: inner, outChannels: classes, kernel, bias: true }),
  ];
}
