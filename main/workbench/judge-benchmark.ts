/** Judges the networks of a stored benchmark, for any beta. */
import { readAccuracyTable } from '../benchmark/accuracy-table.ts';
import {
  judgeNetworks,
  type JudgedNetwork,
  type JudgedPredictors,
} from '../benchmark/judge-networks.ts';
import { budgetsOf, knownAccuracies } from '../benchmark/known-accuracies.ts';
import type { BenchmarkedNetwork, BenchmarkSettings } from '../common/benchmarks.ts';
import type { Predictor } from '../common/predictors.ts';
import { spaceNamed } from '../space/index.ts';
import type { Genotype } from '../space/space.ts';
import { keptModels } from './few-models.ts';

export interface JudgeRequest {
  readonly settings: Pick<BenchmarkSettings, 'space' | 'seed'>;
  readonly columns: readonly string[];
  readonly networks: readonly BenchmarkedNetwork[];
  /** Weight of the bias in ZiCo-BC. */
  readonly beta: number;
  /** Which predictors; absent: all. */
  readonly only?: readonly Predictor[];
  /** Whether models of 40 and 100 networks are fitted; otherwise those that were fitted before are told. */
  readonly models: boolean;
  readonly assetsFolder: string;
  /** Where the results of models are kept. */
  readonly scoresFolder: string;
}

export interface JudgingProgress {
  readonly done: number;
  readonly all: number;
}

/** Throws what reading the table throws, and the signal's reason where it is aborted. */
export async function judgeBenchmark(
  request: JudgeRequest,
  onProgress: (progress: JudgingProgress) => void,
  signal?: AbortSignal,
): Promise<JudgedPredictors> {
  const { settings, columns, beta, only, assetsFolder, scoresFolder } = request;
  const space = spaceNamed(settings.space);
  const table = await readAccuracyTable(knownAccuracies(space.name, assetsFolder), space);
  const budgets = budgetsOf(space, table);
  const { seed } = settings;
  const models = keptModels(
    scoresFolder,
    { space, table, budgets, seed },
    request.models ? 'computed' : 'only-kept',
  );
  return await judgeNetworks({
    ...{ columns, beta, budgets, models, networks: drawnNetworks(request.networks) },
    ...(only && { only }),
    ...(signal && { signal }),
    progress: (done, all) => onProgress({ done, all }),
  });
}

/** Those that every draw scored. */
function drawnNetworks(networks: readonly BenchmarkedNetwork[]): readonly JudgedNetwork[] {
  const draws = Math.max(...networks.map(({ moreDraws = [] }) => moreDraws.length));
  return networks.flatMap(
    ({ genotype, accuracies, parameters, macs, scores, facts, moreDraws = [] }) => {
      const more = moreDraws.filter((draw) => draw !== null);
      if (more.length < draws) return [];
      const all = [{ ...scores, facts }, ...more].map((draw) => ({ ...draw, parameters, macs }));
      return [{ genotype: genotype as Genotype, accuracies, draws: all }];
    },
  );
}
