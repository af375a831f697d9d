/** A space of small numbers instead of networks: what a search needs of a space, but nothing to score. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { WorkbenchError } from '../../main/errors.ts';
import type { Genotype, Space } from '../../main/space/space.ts';

/**
 * `genes` digits of 1 ... `choices`, written `3-1-4-1-5`.
 * `decode` throws: toys are scored by `toyScore`.
 */
export function createToySpace(genes = 5, choices = 8): Space {
  const values = (genotype: Genotype): number[] => genotype.split('-').map(Number);
  const genotypeOf = (digits: readonly number[]): Genotype => digits.join('-') as Genotype;
  const at = (index: number | bigint): Genotype => {
    const digits: number[] = [];
    for (let i = 0, rest = Number(index); i < genes; i++, rest = Math.floor(rest / choices)) {
      digits.unshift((rest % choices) + 1);
    }
    return genotypeOf(digits);
  };
  return {
    name: 'toy',
    title: 'Toy',
    task: 'classification',
    networks: choices ** genes,
    count: BigInt(choices ** genes),
    genes: Array.from({ length: genes }, (_, i) => ({
      name: `digit ${i + 1}`,
      choices: Array.from({ length: choices }, (_, k) => k + 1),
    })),
    baselines: [
      {
        name: 'smallest',
        genotype: at(0),
        decode: () => {
          throw new Error('A toy has no network.');
        },
      },
    ],
    inputShape: [3, 8, 8],
    scoringShape: [3, 8, 8],
    sizes: null,
    resolutions: () => ({ scoring: [8, 8], deployment: [8, 8] }),
    imageShape: () => [3, 8, 8],
    classes: 10,
    parse(text) {
      const digits = text.split('-').map(Number);
      const inside = digits.every((d) => Number.isInteger(d) && d >= 1 && d <= choices);
      if (digits.length === genes && inside) return genotypeOf(digits);
      throw new WorkbenchError('genotype-outside-space', `${text} is no toy.`, 'Write digits.');
    },
    values,
    decode() {
      throw new Error('A toy has no network.');
    },
    sample: (random) => at(uniformInt(random, 0, choices ** genes - 1)),
    mutate(genotype, random) {
      const digits = values(genotype);
      const gene = uniformInt(random, 0, genes - 1);
      const other = uniformInt(random, 1, choices - 1);
      digits[gene] = other < digits[gene]! ? other : other + 1;
      return genotypeOf(digits);
    },
    crossover(first, second, random) {
      const [a, b] = [values(first), values(second)];
      return genotypeOf(a.map((digit, i) => (uniformInt(random, 0, 1) === 0 ? digit : b[i]!)));
    },
    at,
    neighbours: (genotype) =>
      values(genotype).flatMap((digit, gene, digits) =>
        Array.from({ length: choices }, (_, k) => k + 1)
          .filter((other) => other !== digit)
          .map((other) => genotypeOf(digits.with(gene, other))),
      ),
    indexOf: (genotype) => values(genotype).reduce((index, d) => index * choices + d - 1, 0),
  };
}
