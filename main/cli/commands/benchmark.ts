import type { Command } from 'commander';
import { readAccuracyTable } from '../../benchmark/accuracy-table.ts';
import {
  benchmarkSpace,
  predictors,
  type BenchmarkResult,
  type UntrainedScore,
} from '../../benchmark/benchmark-space.ts';
import { weightSchemes, type WeightScheme } from '../../graph/graph.ts';
import { summarise } from '../../graph/summary.ts';
import { scoreOf } from '../../proxy/zico.ts';
import { createRateMeter } from '../../search/progress.ts';
import { defaultSearchSettings, defaultTermCap } from '../../search/settings.ts';
import { spaceFrom } from '../../space/index.ts';
import { initialNetwork } from '../../space/initial-network.ts';
import type { Genotype } from '../../space/space.ts';
import { drawBatches } from '../../task/draw-batches.ts';
import { openImages } from '../../task/embedded.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { decimal, oneOf, positive, seed, threads, wholeNumber } from '../options.ts';
import { bar, startTicker } from '../progress.ts';
import { span, table } from '../table.ts';

interface Options {
  readonly table: string;
  readonly count: number;
  readonly seed: number;
  readonly data?: string;
  readonly beta: number;
  readonly termCap: number;
  readonly batches: number;
  readonly batchSize: number;
  readonly weights: WeightScheme;
  readonly threads?: number;
  readonly json?: boolean;
}

/** `zico benchmark SPACE`: how well scores agree with known accuracies. */
export function addBenchmarkCommand(program: Command, environment: CliEnvironment): void {
  const defaults = defaultSearchSettings;
  program
    .command('benchmark')
    .description('correlate scores of random networks with known accuracies')
    .argument('<space>', 'search space: a name such as nats-sss, or a file FILE.json')
    .requiredOption(
      '--table <csv>',
      'known accuracies: a column "arch" and columns ending in "_acc"',
    )
    .option('--count <n>', 'how many networks', wholeNumber({ min: 2 }), 100)
    .option('--seed <n>', 'of networks, batches and weights', seed, defaults.seed)
    .option('--data <path>', 'CIFAR-10 .bin file or folder (default: the images shipped with zico)')
    .option(
      '--beta <number>',
      'strength of the bias correction',
      decimal({ min: 0 }),
      defaults.beta,
    )
    .option('--term-cap <number>', 'cap of a term in the capped scores', positive, defaultTermCap)
    .option('--batches <n>', 'batches', wholeNumber({ min: 2, max: 64 }), defaults.batches)
    .option(
      '--batch-size <n>',
      'images in a batch',
      wholeNumber({ min: 1, max: 4096 }),
      defaults.batchSize,
    )
    .option('--weights <scheme>', 'initial weights', oneOf(weightSchemes), defaults.weights)
    .option('--threads <n>', 'threads of the engine; scores do not depend on it', threads)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  zico benchmark nats-sss --table accuracies.csv --count 100 --seed 1 --json',
    )
    .action((name: string, options: Options) => benchmark(name, options, environment));
}

async function benchmark(
  name: string,
  options: Options,
  environment: CliEnvironment,
): Promise<void> {
  const space = await spaceFrom(name);
  const accuracies = await readAccuracyTable(options.table, space);
  const { count, beta, termCap, weights } = options;
  const { interrupted: signal } = environment;

  const result = await withServices(environment, async (services) => {
    const dataset = await openImages(options.data ?? null, environment.assetsFolder);
    const batches = await drawBatches(dataset, options);
    const engine = services.openEngine({ threads: options.threads ?? null });
    const score = async (genotype: Genotype): Promise<UntrainedScore> => {
      const graph = initialNetwork(space, genotype, weights, options.seed);
      const { parameters, macs } = summarise(graph);
      const { layers } = await engine.statistics({ graph, termCap }, signal);
      return { ...scoreOf(layers), parameters, macs };
    };
    let done = 0;
    const meter = createRateMeter(performance.now());
    const ticker = startTicker(environment.stderr, () => {
      const left = meter.secondsLeft(count - done);
      return `${bar(done / count)} ${done}/${count} networks${left === null ? '' : `, ${span(left)} left`}`;
    });
    const progress = (finished: number) => {
      done = finished;
      meter.record(performance.now());
      ticker.changed();
    };
    try {
      await engine.useBatches(batches);
      return await benchmarkSpace({
        space,
        table: accuracies,
        count,
        seed: options.seed,
        beta,
        score,
        progress,
        signal,
      });
    } finally {
      ticker.stop();
      await engine.close();
    }
  });
  print(environment, options, result, () => readable(result, accuracies.columns));
}

function readable(result: BenchmarkResult, columns: readonly string[]): string {
  const figure = (value: number | null) => (value === null ? '-' : value.toFixed(3));
  return [
    `${result.count} networks, seed ${result.seed}, beta ${result.beta}; Kendall tau-b / Spearman rho`,
    table(
      [{ title: '', align: 'left' }, ...columns.map((title) => ({ title }))],
      predictors.map((predictor) => [
        predictor,
        ...columns.map((column) => {
          const { kendallTau, spearmanRho } = result.correlations[predictor][column];
          return `${figure(kendallTau)} / ${figure(spearmanRho)}`;
        }),
      ]),
    ),
    ...result.failed.map(({ genotype, error }) => `left out ${genotype}: ${error.message}`),
  ].join('\n');
}
