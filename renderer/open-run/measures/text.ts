import { proxies, proxyNames, type ProxyKey } from '../../../main/common/proxies.ts';

const proxyTitles = Object.fromEntries(
  proxyNames.map((name) => [proxies[name].key, proxies[name].label]),
) as Record<ProxyKey, string>;

/** Names of what candidates are compared by. */
export const measuresText = {
  names: {
    score: 'Score',
    latency: 'Latency',
    macs: 'MACs',
    parameters: 'Parameters',
    zico: 'ZiCo',
    bias: 'Bias',
    ...proxyTitles,
    generation: 'Generation',
  },
  /** Where a whole word finds no room. */
  shortNames: { Parameters: 'Params', Generation: 'Gen' } as Partial<Record<string, string>>,
  /** What candidates are counted by. */
  periods: { generation: 'Generation', block: 'Block' },
  from: (value: string) => `from ${value}`,
  upTo: (value: string) => `up to ${value}`,
  genes: 'Genes',
  group: 'Measures',
  withUnit: (title: string, unit: string) => (unit === '' ? title : `${title}, ${unit}`),
} as const;
