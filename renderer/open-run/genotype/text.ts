/** A genotype, read stage by stage. */
export const genotypeText = {
  title: 'Genotype',
  channels: 'channels',
  hollow: 'Hollow: channels the space still allows.',
  stage: 'Stage',
  stageGenes: 'Shaded: how much of what the space allows.',
} as const;
