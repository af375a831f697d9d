import type { Command } from 'commander';
import { repeatabilityOf, scoreNames, type RepeatedRanks } from '../../benchmark/repeatability.ts';
import { readAccuracyTable } from '../../benchmark/accuracy-table.ts';
import {
  benchmarkSpace,
  predictors,
  type BenchmarkResult,
  type UntrainedScore,
} from '../../benchmark/benchmark-space.ts';
import { engineWishes, type EngineWish } from '../../engine/engine-choice.ts';
import type { ScoringPlan } from '../../engine/scoring-plan.ts';
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
import {
  decimal,
  engineHelp,
  oneOf,
  positive,
  seed,
  threads,
  threadsHelp,
  wholeNumber,
  workers,
} from '../options.ts';
import { bar, startTicker } from '../progress.ts';
import { scoredBy, span, table } from '../table.ts';

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
  readonly repeatability?: boolean;
  readonly threads?: number;
  readonly workers?: number | 'auto';
  readonly engine?: EngineWish;
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
    .option(
      '--repeatability',
      'score the networks twice more, with other batches and with other initial weights',
    )
    .option('--engine <name>', engineHelp, oneOf(engineWishes))
    .option('--threads <n>', threadsHelp, threads)
    .option(
      '--workers <n|auto>',
      'scoring processes that share the threads; auto measures (default: auto)',
      workers,
    )
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

  const result = await withServices(environment, async (services): Promise<Reported> => {
    const dataset = await openImages(options.data ?? null, environment.assetsFolder);
    const passes = options.repeatability ? 3 : 1;
    let done = 0;
    const meter = createRateMeter(performance.now());
    const ticker = startTicker(environment.stderr, () => {
      const left = meter.secondsLeft(passes * count - done);
      return `${bar(done / count / passes)} ${done}/${passes * count} networks${left === null ? '' : `, ${span(left)} left`}`;
    });
    const progress = () => {
      done += 1;
      meter.record(performance.now());
      ticker.changed();
    };
    const { workers, engine: wish } = options;
    const session = { threads: options.threads ?? null, workers, engine: wish };
    const { seed } = options;
    const draw = (batchSeed: number) => drawBatches(dataset, { ...options, seed: batchSeed });
    let scoring: Awaited<ReturnType<typeof services.startScoring>> | null = null;
    try {
      scoring = await services.startScoring(
        space,
        await draw(seed),
        session,
        passes * count,
        signal,
      );
      const { engine, layout, plan } = scoring;
      /** Scores the networks that the seed draws, which are the same in every pass. */
      const pass = async (weightSeed: number) => {
        const scores = new Map<Genotype, UntrainedScore>();
        const score = async (genotype: Genotype): Promise<UntrainedScore> => {
          const graph = initialNetwork(space, genotype, weights, weightSeed, 'scoring');
          const { parameters, macs } = summarise(graph);
          const { layers } = await engine.statistics({ graph, termCap }, signal);
          const scored = { ...scoreOf(layers), parameters, macs };
          scores.set(genotype, scored);
          return scored;
        };
        const concurrency = layout.workers;
        const request = { space, table: accuracies, count, seed, beta, score, progress, signal };
        return { scores, result: await benchmarkSpace({ ...request, concurrency }) };
      };
      const first = await pass(seed);
      const result = { ...first.result, scoring: plan };
      if (!options.repeatability) return result;
      const other = (seed + 1) % 2 ** 32;
      const otherWeights = repeatabilityOf(first.scores, (await pass(other)).scores, beta);
      await engine.useBatches(await draw(other));
      const otherBatches = repeatabilityOf(first.scores, (await pass(seed)).scores, beta);
      return { ...result, repeatability: { otherBatches, otherWeights } };
    } finally {
      ticker.stop();
      await scoring?.engine.close();
    }
  });
  print(environment, options, result, () => readable(result, accuracies.columns));
}

/** Kendall tau-b between two scorings of the same networks. */
interface Repeatability {
  readonly otherBatches: RepeatedRanks;
  readonly otherWeights: RepeatedRanks;
}

type Reported = BenchmarkResult & {
  readonly scoring: ScoringPlan;
  readonly repeatability?: Repeatability;
};

function readable(result: Reported, columns: readonly string[]): string {
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
    ...(result.repeatability ? repeated(result.repeatability) : []),
    scoredBy(result.scoring),
    ...result.failed.map(({ genotype, error }) => `left out ${genotype}: ${error.message}`),
  ].join('\n');
}

function repeated({ otherBatches, otherWeights }: Repeatability): string[] {
  return [
    '',
    'the same networks scored again; Kendall tau-b between the two scorings',
    table(
      [
        { title: '', align: 'left' },
        { title: 'other batches' },
        { title: 'other initial weights' },
      ],
      scoreNames.map((name) => [name, figure(otherBatches[name]), figure(otherWeights[name])]),
    ),
  ];
}

function figure(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}
