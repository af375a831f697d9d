/**
 * Spaces in code, as a run knows them: what the code says of itself, and the networks that were kept. The code is
 * needed for new networks alone, and whoever only looks at a run never loads it.
 */
import type { SpaceInCodeHeader } from '../common/space-in-code.ts';
import { WorkbenchError } from '../errors.ts';
import { graphOfData } from '../graph/graph-data.ts';
import type { Graph } from '../graph/graph.ts';
import { countsOfGraph, type NetworkCounts } from './counts.ts';
import type { DescribedSpace, GenotypeJson } from './described-space.ts';
import type { KnownNetwork } from './known-network.ts';
import type { Gene, Genotype, ImageShape, Purpose, Resolutions } from './space.ts';

/** What does not depend on whether the code is there. */
export abstract class SpaceInCodeFacts {
  readonly description: SpaceInCodeHeader;
  readonly name: string;
  readonly title: string;
  readonly task: SpaceInCodeHeader['task'];
  readonly classes: number;
  readonly genes: readonly Gene[];
  readonly networks: number;
  readonly count: bigint | null;
  readonly baselines = [];
  readonly inputShape: ImageShape;
  readonly scoringShape: ImageShape;
  readonly sizes = null;
  readonly #resolutions: Resolutions;

  /** @param numbered networks can be had by their numbers */
  constructor(header: SpaceInCodeHeader, numbered = true) {
    const { name, title, task, classes, resolution, genes, imageChannels = 3 } = header;
    this.description = header;
    this.name = name;
    this.title = title;
    this.task = task;
    this.classes = classes;
    this.genes = genes.map(({ name, choices, labels }) => ({
      ...{ name, choices },
      ...(labels && { labels }),
    }));
    this.count = header.networks === null ? null : BigInt(header.networks);
    this.networks = this.count === null || !numbered ? Number.MAX_VALUE : Number(this.count);
    this.#resolutions = resolution;
    this.inputShape = [imageChannels, ...resolution.deployment];
    this.scoringShape = [imageChannels, ...resolution.scoring];
  }

  resolutions(_genotype: Genotype): Resolutions {
    return this.#resolutions;
  }

  imageShape(_genotype: Genotype, purpose: Purpose): ImageShape {
    return purpose === 'scoring' ? this.scoringShape : this.inputShape;
  }
}

/** The space of a run without its code: it knows the networks that it is given, and makes no others. */
export class SpaceWithoutCode extends SpaceInCodeFacts implements DescribedSpace {
  readonly #known: ReadonlyMap<Genotype, KnownNetwork>;

  constructor(header: SpaceInCodeHeader, known: readonly KnownNetwork[] = []) {
    super(header);
    this.#known = new Map(known.map((network) => [network.genotype, network]));
  }

  /** The same space, which knows these networks. */
  knowing(known: readonly KnownNetwork[]): DescribedSpace {
    return new SpaceWithoutCode(this.description, known);
  }

  parse(text: string): Genotype {
    return text as Genotype;
  }

  /** Zeros of a network that is not known. */
  values(genotype: Genotype): readonly number[] {
    const known = this.#known.get(genotype);
    return known?.genes ?? known?.network?.genes ?? this.genes.map(() => 0);
  }

  /** Throws `space-code-needed` for a network that is not known, `network-damaged`. */
  decode(genotype: Genotype, purpose: Purpose = 'deployment'): Graph {
    const network = this.#known.get(genotype)?.network;
    if (network === undefined) throw this.#needed();
    return graphOfData(network[purpose]);
  }

  counts(genotype: Genotype, purpose: Purpose = 'deployment'): NetworkCounts {
    return countsOfGraph(this.decode(genotype, purpose));
  }

  toJson(genotype: Genotype): GenotypeJson {
    const values = this.values(genotype);
    const genes = this.genes.map(({ name }, i) => [name, values[i]!] as const);
    return { space: this.name, genes: Object.fromEntries(genes) };
  }

  sample(): never {
    throw this.#needed();
  }
  mutate(): never {
    throw this.#needed();
  }
  crossover(): never {
    throw this.#needed();
  }
  at(): never {
    throw this.#needed();
  }
  neighbours(): never {
    throw this.#needed();
  }
  indexOf(): never {
    throw this.#needed();
  }

  #needed(): WorkbenchError {
    return spaceCodeNeeded(this.description);
  }
}

/** For whatever takes more than the networks that a run keeps. */
export function spaceCodeNeeded({ name, code }: SpaceInCodeHeader): WorkbenchError {
  return new WorkbenchError(
    'space-code-needed',
    `${name} is a space in code, and new networks of it come from ${code.file}.`,
    `On the command line or in a program, name ${code.file} where the run goes on. The window shows such runs and exports from them; it loads no code.`,
  );
}
