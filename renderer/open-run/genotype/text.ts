/** A genotype, read stage by stage. */
export const genotypeText = {
  title: 'Genotype',
  channels: 'channels',
  hollow: 'Hollow: channels the space still allows.',
  stages: (called: string | null) =>
    called === null ? 'Stage' : called[0]!.toUpperCase() + called.slice(1),
  stageGenes: 'Shaded: how much of what the space allows.',
} as const;
