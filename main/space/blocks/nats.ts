/** The two blocks of NATS-Bench (Dong et al., TPAMI 2021). Their ReLU comes first, as in the paper. */
import { convNorm, type BlockBuilder } from './parts.ts';

/**
 * n1 = op(x), n2 = op(x) + op(n1), n3 = skip(x) + op(n1) + op(n2); returns n3. Each operation begins with a
 * ReLU. Edges that leave the same node share it: that changes no result and saves time.
 */
export const natsCell: BlockBuilder = (net, style, name, x, { channels }) => {
  const layer = { outChannels: channels, kernel: 3 };
  const op = (edge: string, from: string, width: number): string =>
    convNorm(net, style, `${name}.${edge}`, { ...x, value: from, channels: width }, layer).value;
  const fromInput = net.relu(x.value);
  const n1 = op('op01', fromInput, x.channels);
  const op02 = op('op02', fromInput, x.channels);
  const fromN1 = net.relu(n1);
  const n2 = net.add(op02, op('op12', fromN1, channels));
  const pointwise = { outChannels: channels, kernel: 1 };
  const skip =
    x.channels === channels ? x.value : convNorm(net, style, `${name}.skip`, x, pointwise).value;
  const n3 = net.add(skip, op('op13', fromN1, channels));
  return { ...x, channels, value: net.add(n3, op('op23', net.relu(n2), channels)) };
};

/** Halves the resolution: two operations in parallel with a pooled and projected shortcut. */
export const natsReduction: BlockBuilder = (net, style, name, x, { channels }) => {
  const layer = { outChannels: channels, kernel: 3 };
  const first = convNorm(
    net,
    style,
    `${name}.main.0`,
    { ...x, value: net.relu(x.value) },
    { ...layer, stride: 2 },
  );
  const main = convNorm(
    net,
    style,
    `${name}.main.1`,
    { ...first, value: net.relu(first.value) },
    layer,
  );
  const pooled = net.averagePool(x.value, [2, 2], [2, 2]);
  const shortcut = net.conv(`${name}.shortcut.conv`, pooled, {
    inChannels: x.channels,
    outChannels: channels,
    kernel: 1,
  });
  return { ...main, value: net.add(shortcut, main.value) };
};
