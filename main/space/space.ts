/** What a search needs of a space; spaces are pure, and everything random takes a generator. */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Graph } from '../graph/graph.ts';
import type { Task } from '../task/batches.ts';

/** Canonical text of a network of one space: equal networks have equal genotypes. */
export type Genotype = string & { readonly __brand: 'Genotype' };

export interface Gene {
  readonly name: string;
  readonly choices: readonly number[];
  /** What the choices are called where they are not quantities, in the order of `choices`. */
  readonly labels?: readonly string[];
}

/** A known network to compare with. */
export interface Baseline {
  readonly name: string;
  /** Null where the network is not in the space because it has parts that the space does not offer. */
  readonly genotype: Genotype | null;
  /** As `Space.decode`, for deployment. */
  decode(): Graph;
}

/** One measure of a network, and what it can be in its space: what a bias analysis compares. */
export interface Extent {
  /** What is counted, for people: `residual blocks`, `channels, mean of five stages`. */
  readonly unit: string;
  /**
   * The least over all networks of the space. Equal to `most` where the space fixes it; then nothing can be
   * biased.
   */
  readonly least: number;
  readonly most: number;
  /** least <= of(genotype) <= most. */
  of(genotype: Genotype): number;
}

/** Height and width of the images that a network was scored with, and of those it is deployed for. */
export interface Resolutions {
  readonly scoring: readonly [number, number];
  readonly deployment: readonly [number, number];
}

/** Channels, height, width of one image. */
export type ImageShape = readonly [number, number, number];

/** What a network is built for: scores may be taken at a smaller resolution than that of deployment. */
export type Purpose = 'scoring' | 'deployment';

export interface Space {
  readonly name: string;
  readonly title: string;
  readonly task: Task;
  /**
   * How many networks there are: exact up to 2^53, beyond that the nearest number to it; the largest number there is
   * where nobody counted them.
   */
  readonly networks: number;
  /** Exact, however many; null where nobody counted them. */
  readonly count: bigint | null;
  readonly genes: readonly Gene[];
  readonly baselines: readonly Baseline[];
  /** One image as deployed: what is counted, measured and exported; the largest where the size is a gene. */
  readonly inputShape: ImageShape;
  /** One image as scored; the largest where the size is a gene. */
  readonly scoringShape: ImageShape;
  /** Sizes of the images of a network, where these are a gene; null where all networks have the same. */
  readonly sizes: readonly Resolutions[] | null;
  readonly classes: number;
  /** How deep a network is, in blocks that may repeat; absent where the space has no such notion. */
  readonly depth?: Extent;
  /**
   * How wide it is. Where stages have their own ranges, the mean over stages of the place within the stage's
   * range (0 to 1), so that the last stages do not outweigh the first.
   */
  readonly width?: Extent;
  /** Throws `genotype-outside-space` naming the gene at fault, or the space that the genotype is of. */
  parse(text: string): Genotype;
  /** The gene values of a genotype, in the order of `genes`; 0 for a gene that this network does not have. */
  values(genotype: Genotype): readonly number[];
  /**
   * The network for any batch size, its weights random with seed 0 (see withInitialWeights). For deployment
   * unless said otherwise.
   */
  decode(genotype: Genotype, purpose?: Purpose): Graph;
  /** Sizes of the images of this network. */
  resolutions(genotype: Genotype): Resolutions;
  /** One image of this network. */
  imageShape(genotype: Genotype, purpose: Purpose): ImageShape;
  /** Uniform over all networks. */
  sample(random: RandomGenerator): Genotype;
  /** Changes at least one gene. */
  mutate(genotype: Genotype, random: RandomGenerator): Genotype;
  crossover(first: Genotype, second: Genotype, random: RandomGenerator): Genotype;
  /** The network with this number, 0 <= index < count. */
  at(index: number | bigint): Genotype;
  /** Every network that differs in one gene and, where necessary, in what depends on it. */
  neighbours(genotype: Genotype): readonly Genotype[];
  /** A number up to 2^53, beyond that a bigint: see `count`. */
  indexOf(genotype: Genotype): number | bigint;
}
