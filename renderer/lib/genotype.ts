/** A genotype as blocks: one a gene, filled up to its value, hollow up to what the space allows. */
import type { SpaceDescription } from '../../preload/contract.ts';

export interface Block {
  readonly gene: string;
  readonly value: number;
  /** How many of the gene's choices lie at or below the value, and how many there are. */
  readonly level: number;
  readonly levels: number;
}

export type Genes = SpaceDescription['genes'];

export function blocksOf(values: readonly number[], genes: Genes): Block[] {
  return genes.map(({ name, choices }, i) => {
    const value = values[i] ?? 0;
    return {
      gene: name,
      value,
      level: choices.filter((choice) => choice <= value).length,
      levels: choices.length,
    };
  });
}

/** Mean value of each gene over some candidates. */
export function meanValues(all: readonly (readonly number[])[], genes: Genes): number[] {
  return genes.map((_, i) => all.reduce((sum, values) => sum + (values[i] ?? 0), 0) / all.length);
}
