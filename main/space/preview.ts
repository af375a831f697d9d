/** What an editor shows of a description while it is being written: its count, its faults, networks of it. */
import type {
  DrawnNetwork,
  DrawnPart,
  SpaceFacts,
  SpaceFault,
  SpaceSizes,
} from '../common/space-facts.ts';
import { networkCount, networkCountText } from '../common/network-count.ts';
import { generatorFor } from '../random.ts';
import { summarise } from '../graph/summary.ts';
import { DescriptionError } from './description-error.ts';
import type { WhollyDescribed } from './described-space.ts';
import { describedBy } from './index.ts';
import { partOf } from './part-of-layer.ts';
import { parseJson } from './read-description.ts';
import { extentRangeOf } from './range-of.ts';
import { sizesOfGene } from './sizes-of.ts';
import type { Genotype } from './space.ts';

/** The largest number of networks whose sizes are given. */
export const largestSample = 1000;

/** Throws DescriptionError `space-invalid`. */
export function spaceOfText(text: string): WhollyDescribed {
  return describedBy(parseJson(text, 'The text'));
}

/** Everything that is wrong with the description; rethrows errors that are not its fault. */
export function descriptionFaults(error: unknown): readonly SpaceFault[] {
  if (!(error instanceof DescriptionError)) throw error;
  return error.faults.map(({ path, what, hint }) => ({ path, message: what, hint }));
}

export function factsOf(space: WhollyDescribed): SpaceFacts {
  const { name, title, task, classes, networks } = space;
  const baselines = space.baselines.map(({ name, genotype, decode }) => {
    const { parameters, macs } = summarise(decode());
    return { name, genotype, parameters, macs };
  });
  return {
    ...{ name, title, task, classes, networks, baselines },
    networksText: networkCountText(networkCount(space.count)),
    resolution: {
      scoring: [space.scoringShape[1], space.scoringShape[2]],
      deployment: [space.inputShape[1], space.inputShape[2]],
    },
    sizes: sizesOfGene(space),
    depth: extentRangeOf(space.depth),
    width: extentRangeOf(space.width),
    genes: space.genes.map(({ name, choices, labels }) => ({
      ...{ name, choices },
      ...(labels && { labels }),
    })),
  };
}

/** How many networks `sizesOf` covers: all of a small space, a sample of a large one. */
export function sampleSize(space: Pick<WhollyDescribed, 'networks'>): number {
  return Math.min(largestSample, space.networks);
}

/**
 * Sizes as deployed of networks `from` to `from + count` of the sample, fewer at its end. The same every
 * time, so that the parts of a sample can be asked for one after another.
 */
export function sizesOf(space: WhollyDescribed, from: number, count: number): SpaceSizes {
  const parameters: number[] = [];
  const macs: number[] = [];
  const all = space.networks <= largestSample;
  for (let i = from; i < Math.min(from + count, sampleSize(space)); i += 1) {
    const genotype = all ? space.at(i) : space.sample(generatorFor('preview', i));
    const summary = summarise(space.decode(genotype));
    parameters.push(summary.parameters);
    macs.push(summary.macs);
  }
  return { parameters, macs };
}

/** One network, drawn uniformly; another number draws another one. */
export function drawnNetwork(space: WhollyDescribed, number: number): DrawnNetwork {
  const genotype = space.sample(generatorFor('drawn', number));
  const { parameters, macs, layers } = summarise(space.decode(genotype));
  const parts = new Map<string, typeof layers>();
  for (const layer of layers) {
    const part = partOf(layer.name);
    parts.set(part, [...(parts.get(part) ?? []), layer]);
  }
  return {
    ...{ genotype, parameters, macs },
    parts: [...parts].map(([part, inside]): DrawnPart => {
      const { channels, height, width } = inside[inside.length - 1]!;
      const blocks = new Set(inside.map(({ name }) => /^body\.\d+\.(\d+)\./.exec(name)?.[1]));
      return {
        ...{ part, channels, height, width },
        blocks: Math.max(1, blocks.size - Number(blocks.has(undefined))),
        parameters: inside.reduce((sum, layer) => sum + layer.parameters, 0),
        macs: inside.reduce((sum, layer) => sum + layer.macs, 0),
        choices: choicesOf(space, genotype, part),
      };
    }),
  };
}

const shown = new Set(['channels', 'repeats']); // as width and number of the blocks

function choicesOf(space: WhollyDescribed, genotype: Genotype, part: string): string[] {
  return Object.entries(space.toJson(genotype).genes).flatMap(([gene, value]) => {
    // `large.stage1.kernel` belongs to stage 1 of one of several backbones.
    const name = new RegExp(`(?:^|\\.)${part}\\.(.+)$`).exec(gene)?.[1];
    if (name === undefined || shown.has(name)) return [];
    return [name === 'convolution' ? String(value) : `${name} ${value}`];
  });
}
