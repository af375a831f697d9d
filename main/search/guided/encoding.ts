/** A network as numbers that a model can compare: its genes, by kind, and its sizes. */
import type { Gene, Genotype, Space } from '../../space/space.ts';

export interface Encoding {
  /** Numbers a network is made of. */
  readonly width: number;
  /** Gene of each of them: features of one gene share a length scale. */
  readonly geneOf: readonly number[];
  readonly genes: number;
  /** Features of a network, each from -1 to 1. */
  encode(genotype: Genotype): Float64Array;
}

/** Whole numbers in a row up to this are counts (repeats, layers); whatever lies wider apart is a width. */
const largestCount = 16;

/**
 * Features by the kind of a gene. Choices with names are unordered: one feature a choice, or a single
 * one where there are two. Widths enter by their logarithm, since scores are sums of logarithms; counts
 * as they are. A gene that a network lacks is in the middle of every scale: which genes it lacks is told
 * by the gene that decides so.
 */
export function encodingOf(space: Pick<Space, 'genes' | 'values'>): Encoding {
  const open = space.genes.flatMap((gene, place) =>
    gene.choices.length > 1 ? [{ table: tableOf(gene), place }] : [],
  );
  const width = open.reduce((sum, { table }) => sum + table.width, 0);
  return {
    width,
    genes: open.length,
    geneOf: open.flatMap(({ table }, gene) => new Array<number>(table.width).fill(gene)),
    encode(genotype) {
      const values = space.values(genotype);
      const features = new Float64Array(width);
      let at = 0;
      for (const { table, place } of open) {
        const row = table.rows.get(values[place]!);
        if (row !== undefined) features.set(row, at);
        at += table.width;
      }
      return features;
    },
  };
}

interface Table {
  readonly width: number;
  /** Choice -> its features. */
  readonly rows: ReadonlyMap<number, readonly number[]>;
}

function tableOf({ choices, labels }: Gene): Table {
  if (labels !== undefined && choices.length > 2) {
    const rows = choices.map(
      (value, i) => [value, choices.map((_, k) => (i === k ? 1 : 0))] as const,
    );
    return { width: choices.length, rows: new Map(rows) };
  }
  const sorted = choices.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0]!, sorted[sorted.length - 1]!];
  const inARow = sorted.every((value, i) => value === least + i) && most <= largestCount;
  const scale = inARow || least <= 0 ? (value: number) => value : Math.log;
  const place = (value: number): number =>
    (2 * (scale(value) - scale(least))) / (scale(most) - scale(least)) - 1;
  return { width: 1, rows: new Map(choices.map((value) => [value, [place(value)]])) };
}
