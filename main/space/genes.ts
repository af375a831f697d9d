/** What every space of independent genes shares: genotypes as numbers joined by colons. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { WorkbenchError } from '../errors.ts';
import type { Gene, Genotype, Space } from './space.ts';

/** The parts of a space that follow from its genes alone. */
export type GeneSpace = Pick<
  Space,
  'genes' | 'networks' | 'parse' | 'values' | 'sample' | 'mutate' | 'crossover' | 'at' | 'indexOf'
>;

/**
 * A genotype is one value of each gene, `16:24:8:32:40`; the first gene is the most significant digit
 * of its index. `parse` throws `genotype-outside-space`, naming the gene at fault.
 */
export function geneSpace(name: string, genes: readonly Gene[]): GeneSpace {
  const networks = genes.reduce((product, gene) => product * gene.choices.length, 1);
  const format = (values: readonly number[]): Genotype => values.join(':') as Genotype;
  const values = (genotype: Genotype): number[] => genotype.split(':').map(Number);

  function parse(text: string): Genotype {
    const parts = text.trim().split(':');
    if (parts.length !== genes.length) {
      throw outside(
        `"${text}" has ${parts.length} ${parts.length === 1 ? 'gene' : 'genes'}, but a network of ${name} has ${genes.length}: ${genes.map((gene) => gene.name).join(':')}.`,
        name,
        genes,
      );
    }
    const parsed = genes.map((gene, i) => {
      const choice = gene.choices.find((value) => String(value) === parts[i]);
      if (choice !== undefined) return choice;
      throw outside(
        `"${text}" is outside ${name}: ${gene.name} is "${parts[i]}", but must be one of ${gene.choices.join(', ')}.`,
        name,
        genes,
      );
    });
    return format(parsed);
  }

  function at(index: number): Genotype {
    if (!Number.isInteger(index) || index < 0 || index >= networks) {
      throw new RangeError(
        `${name} has no network ${index}: there are ${networks}, counted from 0`,
      );
    }
    const digits: number[] = [];
    let rest = index;
    for (const gene of genes.toReversed()) {
      digits.unshift(gene.choices[rest % gene.choices.length]);
      rest = Math.floor(rest / gene.choices.length);
    }
    return format(digits);
  }

  function indexOf(genotype: Genotype): number {
    const genotypeValues = values(genotype);
    return genes.reduce(
      (index, gene, i) => index * gene.choices.length + gene.choices.indexOf(genotypeValues[i]),
      0,
    );
  }

  /** Each gene changes with probability 1 / genes, to any other of its values; one at least does. */
  function mutate(genotype: Genotype, random: RandomGenerator): Genotype {
    const changes = genes.map(() => uniformInt(random, 1, genes.length) === 1);
    if (!changes.includes(true)) changes[uniformInt(random, 0, genes.length - 1)] = true;
    return format(
      values(genotype).map((value, i) =>
        changes[i] ? anotherChoice(genes[i].choices, value, random) : value,
      ),
    );
  }

  /** Uniform crossover: each gene comes from either parent with equal chance. */
  function crossover(first: Genotype, second: Genotype, random: RandomGenerator): Genotype {
    const other = values(second);
    return format(
      values(first).map((value, i) => (uniformInt(random, 0, 1) === 0 ? value : other[i])),
    );
  }

  return {
    genes,
    networks,
    parse,
    values,
    at,
    indexOf,
    mutate,
    crossover,
    sample: (random) => at(uniformInt(random, 0, networks - 1)),
  };
}

function anotherChoice(choices: readonly number[], value: number, random: RandomGenerator): number {
  const step = uniformInt(random, 1, choices.length - 1);
  return choices[(choices.indexOf(value) + step) % choices.length];
}

function outside(message: string, name: string, genes: readonly Gene[]): WorkbenchError {
  const example = genes.map((gene) => gene.choices.at(-1)).join(':');
  return new WorkbenchError(
    'genotype-outside-space',
    message,
    `Write a genotype of ${name} like ${example}; "zico spaces" lists the genes.`,
  );
}
