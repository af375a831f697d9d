/** Blocks of ResNet, and the plain convolution. */
import { activate, convNorm, convNormAct, groupsOf, shortcut, type BlockBuilder } from './parts.ts';

/**
 * Convolution, BatchNorm, activation. The one that enters a stage changes the number of channels, so it remains
 * regular.
 */
export const convBlock: BlockBuilder = (net, style, name, x, options) => {
  const { channels, kernel, stride, groupSize, entering } = options;
  const group = entering ? 1 : groupsOf(channels, groupSize);
  return convNormAct(net, style, name, x, { outChannels: channels, kernel, stride, group });
};

/**
 * Two convolutions in parallel with a shortcut (He et al., 2016). The convolution that enters a stage changes
 * the number of channels, so it remains regular.
 */
export const basic: BlockBuilder = (net, style, name, x, options) => {
  const { channels, kernel, stride, groupSize, entering } = options;
  const group = groupsOf(channels, groupSize);
  const first = { outChannels: channels, kernel, stride, group: entering ? 1 : group };
  let y = convNormAct(net, style, `${name}.0`, x, first);
  y = convNorm(net, style, `${name}.1`, y, { outChannels: channels, kernel, group });
  const beside = shortcut(net, style, name, x, channels, stride);
  return { ...y, value: activate(net, style.activation, net.add(y.value, beside.value)) };
};

/** 1x1, k x k, 1x1 in parallel with a shortcut; the inner channels are the block's divided by its expansion. */
export const bottleneck: BlockBuilder = (net, style, name, x, options) => {
  const { channels, kernel, stride, expansion, groupSize } = options;
  const inner = channels / expansion;
  const group = groupsOf(inner, groupSize);
  let y = convNormAct(net, style, `${name}.0`, x, { outChannels: inner, kernel: 1 });
  y = convNormAct(net, style, `${name}.1`, y, { outChannels: inner, kernel, stride, group });
  y = convNorm(net, style, `${name}.2`, y, { outChannels: channels, kernel: 1 });
  const beside = shortcut(net, style, name, x, channels, stride);
  return { ...y, value: activate(net, style.activation, net.add(y.value, beside.value)) };
};
