/**
 * Scores of many networks for benches: computed once, kept line by line in dist/bench, and read by any bench that
 * needs the same again. Every kind of bias is kept, so that settings that do not affect the gradients are
 * evaluated afterwards.
 */
import { readAccuracyTable, type AccuracyTable } from '../../main/benchmark/accuracy-table.ts';
import { knownAccuracies } from '../../main/benchmark/known-accuracies.ts';
import { nodeProcesses } from '../../main/child/node-process.ts';
import type { Precision } from '../../main/common/engines.ts';
import type { Task } from '../../main/common/tasks.ts';
import { drawDistinct } from '../../main/draw.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { computeNativeStatistics } from '../../main/engine/onednn/statistics.ts';
import type { WeightScheme } from '../../main/graph/graph.ts';
import { summarise } from '../../main/graph/summary.ts';
import { biasTerm, logTerm } from '../../main/proxy/zico.ts';
import { generatorFor } from '../../main/random.ts';
import type { DescribedSpace } from '../../main/space/described-space.ts';
import { spaceNamed, withResolution } from '../../main/space/index.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import type { Genotype } from '../../main/space/space.ts';
import type { BatchSet } from '../../main/task/batches.ts';
import { DataSource } from '../../main/task/data-source.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { generousLimits, workbenchPlaces } from './engines.ts';
import { Resumable } from './resumable.ts';

/** What decides the gradients of a score, besides the network. */
export interface Setting {
  readonly batches: number;
  readonly batchSize: number;
  readonly weights: WeightScheme;
  readonly precision: Precision;
  readonly weightSeed: number;
  readonly batchSeed: number;
}

/** A score with a term cap of 100. */
export interface KeptScore {
  readonly zico: number;
  readonly zicoCapped: number;
  /** Layers of the network, and how many of them get a gradient. */
  readonly layers: number;
  readonly live: number;
  /** The bias over all layers and over those that get a gradient, for images as scored and as deployed. */
  readonly bias: Readonly<Record<'scoring' | 'deployment', { all: number; live: number }>>;
  /** Wall time with one thread, while the computer did whatever else it did. */
  readonly seconds: number;
}

export const termCap = 100;

/**
 * Limits of searches in large spaces, as deployed: networks beyond them take minutes each, and no phone would run
 * them.
 */
export function usualLimits(task: Task): {
  readonly maxParameters: number;
  readonly maxMacs: number;
} {
  const maxMacs = { classification: 4e9, segmentation: 400e9, detection: 20e9 }[task];
  return { maxParameters: 40e6, maxMacs };
}

/** Parses batches and batch size from `4x8`. */
export function sizesOf(text: string): { readonly batches: number; readonly batchSize: number } {
  const [batches, batchSize] = text.split('x').map(Number);
  if (!batches || !batchSize) throw new RangeError(`"${text}" is not BATCHESxIMAGES`);
  return { batches, batchSize };
}

export class ScoredNetworks {
  readonly space: DescribedSpace;
  readonly #results: Resumable<KeptScore>;
  readonly #sets = new Map<string, Promise<BatchSet>>();
  readonly #data = new DataSource({
    ...{ processes: nodeProcesses, entry: workbenchPlaces.entries.data, limits: generousLimits },
    assetsFolder: workbenchPlaces.assetsFolder,
  });

  /** @param scoringSize of the images; the space's own by default */
  constructor(name: string, seconds: number, scoringSize?: number) {
    const space = spaceNamed(name);
    this.space = scoringSize
      ? withResolution(space, { scoring: [scoringSize, scoringSize] })
      : space;
    const [, height, width] = this.space.scoringShape;
    this.#results = new Resumable(`scores-${name}-${height}x${width}-${builtVersion()}`, seconds);
  }

  get file(): string {
    return this.#results.file;
  }

  /** Null if it is not known and time is up. */
  score(genotype: Genotype, setting: Setting): Promise<KeptScore | null> {
    const { batches, batchSize, weights, precision, weightSeed, batchSeed } = setting;
    const key = [genotype, batches, batchSize, weights, precision, weightSeed, batchSeed].join(' ');
    return this.#results.get(key, () => this.#compute(genotype, setting));
  }

  close(): Promise<void> {
    return this.#data.close();
  }

  async #compute(genotype: Genotype, setting: Setting): Promise<KeptScore> {
    const { space } = this;
    const { weights, weightSeed, precision } = setting;
    const batches = await this.#batches(setting);
    const network = initialNetwork(space, genotype, weights, weightSeed, 'scoring');
    const began = performance.now();
    const { layers } = await computeNativeStatistics(
      network,
      batches,
      termCap,
      1,
      false,
      precision,
    );
    const seconds = (performance.now() - began) / 1000;
    const live = layers.filter(({ gradientNorms }) => gradientNorms.some((norm) => norm > 0));
    const names = new Set(live.map(({ name }) => name));
    const deployed = summarise(space.decode(genotype)).layers;
    const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
    const biases = (of: readonly (Parameters<typeof biasTerm>[0] & { name: string })[]) => ({
      all: sum(of.map(biasTerm)),
      live: sum(of.filter(({ name }) => names.has(name)).map(biasTerm)),
    });
    return {
      zico: sum(layers.map((layer) => logTerm(layer.sum))),
      zicoCapped: sum(layers.map((layer) => logTerm(layer.sumCapped))),
      layers: layers.length,
      live: live.length,
      bias: { scoring: biases(layers), deployment: biases(deployed) },
      seconds,
    };
  }

  #batches({ batches, batchSize, batchSeed: seed }: Setting): Promise<BatchSet> {
    const key = [batches, batchSize, seed].join(' ');
    const known = this.#sets.get(key);
    if (known) return known;
    const [, height, width] = this.space.scoringShape;
    const drawn = this.#data
      .open({ data: null, task: this.space.task })
      .then((images) => drawBatches(images, { batches, batchSize, seed, size: [height, width] }));
    this.#sets.set(key, drawn);
    return drawn;
  }
}

/** The shipped accuracies of a space, and the networks that `zico benchmark --seed 0` draws from them. */
export async function benchmarked(
  space: DescribedSpace,
  count: number,
): Promise<{ readonly rows: AccuracyTable['rows']; readonly columns: AccuracyTable['columns'] }> {
  const table = await readAccuracyTable(
    knownAccuracies(space.name, workbenchPlaces.assetsFolder),
    space,
  );
  const drawn = drawDistinct(generatorFor('benchmark', 0), table.rows.length, count);
  return { rows: drawn.map((row) => table.rows[row]!), columns: table.columns };
}

/** Distinct random networks of a space, none larger than `most`. */
export function sampled(
  space: DescribedSpace,
  count: number,
  most: { readonly parameters: number; readonly macs: number },
): Genotype[] {
  const random = generatorFor('preset sweep', space.name);
  const found = new Set<Genotype>();
  while (found.size < count) {
    const genotype = space.sample(random);
    const { parameters, macs } = space.counts(genotype);
    if (parameters <= most.parameters && macs <= most.macs) found.add(genotype);
  }
  return [...found];
}
