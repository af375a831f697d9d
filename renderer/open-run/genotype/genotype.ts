/** A genotype as blocks: one per gene, filled up to its value, hollow up to what the space allows. */
import type { SpaceSummary } from '../../../preload/contract.ts';

export interface GeneBlock {
  readonly gene: string;
  readonly value: number;
  /** As it is written; a dash where the network lacks the gene. */
  readonly text: string;
  /** How many of the gene's choices are at or below the value, and how many there are. */
  readonly level: number;
  readonly levels: number;
}

export type Genes = SpaceSummary['genes'];

const lacking = '–';

export function genotypeBlocks(values: readonly number[], genes: Genes): GeneBlock[] {
  return genes.map(({ name, choices, labels }, i) => {
    const value = values[i] ?? 0;
    const place = choices.indexOf(value);
    return {
      ...{ gene: name, value },
      text: labels?.[place] ?? (value === 0 && place < 0 ? lacking : String(value)),
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
  /** Genes of the network as a whole: their names have no stage in front. */
  readonly whole: readonly GeneBlock[];
  /** What the stages are called together, and each of them: `stage` and 1, 2, 3; null where they have no numbers. */
  readonly called: string | null;
  readonly stages: readonly { readonly name: string; readonly short: string }[];
  /** A row for each kind of gene, with one cell per stage; null where the stage has no such gene. */
  readonly rows: readonly {
    readonly name: string;
    readonly cells: readonly (GeneBlock | null)[];
  }[];
}

/** A network lacks the genes of what it did not choose, such as another backbone. */
const isThere = (block: GeneBlock | null): boolean => block !== null && block.text !== lacking;

/** Genes named `stage1.channels` as a table, with those of no stage beside it; what a network lacks is left out. */
export function stageGenes(blocks: readonly GeneBlock[]): StageGenes {
  const split = blocks.flatMap((block) => {
    const at = block.gene.indexOf('.');
    if (at < 0) return [];
    return [{ stage: block.gene.slice(0, at), name: block.gene.slice(at + 1), block }];
  });
  const there = split.filter(({ block }) => isThere(block));
  const stages = [...new Set(there.map(({ stage }) => stage))];
  const names = [...new Set(there.map(({ name }) => name))];
  const [called] = [...new Set(stages.map((stage) => /^([a-z]+)\d+$/i.exec(stage)?.[1] ?? ''))];
  const numbered = stages.every((stage) => stage.replace(/\d+$/, '') === called);
  return {
    whole: blocks.filter(({ gene }) => !gene.includes('.')),
    called: numbered && called ? called : null,
    stages: stages.map((name) => ({
      name,
      short: numbered && called ? name.slice(called.length) : name,
    })),
    rows: names.map((name) => ({
      name,
      cells: stages.map(
        (stage) => split.find((one) => one.stage === stage && one.name === name)?.block ?? null,
      ),
    })),
  };
}
