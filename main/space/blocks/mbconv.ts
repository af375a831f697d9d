/** Inverted residual blocks of MobileNetV2 and EfficientNet (Tan and Le, 2019 and 2021). */
import type { GraphBuilder } from '../../graph/builder.ts';
import {
  activate,
  convNorm,
  convNormAct,
  groupsOf,
  type Block,
  type Feature,
  type Style,
} from './parts.ts';

/** 1x1 to the expanded width, k x k there, squeeze-and-excite where asked for, 1x1 back. */
export const mbconv: Block = (net, style, name, x, options) => {
  const { channels, kernel, stride, expansion, groupSize, squeezeExcite } = options;
  const inner = x.channels * expansion;
  let y = x;
  if (expansion > 1)
    y = convNormAct(net, style, `${name}.expand`, y, { outChannels: inner, kernel: 1 });
  const group = groupsOf(inner, groupSize);
  y = convNormAct(net, style, `${name}.spatial`, y, { outChannels: inner, kernel, stride, group });
  y = excite(net, style, `${name}.excite`, y, Math.floor(x.channels * squeezeExcite));
  y = convNorm(net, style, `${name}.project`, y, { outChannels: channels, kernel: 1 });
  return besideInput(net, x, y);
};

/** The same with the first two convolutions fused into one of k x k; without expansion there is no other. */
export const fusedMbconv: Block = (net, style, name, x, options) => {
  const { channels, kernel, stride, expansion, groupSize, squeezeExcite, entering } = options;
  const inner = expansion > 1 ? x.channels * expansion : channels;
  const group = entering ? 1 : groupsOf(x.channels, groupSize);
  let y = convNormAct(net, style, `${name}.fused`, x, {
    outChannels: inner,
    kernel,
    stride,
    group,
  });
  y = excite(net, style, `${name}.excite`, y, Math.floor(x.channels * squeezeExcite));
  if (expansion > 1)
    y = convNorm(net, style, `${name}.project`, y, { outChannels: channels, kernel: 1 });
  return besideInput(net, x, y);
};

function besideInput(net: GraphBuilder, x: Feature, y: Feature): Feature {
  const same = x.channels === y.channels && x.reduction === y.reduction;
  return same ? { ...y, value: net.add(y.value, x.value) } : y;
}

/** Weights every channel by a function of the whole map (Hu et al., 2018). */
function excite(net: GraphBuilder, style: Style, name: string, x: Feature, inner: number): Feature {
  if (inner === 0) return x;
  const pooled = net.globalAveragePool(x.value);
  const reduced = net.conv(`${name}.reduce`, pooled, {
    inChannels: x.channels,
    outChannels: inner,
    kernel: 1,
    bias: true,
  });
  const back = net.conv(`${name}.expand`, activate(net, style.activation, reduced), {
    inChannels: inner,
    outChannels: x.channels,
    kernel: 1,
    bias: true,
  });
  return { ...x, value: net.multiply(x.value, net.sigmoid(back)) };
}
