/** How deep and how wide the networks of a description are: what an analysis of bias compares. */
import { channelsOf, valuesOf } from './choices.ts';
import type { Assignment } from './decisions.ts';
import type { Choice, NetworkDescription, Stage } from '../common/space-description.ts';
import type { Extent, Genotype } from './space.ts';

/**
 * Depth and width of staged networks. Empty where topologies are searched: blocks of one backbone cannot be
 * compared with those of another.
 */
export function extentsOf(
  { backbone }: NetworkDescription,
  read: (genotype: Genotype) => Assignment,
): { readonly depth?: Extent; readonly width?: Extent } {
  if ('oneOf' in backbone || backbone.kind !== 'stages') return {};
  const { stages } = backbone;
  const width = widthOf(stages, read);
  return { depth: depthOf(stages, read), ...(width && { width }) };
}

/** Blocks over all stages. */
function depthOf(stages: readonly Stage[], read: (genotype: Genotype) => Assignment): Extent {
  const repeats = stages.map((stage, i) => ({
    gene: `stage${i + 1}.repeats`,
    choice: 'repeats' in stage ? stage.repeats : 1,
  }));
  const readers = repeats.map(({ choice, gene }) => readerOf(choice, gene));
  const bounds = repeats.map(({ choice }) => valuesOf(choice).values);
  return {
    unit: 'blocks',
    least: sum(bounds.map((values) => Math.min(...values))),
    most: sum(bounds.map((values) => Math.max(...values))),
    of: (genotype) => {
      const network = read(genotype);
      return sum(readers.map((valueIn) => valueIn(network)));
    },
  };
}

/** Undefined where no stage has a choice of channels. */
function widthOf(
  stages: readonly Stage[],
  read: (genotype: Genotype) => Assignment,
): Extent | undefined {
  const open = stages.flatMap((stage, i) => {
    const choice = channelsOf(stage);
    if (choice === null) return [];
    const { values } = valuesOf(choice);
    const least = Math.min(...values);
    const most = Math.max(...values);
    const valueIn = readerOf(choice, `stage${i + 1}.channels`);
    return least < most ? [{ least, most, valueIn }] : [];
  });
  if (open.length === 0) return undefined;
  return {
    unit: 'place in the range of channels, mean of the stages',
    least: 0,
    most: 1,
    of: (genotype) => {
      const network = read(genotype);
      const places = open.map(
        ({ least, most, valueIn }) => (valueIn(network) - least) / (most - least),
      );
      return sum(places) / places.length;
    },
  };
}

/** Lists the choices once, because tens of thousands of networks are asked about. */
function readerOf(choice: Choice, name: string): (network: Assignment) => number {
  const { gene, values } = valuesOf(choice);
  const first = values[0]!;
  return values.length === 1 ? () => first : (network) => network.get(gene ?? name) ?? first;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
