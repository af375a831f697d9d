/** Names of what candidates are compared by. */
export const measuresText = {
  names: {
    score: 'Score',
    latency: 'Latency',
    macs: 'MACs',
    parameters: 'Parameters',
    zico: 'ZiCo',
    bias: 'Bias',
    near: 'NEAR',
    generation: 'Generation',
  },
  /** Where a whole word finds no room. */
  shortNames: { parameters: 'Params', generation: 'Gen' } as Partial<Record<string, string>>,
  genes: 'Genes',
  group: 'Measures',
  withUnit: (title: string, unit: string) => (unit === '' ? title : `${title}, ${unit}`),
} as const;
