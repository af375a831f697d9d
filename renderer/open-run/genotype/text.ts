/** Of the kinds of convolution, in a table of many stages. */
const abbreviations: Readonly<Record<string, string>> = { depthwise: 'dw', regular: 'reg' };

/** A genotype, read stage by stage. */
export const genotypeText = {
  title: 'Genotype',
  channels: 'channels',
  hollow: 'Hollow: channels the space still allows.',
  stages: (called: string | null) =>
    called === null ? 'Stage' : called[0]!.toUpperCase() + called.slice(1),
  stageGenes: 'Shaded: how much of what the space allows.',
  abbreviations,
  abbreviated: (words: readonly string[]) =>
    `${words.map((word) => `${abbreviations[word] ?? word}: ${word}`).join(', ')}.`,
} as const;
