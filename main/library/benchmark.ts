/** How well scores agree with known accuracies. */
import { benchmarkAsked, type BenchmarkReport } from '../asked/benchmark.ts';
import { checkedSearch, settingsAsked } from '../asked/configuration.ts';
import { scoresFolderIn } from '../benchmark/score-cache.ts';
import { assetsFolder } from '../child-entries.ts';
import { proxyNames, type ProxyName } from '../common/proxies.ts';
import { defaultSearchSettings, type SearchSettings } from '../common/settings/index.ts';
import type { SessionAsked } from '../asked/search.ts';
import { withoutAbsent } from '../asked/without-absent.ts';
import { spaceAsked } from '../asked/space-asked.ts';
import { stateFolder } from '../system-folders.ts';
import { inSession } from './session.ts';

type ScoreSettings = Pick<
  SearchSettings,
  'beta' | 'termCap' | 'batches' | 'batchSize' | 'weights' | 'biasSize' | 'biasLayers' | 'preset'
>;

export interface BenchmarkOptions extends SessionAsked, Partial<ScoreSettings> {
  /** The name of a space, or a file that describes one; nats-sss by default. */
  readonly space?: string;
  /** A CSV file of accuracies; by default those that ship with the product. */
  readonly table?: string;
  /** How many networks; 100 by default. */
  readonly count?: number;
  readonly seed?: number;
  readonly data?: string;
  readonly repeatability?: boolean;
  /** How often every network is scored, with other images and other initial weights; once by default. */
  readonly draws?: number;
  /** False leaves out the regret of models of 40 and of 100 networks, which takes a minute or more. */
  readonly models?: boolean;
  /** Scores beside ZiCo; all by default. */
  readonly proxies?: readonly ProxyName[];
  readonly signal?: AbortSignal;
  /** Called for every network that was scored or left out. */
  readonly onProgress?: (progress: { readonly genotype: string; readonly failed: boolean }) => void;
}

/** Correlates scores of random networks with known accuracies. Resolves with what `zico benchmark --json` prints. */
export function benchmark(options: BenchmarkOptions = {}): Promise<BenchmarkReport> {
  const { space: named = defaultSearchSettings.space, signal, onProgress, ...rest } = options;
  const { table, count = 100, seed = defaultSearchSettings.seed, data, repeatability } = rest;
  const { draws, models } = rest;
  const { proxies = proxyNames, engine, precision, threads, workers, termCap } = rest;
  const { beta, batches, batchSize, weights, biasSize, biasLayers, preset } = rest;
  return inSession(signal, async (workbench, halted) => {
    const asked = {
      beta,
      batches,
      batchSize,
      weights,
      biasSize,
      biasLayers,
      preset,
      seed,
      termCap,
    };
    const session = { engine, precision, threads, workers };
    const given = settingsAsked(checkedSearch(withoutAbsent({ ...asked, ...session })));
    const places = {
      services: workbench,
      assetsFolder,
      scoresFolder: scoresFolderIn(stateFolder()),
    };
    const { report } = await benchmarkAsked(
      places,
      { space: await spaceAsked(named), named },
      {
        ...{ table, count, seed, data, repeatability, draws, models, proxies, ...session },
        ...(typeof termCap === 'number' && { termCap }),
        given: { ...given, latency: 'macs' },
      },
      {
        scored: (_pass, genotype) => onProgress?.({ genotype, failed: false }),
        failed: (_pass, genotype) => onProgress?.({ genotype, failed: true }),
      },
      halted,
    );
    return report;
  });
}
