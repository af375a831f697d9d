/** How deep and how wide the networks of a description are: what an analysis of bias compares. */
import { valuesOf } from './choices.ts';
import type { Assignment } from './decisions.ts';
import type { AnyStage, Choice, NetworkDescription } from '../common/space-description.ts';
import { stageForm } from './stage-form.ts';
import type { Extent, Genotype } from './space.ts';

type Looked = Pick<Assignment, 'get'>;

/**
 * Depth and width of staged networks. Empty where topologies are searched: blocks of one backbone cannot be
 * compared with those of another.
 */
export function extentsOf(
  { backbone }: NetworkDescription,
  read: (genotype: Genotype) => Looked,
): { readonly depth?: Extent; readonly width?: Extent } {
  if ('oneOf' in backbone || backbone.kind !== 'stages') return {};
  const { stages } = backbone;
  const width = widthOf(stages, read);
  return { depth: depthOf(stages, read), ...(width && { width }) };
}

/** Blocks over all stages. */
function depthOf(stages: readonly AnyStage[], read: (genotype: Genotype) => Looked): Extent {
  const repeats = stages.map((stage, i) => ({
    gene: `stage${i + 1}.repeats`,
    choice: stageForm(stage).repeats,
  }));
  const readers = repeats.map(({ choice, gene }) => readerOf(choice, gene));
  const bounds = repeats.map(({ choice }) => valuesOf(choice).values);
  return {
    unit: 'blocks',
    least: sum(bounds.map((values) => Math.min(...values))),
    most: sum(bounds.map((values) => Math.max(...values))),
    of: (genotype) => {
      const network = read(genotype);
      return sum(readers.map((valueIn) => valueIn(network) ?? 0));
    },
  };
}

/** Undefined where no stage has a choice of channels. */
function widthOf(
  stages: readonly AnyStage[],
  read: (genotype: Genotype) => Looked,
): Extent | undefined {
  const open = stages.flatMap((stage, i) => {
    const choice = stageForm(stage).channels;
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
      // A stage that is not there has no width.
      const places = open.flatMap(({ least, most, valueIn }) => {
        const width = valueIn(network);
        return width === null ? [] : [(width - least) / (most - least)];
      });
      return places.length === 0 ? 0 : sum(places) / places.length;
    },
  };
}

/** Lists the choices once, because tens of thousands of networks are asked about. */
function readerOf(choice: Choice, name: string): (network: Looked) => number | null {
  const { gene, values } = valuesOf(choice);
  const first = values[0]!;
  return values.length === 1 ? () => first : (network) => network.get(gene ?? name) ?? null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
