/** A space whose networks code makes. What the code answers is checked: it is data of others. */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { SpaceInCodeHeader } from '../common/space-in-code.ts';
import { WorkbenchError } from '../errors.ts';
import { graphData } from '../graph/graph-data.ts';
import type { Graph } from '../graph/graph.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { generatorFor, seedOf } from '../random.ts';
import type { GenotypeJson, DescribedSpace } from '../space/described-space.ts';
import type { NetworkCounts } from '../space/counts.ts';
import { mostAsNumber } from '../space/decisions.ts';
import { SpaceInCodeFacts } from '../space/space-in-code.ts';
import type { StoredNetwork } from '../space/known-network.ts';
import type { Genotype, Purpose } from '../space/space.ts';
import type { SpaceCode } from './caller.ts';

/** A network is proposed, counted, scored and measured one after the other. */
const keptGraphs = 64;
const keptCounts = 50_000;
/** Mutations that stand for the neighbours of a network, where the code names none. */
const neighbouring = 24;
const longestGenotype = 65_536;

export class CodedSpace extends SpaceInCodeFacts implements DescribedSpace {
  readonly #code: SpaceCode;
  readonly #functions: readonly string[];
  readonly #numbered: boolean;
  readonly #graphs = new Map<string, Graph>();
  readonly #counts = new Map<string, NetworkCounts>();
  readonly #values = new Map<string, readonly number[]>();

  /** @param functions which of those that may be left out the code has */
  constructor(header: SpaceInCodeHeader, code: SpaceCode, functions: readonly string[]) {
    // Unless it can be gone through by numbers, a search must not try to. Code gets a number, and these are exact
    // up to 2^53.
    const counted = header.networks !== null && BigInt(header.networks) <= mostAsNumber;
    const numbered = counted && functions.includes('at');
    super(header, numbered);
    this.#numbered = numbered;
    this.#code = code;
    this.#functions = functions;
  }

  sample(random: RandomGenerator): Genotype {
    return this.#genotype(this.#code.call({ what: 'sample', seed: seedFrom(random) }), 'sample');
  }

  /** A network that did not change is changed again; a space of one network has no other. */
  mutate(genotype: Genotype, random: RandomGenerator): Genotype {
    let mutated = genotype;
    for (let tries = 0; tries < 20 && mutated === genotype; tries += 1) {
      const call = { what: 'mutate', genotype, seed: seedFrom(random) } as const;
      mutated = this.#genotype(this.#code.call(call), 'mutate');
    }
    return mutated;
  }

  crossover(first: Genotype, second: Genotype, random: RandomGenerator): Genotype {
    const call = { what: 'crossover', first, second, seed: seedFrom(random) } as const;
    return this.#genotype(this.#code.call(call), 'crossover');
  }

  /** Where the code does not number its networks, a number stands for a random one. */
  at(index: number | bigint): Genotype {
    if (!this.#numbered) return this.sample(generatorFor('space in code, number', String(index)));
    return this.#genotype(this.#code.call({ what: 'at', index: Number(index) }), 'at');
  }

  neighbours(genotype: Genotype): readonly Genotype[] {
    if (!this.#has('neighbours')) {
      const random = generatorFor('space in code, neighbours', genotype);
      const near = Array.from({ length: neighbouring }, () => this.mutate(genotype, random));
      return [...new Set(near)].filter((one) => one !== genotype);
    }
    const near = this.#code.call({ what: 'neighbours', genotype });
    if (!(near instanceof Array)) throw this.#wrong('neighbours', 'no list');
    return near.map((one) => this.#genotype(one, 'neighbours'));
  }

  values(genotype: Genotype): readonly number[] {
    if (this.genes.length === 0) return [];
    const known = this.#values.get(genotype);
    if (known) return known;
    const values = this.#code.call({ what: 'values', genotype });
    if (!(values instanceof Array) || values.length !== this.genes.length)
      throw this.#wrong('values', `not ${this.genes.length} numbers, one a gene`);
    for (const [i, value] of (values as unknown[]).entries()) {
      const { name, choices } = this.genes[i]!;
      if (value !== 0 && !choices.some((choice) => choice === value))
        throw this.#wrong('values', `${String(value)} for ${name}, which is not among its choices`);
    }
    remember(this.#values, genotype, values as number[], keptCounts);
    return values as number[];
  }

  /** Throws `genotype-outside-space`: whatever cannot be decoded is no network of the space. */
  parse(text: string): Genotype {
    try {
      this.decode(text as Genotype);
      return text as Genotype;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new WorkbenchError(
        'genotype-outside-space',
        `${text} is no network of ${this.name}: ${reason}`,
        `One of its networks is ${this.at(0)}.`,
        { cause },
      );
    }
  }

  /** Throws `space-code-unsteady` where a genotype is another network the second time. */
  decode(genotype: Genotype, purpose: Purpose = 'deployment'): Graph {
    const key = `${purpose} ${genotype}`;
    const known = this.#graphs.get(key);
    if (known) return known;
    const image = this.imageShape(genotype, purpose);
    const { classes } = this;
    const graph = this.#code.call({ what: 'decode', genotype, purpose, image, classes });
    if (graph === null) {
      throw new WorkbenchError(
        'space-code-unsteady',
        `${this.#code.name} decodes ${genotype} differently each time.`,
        'Build the network from the genotype alone: no random numbers, no clock, nothing that is counted up.',
      );
    }
    inferShapes(graph, 2);
    remember(this.#graphs, key, graph, keptGraphs);
    return graph;
  }

  counts(genotype: Genotype, purpose: Purpose = 'deployment'): NetworkCounts {
    const key = `${purpose} ${genotype}`;
    const known = this.#counts.get(key);
    if (known) return known;
    const image = this.imageShape(genotype, purpose);
    const { classes } = this;
    const counts = this.#code.call({ what: 'counts', genotype, purpose, image, classes });
    remember(this.#counts, key, counts, keptCounts);
    return counts;
  }

  indexOf(): bigint {
    throw new WorkbenchError(
      'space-code-unnumbered',
      `${this.name} is a space in code, whose networks have no numbers.`,
      'Name the network by its genotype.',
    );
  }

  toJson(genotype: Genotype): GenotypeJson {
    const values = this.values(genotype);
    const genes = this.genes.map(({ name }, i) => [name, values[i]!] as const);
    return { space: this.name, genes: Object.fromEntries(genes) };
  }

  /** What a run keeps of a network, so that it needs the code for nothing but new ones. */
  keep(genotype: Genotype): StoredNetwork {
    const [deployment, scoring] = (['deployment', 'scoring'] as const).map((purpose) =>
      graphData(this.decode(genotype, purpose)),
    ) as [StoredNetwork['deployment'], StoredNetwork['scoring']];
    return { genes: [...this.values(genotype)], deployment, scoring };
  }

  close(): void {
    this.#code.close();
  }

  #has(name: string): boolean {
    return this.#functions.includes(name);
  }

  #genotype(value: unknown, from: string): Genotype {
    if (typeof value !== 'string') throw this.#wrong(from, 'no text');
    if (value.length === 0 || value.length > longestGenotype)
      throw this.#wrong(from, value === '' ? 'an empty text' : 'a text that is too long');
    return value as Genotype;
  }

  #wrong(from: string, what: string): WorkbenchError {
    return new WorkbenchError(
      'space-code-invalid',
      `${this.#code.name} is no space: ${from} returned ${what}.`,
      'docs/spaces-in-code.md says what every function returns.',
    );
  }
}

/** A function of the state of the generator, which moves on. */
function seedFrom(random: RandomGenerator): number {
  return seedOf('space in code', uniformInt(random, 0, 2 ** 31 - 1));
}

function remember<T>(known: Map<string, T>, key: string, value: T, most: number): void {
  if (known.size >= most) known.delete(known.keys().next().value!);
  known.set(key, value);
}
