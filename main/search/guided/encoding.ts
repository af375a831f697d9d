/** A network as numbers that a model can compare: its genes, by kind, and its sizes. */
import { generatorFor } from '../../random.ts';
import type { Gene, Genotype, Space } from '../../space/space.ts';
import type { Size } from '../size.ts';
import { Slice, type Sliced } from './slices.ts';
import { standardised } from './standardised.ts';

export interface Encoding {
  /** The numbers that describe a network. */
  readonly width: number;
  /**
   * The gene to which each of the first features belongs: features of one gene share a length scale. The rest
   * are sizes.
   */
  readonly geneOf: readonly number[];
  readonly genes: number;
  /** Features of a network: those of its genes go from -1 to 1, those of its sizes about as far. */
  encode(genotype: Genotype, size: Size): Float64Array;
}

/** How many networks are drawn to see how sizes are distributed. */
const drawn = 200;
/** What counting a network costs, in multiplications. */
const counting = 60_000;

/** Sizes as features: a score depends on the parameters more than on any gene, a latency on the MACs. */
const sizeFeatures = ({ parameters, macs }: Size): readonly number[] => [
  Math.log(Math.max(parameters, 1)),
  Math.log(Math.max(macs, 1)),
];

/**
 * Consecutive whole numbers up to this are counts (repeats, layers); choices that are further apart are widths.
 */
const largestCount = 16;

/**
 * Features by the kind of gene. Named choices are unordered: one feature per choice, or a single one where
 * there are two. Widths enter as logarithms, since scores are sums of logarithms; counts enter as they are. A
 * gene that a network does not have is in the middle of every scale: which genes it lacks follows from the gene
 * that decides this.
 */
export function* encodingOf(
  space: Pick<Space, 'genes' | 'values' | 'sample'>,
  summarise: (genotype: Genotype) => Size,
): Sliced<Encoding> {
  const scales = yield* sizeScales(space, summarise);
  const open = space.genes.flatMap((gene, place) =>
    gene.choices.length > 1 ? [{ table: tableOf(gene), place }] : [],
  );
  const ofGenes = open.reduce((sum, { table }) => sum + table.width, 0);
  const width = ofGenes + scales.length;
  return {
    width,
    genes: open.length,
    geneOf: open.flatMap(({ table }, gene) => new Array<number>(table.width).fill(gene)),
    encode(genotype, size) {
      const values = space.values(genotype);
      const features = new Float64Array(width);
      let at = 0;
      for (const { table, place } of open) {
        const row = table.rows.get(values[place]!);
        if (row !== undefined) features.set(row, at);
        at += table.width;
      }
      for (const [i, value] of sizeFeatures(size).entries()) {
        const { center, spread } = scales[i]!;
        features[at + i] = (value - center) / (2 * spread);
      }
      return features;
    },
  };
}

/**
 * Mean and standard deviation of each size over random networks; the deviation is 1 for a size that never
 * varies.
 */
function* sizeScales(
  space: Pick<Space, 'sample'>,
  summarise: (genotype: Genotype) => Size,
): Sliced<readonly { readonly center: number; readonly spread: number }[]> {
  const random = generatorFor('sizes');
  const slice = new Slice();
  const rows: (readonly number[])[] = [];
  for (let i = 0; i < drawn; i++) {
    const size = summarise(space.sample(random));
    if (size.impossible === undefined) rows.push(sizeFeatures(size));
    if (slice.full(counting)) yield;
  }
  return (rows[0] ?? []).map((_, k) => {
    const { center, scale } = standardised(rows.map((row) => row[k]!));
    return { center, spread: scale };
  });
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
