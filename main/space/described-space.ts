/** Turns a description into a space: the one interpreter of all spaces. */
import type { Graph } from '../graph/graph.ts';
import { WorkbenchError } from '../errors.ts';
import { checkDescription } from './check.ts';
import {
  DecisionTree,
  flatGenes,
  mostAsNumber,
  walk,
  type Assignment,
  type Decision,
} from './decisions.ts';
import type { NetworkDescription, SpaceDescription } from '../common/space-description.ts';
import type { SpaceInCodeHeader } from '../common/space-in-code.ts';
import { DescriptionError } from './description-error.ts';
import { Faults } from './faults.ts';
import { extentsOf } from './extents.ts';
import { genotypeWriting } from './genotype-writing.ts';
import { buildNetwork, countNetwork, decisionsOf } from './network.ts';
import type { NetworkCounts } from './counts.ts';
import type { KnownNetwork, StoredNetwork } from './known-network.ts';
import { resolutionDecisions, resolutionGene, resolutionOptions } from './resolution.ts';
import type { Baseline, Genotype, ImageShape, Purpose, Resolutions, Space } from './space.ts';

/** A genotype as plain JSON: numbers, and names for what is not a quantity. */
export interface GenotypeJson {
  readonly space: string;
  readonly genes: Readonly<Record<string, number | string>>;
}

export interface DescribedSpace extends Space {
  /** What is stored of the space: all of it, or of a space in code all but the code. */
  readonly description: SpaceDescription | SpaceInCodeHeader;
  /** What counting the graph of `decode` would give, a hundred times as fast. */
  counts(genotype: Genotype, purpose?: Purpose): NetworkCounts;
  /** As text, `parse` accepts it as well. */
  toJson(genotype: Genotype): GenotypeJson;
  /** What a run has to keep of a network; absent where the description can build it again. */
  keep?(genotype: Genotype): StoredNetwork;
  /** The same space, knowing these networks of a run; absent where it knows all of its networks. */
  knowing?(known: readonly KnownNetwork[]): DescribedSpace;
  /** Ends what it computes with; absent where that is nothing. */
  close?(): void;
}

/** A space that a description describes. */
export interface WhollyDescribed extends DescribedSpace {
  readonly description: SpaceDescription;
  readonly count: bigint;
}

/** How a gene is written where the network does not have it. */
const lacking = '-';

/**
 * The space of a description that passed its schema.
 * @param knownAs for errors: the name of another space of which a text is a genotype
 * Throws WorkbenchError `space-invalid` naming the path at fault and what would be valid.
 */
export function describedSpace(
  description: SpaceDescription,
  knownAs: (text: string) => string | null = () => null,
): WhollyDescribed {
  const { name, title, task, classes, resolution, network } = description;
  const decisions = [...resolutionDecisions(resolution), ...decisionsOf(network)];
  checkDescription(description, decisions);
  const tree = new DecisionTree(decisions);
  const genes = flatGenes(decisions);
  const codec = genotypeCodec(name, network, decisions, genes, knownAs);
  const { format, read } = codec;
  const channels = description.imageChannels ?? 3;
  const shape = ([height, width]: readonly [number, number]): ImageShape => [
    channels,
    height,
    width,
  ];
  const sizes = resolutionOptions(resolution);
  const area = ([height, width]: readonly [number, number]) => height * width;
  const largest = sizes.reduce((a, b) => (area(b.deployment) > area(a.deployment) ? b : a));
  const sizeByValue = new Map(sizes.map((size) => [size.value, size]));
  const sizeGene = resolutionGene(resolution);
  const sizeOf = (values: Assignment): Resolutions =>
    sizeByValue.get(values.get(sizeGene) ?? largest.value) ?? largest;
  const imageShape = (genotype: Genotype, purpose: Purpose): ImageShape =>
    shape(sizeOf(read(genotype))[purpose]);

  function decode(genotype: Genotype, purpose: Purpose = 'deployment'): Graph {
    const text = `${name} ${genotype}`.trim();
    const image = imageShape(genotype, purpose);
    return buildNetwork(network, read(genotype), { name: text, image, classes });
  }

  function at(index: number | bigint): Genotype {
    const whole = typeof index === 'bigint' || Number.isInteger(index);
    if (!whole || index < 0 || index >= tree.count) {
      throw new RangeError(
        `${name} has no network ${index}: there are ${tree.count}, counted from 0`,
      );
    }
    return format(tree.at(index));
  }

  const faults = new Faults();
  const baselines = description.baselines.map((baseline, i): Baseline => {
    if ('genotype' in baseline) {
      const genotype = faults.check(
        () => inFile(`baselines[${i}].genotype`, () => codec.parse(baseline.genotype)),
        baseline.genotype as Genotype,
      );
      return { name: baseline.name, genotype, decode: () => decode(genotype) };
    }
    const options = { name: baseline.name, image: shape(largest.deployment), classes };
    return {
      name: baseline.name,
      genotype: null,
      decode: () => buildNetwork(baseline.network, new Map(), options),
    };
  });

  faults.end();

  return {
    description,
    name,
    title,
    task,
    classes,
    networks: tree.networks,
    count: tree.count,
    genes: genes.map(({ gene, options }) => {
      const named = options.some(({ value, label }) => label !== String(value));
      const choices = options.map(({ value }) => value);
      return { name: gene, choices, ...(named && { labels: options.map(({ label }) => label) }) };
    }),
    baselines,
    inputShape: shape(largest.deployment),
    scoringShape: shape(largest.scoring),
    sizes: sizes.length === 1 ? null : sizes.map(plainSize),
    resolutions: (genotype) => plainSize(sizeOf(read(genotype))),
    imageShape,
    ...extentsOf(network, codec.glance),
    parse: codec.parse,
    values: (genotype) => {
      const values = codec.valuesOf(genotype);
      return genes.map((_, i) => values[i] ?? 0);
    },
    decode,
    counts: (genotype, purpose = 'deployment') =>
      countNetwork(network, read(genotype), { image: imageShape(genotype, purpose), classes }),
    at,
    indexOf: (genotype) => {
      const index = tree.indexOf(read(genotype));
      return tree.count <= mostAsNumber ? Number(index) : index;
    },
    sample: (random) => format(tree.sample(random)),
    mutate: (genotype, random) => format(tree.mutate(read(genotype), random)),
    crossover: (first, second, random) => format(tree.crossover(read(first), read(second), random)),
    neighbours: (genotype) => [...new Set([...tree.neighbours(read(genotype))].map(format))],
    toJson: codec.toJson,
  };
}

/** Without what the gene says of it. */
function plainSize({ scoring, deployment }: Resolutions): Resolutions {
  return { scoring, deployment };
}

function inFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DescriptionError(path, reason, 'Name a network of this space.', { cause });
  }
}

function genotypeCodec(
  name: string,
  description: NetworkDescription,
  decisions: readonly Decision[],
  genes: readonly Decision[],
  knownAs: (text: string) => string | null,
) {
  const writing = genotypeWriting(description, genes);
  const labelOf = ({ gene, options }: Decision, network: Assignment) =>
    options.find(({ value }) => value === network.get(gene))?.label ?? lacking;
  const format = (network: Assignment): Genotype =>
    writing.join(genes.map((gene) => labelOf(gene, network))) as Genotype;

  const valueOf = genes.map(
    ({ options }) => new Map(options.map(({ label, value }) => [label, value])),
  );
  const valuesOfPiece = pieceReader(writing.lengths, valueOf);
  /** The network that was read last: its values, depth and width are asked for one after another. */
  let latest: { readonly genotype: Genotype; readonly values: Values } | null = null;

  /** Values of a canonical genotype in the order of the genes, undefined where the network has none. */
  function valuesOf(genotype: Genotype): Values {
    if (latest?.genotype === genotype) return latest.values;
    const values = writing.pieces(genotype).flatMap(valuesOfPiece);
    latest = { genotype, values };
    return values;
  }

  /** Of a canonical genotype. */
  function read(genotype: Genotype): Assignment {
    const network = new Map<string, number>();
    for (const [i, value] of valuesOf(genotype).entries()) {
      if (value !== undefined) network.set(genes[i]!.gene, value);
    }
    return network;
  }

  const places = new Map(genes.map(({ gene }, i) => [gene, i]));
  /** The same where few of its genes are asked for. */
  function glance(genotype: Genotype): Pick<Assignment, 'get'> {
    const values = valuesOf(genotype);
    return { get: (gene) => values[places.get(gene) ?? -1] };
  }

  function parse(text: string): Genotype {
    const trimmed = text.trim();
    const labels = trimmed.startsWith('{') ? fromJson(trimmed) : fromText(trimmed);
    const left = new Map(labels);
    const network = walk(decisions, ({ gene, options }) => {
      const label = labels.get(gene) ?? lacking;
      left.delete(gene);
      const option = options.find((one) => one.label === label);
      if (option !== undefined) return option;
      const valid = options.map((one) => one.label).join(', ');
      throw outside(text, `${gene} is "${label}", but must be one of ${valid}.`);
    });
    for (const [gene, label] of left) {
      if (label !== lacking) {
        throw outside(
          text,
          `${gene} is "${label}", but a network with these other genes has none: write "${lacking}".`,
        );
      }
    }
    return format(network);
  }

  function fromText(text: string): Map<string, string> {
    const labels = genes.length === 0 && text === '' ? [] : writing.read(text);
    if (labels.length !== genes.length) {
      const many = `${labels.length} ${labels.length === 1 ? 'gene' : 'genes'}`;
      throw outside(
        text,
        `"${text}" has ${many}, but a network of ${name} has ${genes.length}: ${genes.map(({ gene }) => gene).join(':')}.`,
      );
    }
    return new Map(labels.map((label, i) => [genes[i]!.gene, label]));
  }

  function fromJson(text: string): Map<string, string> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw outside(text, `it is not JSON: ${cause instanceof Error ? cause.message : ''}.`);
    }
    const { space, genes: given } = value as { space?: unknown; genes?: unknown };
    if (typeof space === 'string' && space !== name) throw ofAnother(text, space);
    if (typeof given !== 'object' || given === null || given instanceof Array)
      throw outside(text, 'its "genes" are not an object.');
    const known = new Set(genes.map(({ gene }) => gene));
    return new Map(
      Object.entries(given).map(([gene, label]) => {
        if (!known.has(gene)) throw outside(text, `${gene} is not a gene of this space.`);
        return [gene, String(label)];
      }),
    );
  }

  function outside(text: string, what: string): WorkbenchError {
    const other = knownAs(text.trim());
    if (other !== null && other !== name) return ofAnother(text, other);
    return new WorkbenchError(
      'genotype-outside-space',
      what.startsWith('"') ? what : `"${text}" is outside ${name}: ${what}`,
      `Write a genotype of ${name} like ${example()}; "zico spaces" lists the genes.`,
    );
  }

  function ofAnother(text: string, other: string): WorkbenchError {
    return new WorkbenchError(
      'genotype-outside-space',
      `"${text}" is a genotype of the space ${other}, not of ${name}.`,
      `Choose the space ${other}, or write a genotype of ${name} like ${example()}.`,
    );
  }

  const example = () => format(walk(decisions, ({ options }) => options[options.length - 1]!));

  function toJson(genotype: Genotype): GenotypeJson {
    const network = read(genotype);
    const entries = genes.flatMap((gene) => {
      const value = network.get(gene.gene);
      if (value === undefined) return [];
      const label = labelOf(gene, network);
      return [[gene.gene, label === String(value) ? value : label] as const];
    });
    return { space: name, genes: Object.fromEntries(entries) };
  }

  return { parse, format, read, valuesOf, glance, toJson };
}

/** Undefined for a gene that the network does not have. */
type Values = readonly (number | undefined)[];

/** More than the pieces of any stage; a file that says otherwise costs no more memory. */
const mostKept = 4096;

/**
 * Reads pieces of genotypes. Networks of a long run have most of theirs in common, so what a piece says is kept.
 * @param lengths genes of each piece
 * @param valueOf label -> value, for each gene
 */
function pieceReader(
  lengths: readonly number[],
  valueOf: readonly ReadonlyMap<string, number>[],
): (piece: string, k: number) => Values {
  const kept = lengths.map(() => new Map<string, Values>());
  const starts = lengths.map((_, k) => lengths.slice(0, k).reduce((sum, one) => sum + one, 0));
  return (piece, k) => {
    const known = kept[k]!.get(piece);
    if (known !== undefined) return known;
    const values = piece.split(':').map((label, i) => valueOf[starts[k]! + i]!.get(label));
    if (kept[k]!.size < mostKept) kept[k]!.set(piece, values);
    return values;
  };
}
