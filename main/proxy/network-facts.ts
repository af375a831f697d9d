/** What is counted of a network's layers, and what proxies say of it. */
import { isLive } from './zico.ts';
import type { NetworkFacts } from '../common/network-facts.ts';
import { proxies, type ProxyName, type ProxyReading } from '../common/proxies.ts';

interface CountedLayer {
  readonly channels: number;
  /** One a batch; absent where no gradients were computed. */
  readonly gradientNorms?: readonly number[];
}

/** @param readings of the proxies that were asked for */
export function networkFacts(
  layers: readonly CountedLayer[],
  readings: Readonly<Partial<Record<ProxyName, ProxyReading>>>,
): NetworkFacts {
  const withGradients = layers.flatMap(({ gradientNorms }) =>
    gradientNorms === undefined ? [] : [{ gradientNorms }],
  );
  const known = withGradients.length === layers.length;
  const asked = Object.keys(readings) as ProxyName[];
  return {
    layers: layers.length,
    liveLayers: known ? withGradients.filter(isLive).length : null,
    lnChannels: layers.reduce((sum, { channels }) => sum + Math.log(channels), 0),
    proxies: Object.fromEntries(asked.map((name) => [proxies[name].key, readings[name]])),
  };
}
