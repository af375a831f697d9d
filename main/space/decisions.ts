/**
 * A space as a tree of decisions. Independent decisions are siblings, and their numbers multiply; what comes
 * with an option (the depths of one backbone, the groups that fit a width) hangs below it, and these numbers
 * add up. So every network occurs exactly once, and all of them can be counted, numbered and drawn uniformly.
 */
import { uniformBigInt } from 'pure-rand/distribution/uniformBigInt';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

export interface Option {
  readonly value: number;
  /** How the value is written in a genotype. */
  readonly label: string;
  readonly then: readonly Decision[];
}

export interface Decision {
  /** The gene's name. The same name may occur below several options, but never twice in one network. */
  readonly gene: string;
  /** The part of the network it belongs to; genotypes are written part by part. */
  readonly part: string;
  readonly options: readonly Option[];
}

/** Numbers up to this are exact. */
export const mostAsNumber = 2n ** 53n;

/** Gene name -> value, for the genes that this network has. */
export type Assignment = ReadonlyMap<string, number>;

/** Walks through the decisions of one network; `choose` says which option is taken. */
export function walk(
  decisions: readonly Decision[],
  choose: (decision: Decision) => Option,
): Assignment {
  const values = new Map<string, number>();
  const visit = (open: readonly Decision[]): void => {
    for (const decision of open) {
      const option = choose(decision);
      values.set(decision.gene, option.value);
      visit(option.then);
    }
  };
  visit(decisions);
  return values;
}

/** All genes in the order in which they are written, each with every value that it has anywhere. */
export function flatGenes(decisions: readonly Decision[]): readonly Decision[] {
  const genes = new Map<string, { part: string; options: Map<number, Option> }>();
  const visit = (open: readonly Decision[]): void => {
    for (const { gene, part, options } of open) {
      const known = genes.get(gene) ?? { part, options: new Map<number, Option>() };
      genes.set(gene, known);
      for (const option of options) known.options.set(option.value, option);
      for (const { then } of options) visit(then);
    }
  };
  visit(decisions);
  return [...genes].map(([gene, { part, options }]) => ({
    gene,
    part,
    options: [...options.values()],
  }));
}

/** The operators of a search on assignments; none of them leaves the tree. */
export class DecisionTree {
  readonly decisions: readonly Decision[];
  /** Exact, however many there are. */
  readonly count: bigint;
  /** The same as a number: exact up to 2^53, beyond that the nearest. */
  readonly networks: number;
  readonly #sizes = new WeakMap<readonly Decision[], bigint>();

  constructor(decisions: readonly Decision[]) {
    this.decisions = decisions;
    this.count = this.#size(decisions);
    this.networks = Number(this.count);
  }

  /** The network with this number; the first decision is the most significant digit. */
  at(index: number | bigint): Assignment {
    const values = new Map<string, number>();
    const visit = (decisions: readonly Decision[], number: bigint): void => {
      let rest = number;
      const digits: bigint[] = [];
      for (const decision of decisions.toReversed()) {
        const size = this.#sizeOf(decision);
        digits.unshift(rest % size);
        rest /= size;
      }
      decisions.forEach(({ gene, options }, i) => {
        let digit = digits[i]!;
        const option = options.find(({ then }) => {
          const size = this.#size(then);
          if (digit < size) return true;
          digit -= size;
          return false;
        }) as Option;
        values.set(gene, option.value);
        visit(option.then, digit);
      });
    };
    visit(this.decisions, BigInt(index));
    return values;
  }

  indexOf(network: Assignment): bigint {
    const visit = (decisions: readonly Decision[]): bigint =>
      decisions.reduce((index, decision) => {
        let digit = 0n;
        for (const { value, then } of decision.options) {
          if (value === network.get(decision.gene)) {
            digit += visit(then);
            break;
          }
          digit += this.#size(then);
        }
        return index * this.#sizeOf(decision) + digit;
      }, 0n);
    return visit(this.decisions);
  }

  /** Uniform. Up to 2^53 networks the same random numbers give the same network as they did in version 0.1. */
  sample(random: RandomGenerator): Assignment {
    const small = this.count <= mostAsNumber;
    return this.at(
      small ? uniformInt(random, 0, this.networks - 1) : uniformBigInt(random, 0n, this.count - 1n),
    );
  }

  /**
   * Each gene with a choice changes with probability 1 / their number, to any other of its values; at least one
   * does. Whatever the change rules out further down is drawn anew. In a space of one network nothing changes.
   */
  mutate(network: Assignment, random: RandomGenerator): Assignment {
    const open: string[] = [];
    walk(this.decisions, (decision) => {
      if (decision.options.length > 1) open.push(decision.gene);
      return optionOf(decision, network) as Option;
    });
    if (open.length === 0) return network;
    const changed = new Set(open.filter(() => uniformInt(random, 1, open.length) === 1));
    if (changed.size === 0) changed.add(open[uniformInt(random, 0, open.length - 1)]!);
    return walk(this.decisions, (decision) => {
      const option = optionOf(decision, network);
      if (option === undefined) return this.#anyOption(decision, random);
      const { options, gene } = decision;
      if (!changed.has(gene) || options.length < 2) return option;
      const step = uniformInt(random, 1, options.length - 1);
      return options[(options.indexOf(option) + step) % options.length]!;
    });
  }

  /**
   * Uniform crossover: each gene comes from either parent with equal probability, where its value is available.
   */
  crossover(first: Assignment, second: Assignment, random: RandomGenerator): Assignment {
    return walk(this.decisions, (decision) => {
      const [one, other] = uniformInt(random, 0, 1) === 0 ? [first, second] : [second, first];
      return (
        optionOf(decision, one) ?? optionOf(decision, other) ?? this.#anyOption(decision, random)
      );
    });
  }

  /**
   * Every network that differs in one gene. Where that rules out values further down, each of these becomes the
   * first one available.
   */
  *neighbours(network: Assignment): Generator<Assignment, void> {
    const active: Decision[] = [];
    walk(this.decisions, (decision) => {
      active.push(decision);
      return optionOf(decision, network) as Option;
    });
    for (const { gene, options } of active) {
      for (const { value } of options) {
        if (value === network.get(gene)) continue;
        const changed = new Map(network).set(gene, value);
        yield walk(
          this.decisions,
          (decision) => optionOf(decision, changed) ?? decision.options[0]!,
        );
      }
    }
  }

  #anyOption({ options }: Decision, random: RandomGenerator): Option {
    return options[uniformInt(random, 0, options.length - 1)]!;
  }

  #sizeOf({ options }: Decision): bigint {
    let size = 0n;
    for (const { then } of options) size += this.#size(then);
    return size;
  }

  #size(decisions: readonly Decision[]): bigint {
    if (decisions.length === 0) return 1n;
    const known = this.#sizes.get(decisions);
    if (known !== undefined) return known;
    const size = decisions.reduce((product, decision) => product * this.#sizeOf(decision), 1n);
    this.#sizes.set(decisions, size);
    return size;
  }
}

function optionOf({ gene, options }: Decision, network: Assignment): Option | undefined {
  const wanted = network.get(gene);
  return options.find(({ value }) => value === wanted);
}
