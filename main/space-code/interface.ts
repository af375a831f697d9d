/** What a file with a space in code exports: docs/spaces-in-code.md explains it. */
import type { Task } from '../common/tasks.ts';
import type { NetworkBuilder } from './network-builder.ts';

export type { NetworkBuilder };

/** Everything random comes from here, so that a search can be repeated and resumed. */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  integer(below: number): number;
  /** One of the list. */
  pick<T>(list: readonly T[]): T;
  /** From 0 to less than 1. */
  next(): number;
}

/** Height and width in pixels. */
export type ImageSize = readonly [height: number, width: number];

/** What a network is given, and what it has to give. */
export interface NetworkInput {
  /** The name of the images' value, to begin with: N x channels x height x width. */
  readonly images: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** How many outputs a classifier has, or classes a mask. */
  readonly classes: number;
}

export interface CodedGene {
  readonly name: string;
  /** What it can be, ascending where these are quantities. */
  readonly choices: readonly number[];
  /** What the choices are called, where they are no quantities. */
  readonly labels?: readonly string[];
}

/** A genotype is a text. Equal networks have equal texts, and any network is built from its text alone. */
export interface SpaceInCode {
  /** Lower case letters, digits and "-". */
  readonly name: string;
  readonly title?: string;
  /** Classification by default. */
  readonly task?: Task;
  readonly classes: number;
  /** Scores are taken at the first; everything else at the second, by default the first as well. */
  readonly resolution: { readonly scoring: ImageSize; readonly deployment?: ImageSize };
  /** 3 by default. */
  readonly imageChannels?: 1 | 3;

  sample(random: Random): string;
  /** Another network, near this one. */
  mutate(genotype: string, random: Random): string;
  /** A network between the two. */
  crossover(first: string, second: string, random: Random): string;
  /** Adds the network to `build` and returns the name of its output, or of its outputs in their order. */
  decode(genotype: string, build: NetworkBuilder, input: NetworkInput): string | readonly string[];

  /** How many networks there are. With `at`, every one can be found by its number. */
  readonly networks?: number | bigint;
  at?(index: number): string;
  /** All that differ a little from this one; without it, some mutations are. */
  neighbours?(genotype: string): Iterable<string>;
  /** What the model of a guided search goes by, and what lists show; without it, the search has to be another. */
  readonly genes?: readonly CodedGene[];
  /** The values of the genes, in their order; 0 for one that this network does not have. */
  values?(genotype: string): readonly number[];
}
