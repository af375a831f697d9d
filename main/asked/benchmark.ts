/** How well scores agree with known accuracies: what is asked of a benchmark, and what it answers. */
import { readAccuracyTable, type AccuracyTable } from '../benchmark/accuracy-table.ts';
import { budgetsOf, knownAccuracies } from '../benchmark/known-accuracies.ts';
import { runPasses, type PassesObserver, type PassesResult } from '../benchmark/passes.ts';
import { ScoreCache } from '../benchmark/score-cache.ts';
import type { Preset } from '../common/settings/score.ts';
import { presetWith, variesBy, type PresetChoice } from '../common/presets.ts';
import type { ProxyName } from '../common/proxies.ts';
import {
  defaultSearchSettings,
  type PresetValues,
  type SearchSettings,
} from '../common/settings/index.ts';
import { defaultTermCap } from '../common/settings/score.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { builtInSpaces } from '../space/index.ts';
import { drawBatches } from '../task/draw-batches.ts';
import { openImages } from '../task/embedded.ts';
import { unmeasured } from '../workbench/search-benchmark.ts';
import { keptModels } from '../workbench/few-models.ts';
import { sameNetworks } from './same-networks.ts';
import type { SessionAsked } from './search.ts';
import type { AskedServices } from './services.ts';

export interface BenchmarkAsked extends SessionAsked {
  /** A CSV file of accuracies; by default those that ship with the product. */
  readonly table?: string | undefined;
  readonly count: number;
  readonly seed: number;
  readonly data?: string | undefined;
  readonly termCap?: number | undefined;
  readonly repeatability?: boolean | undefined;
  /** How often every network is scored, with other images and other initial weights; once by default. */
  readonly draws?: number | undefined;
  /** Whether scores are also judged by models that know 40 and 100 of the networks; true by default. */
  readonly models?: boolean | undefined;
  readonly proxies: readonly ProxyName[];
  /** Settings of scoring that replace those of the preset. */
  readonly given: Partial<SearchSettings>;
}

export interface BenchmarkReport extends PassesResult {
  readonly preset: Preset;
  readonly scoreSettings: PresetValues;
}

/** The values of the preset, with those that were given in their place. */
export function presetScoring(space: DescribedSpace, given: Partial<SearchSettings>): PresetChoice {
  const facts = { ...space, varies: variesBy(space.depth) };
  return presetWith(given, facts, defaultSearchSettings.preset);
}

/** @param named the space as the person named it. Throws `table-missing`, and what reading a table throws. */
export async function accuraciesOf(
  space: DescribedSpace,
  table: string | undefined,
  named: string,
  assetsFolder: string,
): Promise<AccuracyTable> {
  // A user's space may have the name of a built-in one, but its networks are different.
  const shipped = builtInSpaces().some((known) => sameNetworks(known, space));
  const file = table ?? knownAccuracies(shipped ? space.name : named, assetsFolder);
  return await readAccuracyTable(file, space);
}

export interface BenchmarkPlaces {
  readonly services: Pick<AskedServices, 'startScoring'>;
  readonly assetsFolder: string;
  /** Where scores are kept, so that nothing is computed twice. */
  readonly scoresFolder: string;
}

/**
 * @returns the report, and the columns of the table of accuracies
 * Throws WorkbenchError: whatever reading the table, reading the images and scoring throw.
 */
export async function benchmarkAsked(
  { services, assetsFolder, scoresFolder }: BenchmarkPlaces,
  { space, named }: { readonly space: DescribedSpace; readonly named: string },
  asked: BenchmarkAsked,
  observer: PassesObserver,
  signal: AbortSignal,
): Promise<{ readonly report: BenchmarkReport; readonly columns: readonly string[] }> {
  const accuracies = await accuraciesOf(space, asked.table, named, assetsFolder);
  const { preset, values } = presetScoring(space, asked.given);
  const { beta, weights, biasSize, biasLayers, batches, batchSize } = values;
  const { count, seed, termCap = defaultTermCap, repeatability = false, proxies } = asked;
  const { draws = 1, models = true } = asked;
  const budgets = budgetsOf(space, accuracies);
  const dataset = await openImages(asked.data ?? null, assetsFolder);
  const { workers, engine, precision } = asked;
  const session = { threads: asked.threads ?? null, workers, engine, precision };
  const result = await runPasses(
    {
      ...{ space, count, seed, beta, weights, termCap, repeatability, signal, proxies },
      table: accuracies,
      bias: { biasSize, biasLayers },
      ...{ draws, budgets },
      ...(models && {
        models: keptModels(scoresFolder, { space, table: accuracies, budgets, seed }),
      }),
      keeping: (decisive) => ScoreCache.open(scoresFolder, [space.description, decisive]),
      draw: (batchSeed) => drawBatches(dataset, { batches, batchSize, seed: batchSeed }),
      startScoring: (drawn, candidates) =>
        services.startScoring(space, drawn, session, Math.min(candidates, unmeasured), signal),
    },
    observer,
  );
  return { report: { ...result, preset, scoreSettings: values }, columns: accuracies.columns };
}
