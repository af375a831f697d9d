/** Inverted residual blocks of MobileNetV2 and EfficientNet (Tan and Le, 2019 and 2021). */
import type { Excitation } from '../../common/space-description.ts';
import type { GraphBuilder } from '../../graph/builder.ts';
import { expandedChannels } from '../choices.ts';
import {
  activate,
  convNorm,
  convNormAct,
  groupsOf,
  type BlockBuilder,
  type Feature,
  type Style,
} from './parts.ts';

/** 1x1 to the expanded width, k x k there, squeeze-and-excite where asked for, 1x1 back. */
export const mbconv: BlockBuilder = (net, style, name, x, options) => {
  const { channels, kernel, stride, expansion, groupSize, squeezeExcite } = options;
  const inner = expandedChannels(x.channels, expansion);
  let y = x;
  if (expansion !== 1)
    y = convNormAct(net, style, `${name}.expand`, y, { outChannels: inner, kernel: 1 });
  const group = groupsOf(inner, groupSize);
  y = convNormAct(net, style, `${name}.spatial`, y, { outChannels: inner, kernel, stride, group });
  y = excite(net, style, `${name}.excite`, y, x.channels, squeezeExcite);
  y = convNorm(net, style, `${name}.project`, y, { outChannels: channels, kernel: 1 });
  return besideInput(net, x, y);
};

/** The same with the first two convolutions fused into one of k x k; without expansion there is no other. */
export const fusedMbconv: BlockBuilder = (net, style, name, x, options) => {
  const { channels, kernel, stride, expansion, groupSize, squeezeExcite, entering } = options;
  const inner = expansion === 1 ? channels : expandedChannels(x.channels, expansion);
  const group = entering ? 1 : groupsOf(x.channels, groupSize);
  let y = convNormAct(net, style, `${name}.fused`, x, {
    outChannels: inner,
    kernel,
    stride,
    group,
  });
  y = excite(net, style, `${name}.excite`, y, x.channels, squeezeExcite);
  if (expansion !== 1)
    y = convNorm(net, style, `${name}.project`, y, { outChannels: channels, kernel: 1 });
  return besideInput(net, x, y);
};

function besideInput(net: GraphBuilder, x: Feature, y: Feature): Feature {
  const same = x.channels === y.channels && x.reduction === y.reduction;
  return same ? { ...y, value: net.add(y.value, x.value) } : y;
}

/**
 * Weights every channel by a function of the whole map (Hu et al., 2018). The share is of the block's input, as in
 * EfficientNet. MobileNetV3 (Howard et al., 2019) takes a quarter of the map's own channels, a ReLU whatever the
 * network's activation, and a hard sigmoid.
 */
function excite(
  net: GraphBuilder,
  { activation }: Pick<Style, 'activation'>,
  name: string,
  x: Feature,
  entering: number,
  excitation: Excitation,
): Feature {
  if (excitation === false) return x;
  const mobile = excitation === 'mobilenetv3';
  const inner = mobile
    ? divisible(Math.floor(x.channels / 4), 8)
    : Math.floor(entering * excitation);
  if (inner === 0) return x;
  const pooled = net.globalAveragePool(x.value);
  const reduced = net.conv(`${name}.reduce`, pooled, {
    inChannels: x.channels,
    outChannels: inner,
    kernel: 1,
    bias: true,
  });
  const active = activate(net, mobile ? 'relu' : activation, reduced);
  const back = net.conv(`${name}.expand`, active, {
    inChannels: inner,
    outChannels: x.channels,
    kernel: 1,
    bias: true,
  });
  const weights = mobile ? net.hardSigmoid(back) : net.sigmoid(back);
  return { ...x, value: net.multiply(x.value, weights) };
}

/** The nearest multiple that is no more than a tenth below; at least one. Source: MobileNet's reference code. */
function divisible(channels: number, by: number): number {
  const nearest = Math.max(by, Math.floor((channels + by / 2) / by) * by);
  return nearest < 0.9 * channels ? nearest + by : nearest;
}
