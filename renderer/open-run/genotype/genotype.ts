/** A genotype as blocks: one per gene, filled up to its value, hollow up to what the space allows. */
import type { SpaceDescription } from '../../../preload/contract.ts';

export interface Block {
  readonly gene: string;
  readonly value: number;
  /** How many of the gene's choices are at or below the value, and how many there are. */
  readonly level: number;
  readonly levels: number;
}

export type Genes = SpaceDescription['genes'];

export function genotypeBlocks(values: readonly number[], genes: Genes): Block[] {
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

export interface StageGenes {
  readonly stages: readonly string[];
  /** A row for each kind of gene, with one cell per stage; null where the stage has no such gene. */
  readonly rows: readonly { readonly name: string; readonly cells: readonly (Block | null)[] }[];
}

/** Genes named `stage1.channels` as a table; a gene without a stage stands in a column of its own name. */
export function stageGenes(blocks: readonly Block[]): StageGenes {
  const split = blocks.map((block) => {
    const at = block.gene.indexOf('.');
    const [stage, name] =
      at < 0 ? [block.gene, block.gene] : [block.gene.slice(0, at), block.gene.slice(at + 1)];
    return { stage, name, block };
  });
  const stages = [...new Set(split.map(({ stage }) => stage))];
  const names = [...new Set(split.map(({ name }) => name))];
  return {
    stages,
    rows: names.map((name) => ({
      name,
      cells: stages.map(
        (stage) => split.find((one) => one.stage === stage && one.name === name)?.block ?? null,
      ),
    })),
  };
}
