import { Option, type Command } from 'commander';
import { accuraciesOf, benchmarkAsked, presetScoring } from '../../asked/benchmark.ts';
import type { AccuracyTable } from '../../benchmark/accuracy-table.ts';
import type { EngineWish } from '../../common/engines.ts';
import type { PrecisionWish } from '../../engine/precision.ts';
import { drawsRange } from '../../common/benchmarks.ts';
import { networksToScore } from '../../benchmark/passes.ts';
import type { BiasChoice } from '../../common/zico-bc.ts';
import { proxyNames, type ProxyName } from '../../common/proxies.ts';
import type { WeightScheme } from '../../graph/graph.ts';
import { createRateMeter } from '../../search/progress.ts';
import {
  defaultSearchSettings,
  type PresetValues,
  type SearchSettings,
} from '../../common/settings/index.ts';
import { searchMethods, type SearchMethod } from '../../common/settings/method.ts';
import { defaultTermCap, type Preset } from '../../common/settings/score.ts';
import { drawBatches } from '../../task/draw-batches.ts';
import { openImages } from '../../task/embedded.ts';
import type { DescribedSpace } from '../../space/described-space.ts';
import { benchmarkInWords, networksAsCsv } from '../benchmark-report.ts';
import { refuseCsvBesideJson, writeCsv, type CsvOption } from '../csv-option.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { oneOf, positive, proxyList, seed, wholeNumber, wholeNumberIn } from '../options.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import { addEngineOptions } from '../engine-options.ts';
import { bar, startTicker } from '../progress.ts';
import { optionOf, typedSettings } from '../setting-option.ts';
import { addSpaceOption, namedSpace, type SpaceOption } from '../space-option.ts';
import { span } from '../table.ts';
import { benchmarkScoresFolder, judgeSearches, searchesInWords } from './benchmark-searches.ts';

interface Options extends SpaceOption, CsvOption, Partial<BiasChoice> {
  readonly table?: string;
  readonly count: number;
  readonly seed: number;
  readonly data?: string;
  readonly preset?: Preset;
  readonly beta?: number;
  readonly termCap?: number;
  readonly batches?: number;
  readonly batchSize?: number;
  readonly weights?: WeightScheme;
  readonly repeatability?: boolean;
  readonly draws: number;
  readonly models: boolean;
  readonly search?: readonly SearchMethod[];
  readonly seeds: number;
  readonly threads?: number;
  readonly workers?: number | 'auto';
  readonly engine?: EngineWish;
  readonly precision?: PrecisionWish;
  readonly proxies: readonly ProxyName[];
}

const defaults = defaultSearchSettings;

/** The scoring options that were typed; a benchmark measures no latency. */
function givenScore(options: Options): Partial<SearchSettings> {
  return { ...typedSettings(options), latency: 'macs' };
}

/** `zico benchmark SPACE`: how well scores agree with known accuracies. */
export function addBenchmarkCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('benchmark')
    .description('correlate scores of random networks with known accuracies')
    .argument('[space]', 'the same as --space');
  addSpaceOption(command)
    .option(
      '--table <csv>',
      'known accuracies: a column "arch" and columns ending in "_acc" (default for nats-sss and nas-bench-201: those shipped with zico)',
    )
    .option('--count <n>', 'how many networks', wholeNumber({ min: 2 }), 100)
    .option('--seed <n>', 'seed of networks, batches and weights', seed, defaults.seed)
    .option('--data <path>', 'CIFAR-10 .bin file or folder (default: the images shipped with zico)')
    .addOption(optionOf('preset')!)
    .addOption(optionOf('beta')!)
    .option(
      '--term-cap <number>',
      `cap of a term in the capped scores (default: ${defaultTermCap})`,
      positive,
    )
    .addOption(optionOf('batches')!)
    .addOption(optionOf('batchSize')!)
    .addOption(optionOf('weights')!)
    .addOption(optionOf('biasSize')!)
    .addOption(optionOf('biasLayers')!)
    .option(
      '--repeatability',
      'score the networks twice more, with other batches and with other initial weights',
    )
    .option(
      '--draws <n>',
      'how often every network is scored, with other images and other initial weights; figures are means, intervals over both',
      wholeNumberIn(drawsRange),
      1,
    )
    .option(
      '--no-models',
      'leave out the regret of models that know the scores of 40 and of 100 networks',
    )
    .addOption(
      new Option(
        '--proxies <names>',
        `scores beside ZiCo: ${proxyNames.join(', ')}, several of them, or none`,
      )
        .argParser(proxyList)
        .default(proxyNames, 'all'),
    )
    .option('--csv [file]', 'a line of CSV for every network, printed or written to a file')
    .option(
      '--search <methods>',
      `search the table's networks by real scores, and judge the fronts by the accuracies: ${searchMethods.join(', ')}, or several of them`,
      methods,
    )
    .option('--seeds <n>', 'searches by each method', wholeNumber({ min: 1, max: 1000 }), 5);
  addEngineOptions(command)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  zico benchmark nats-sss --count 100 --seed 1\n  zico benchmark nats-sss --count 120 --repeatability --json\n  zico benchmark nats-sss --search guided,nsga2,random --count 120 --seeds 5\n  zico benchmark my-space.json --table accuracies.csv',
    )
    .action((name: string | undefined, options: Options, invoked: Command) => {
      refuseUnused(options, invoked);
      return benchmark(name, options, environment);
    });
}

/** What judges scores, which a search does not do, and the other way round; by the keys of the options. */
const ofScores = ['repeatability', 'draws', 'models', 'proxies', 'csv', 'biasSize', 'biasLayers'];
const ofSearches = ['seeds'];

/** Throws `bad-arguments` for options that would decide nothing. */
function refuseUnused(options: Options, invoked: Command): void {
  const given = (key: string) => invoked.getOptionValueSource(key) === 'cli';
  const searching = options.search !== undefined;
  const unused = (searching ? ofScores : ofSearches).find(given);
  if (unused !== undefined) {
    // `--no-models` has a key without its "no".
    const option = invoked.options.find((known) => known.attributeName() === unused)!.long!;
    throw badArguments(
      searching
        ? `${option} is for scores, and --search judges searches.`
        : `${option} is for --search.`,
      searching ? 'Leave one of them out.' : 'Add --search guided, for example, or leave it out.',
    );
  }
  refuseCsvBesideJson(options);
}

async function benchmark(
  name: string | undefined,
  options: Options,
  environment: CliEnvironment,
): Promise<void> {
  const { space } = await namedSpace([name], options);
  const named = `${name ?? options.space}`;
  const { assetsFolder, interrupted: signal } = environment;
  if (options.search !== undefined) {
    const accuracies = await accuraciesOf(space, options.table, named, assetsFolder);
    const { values } = presetScoring(space, givenScore(options));
    await searches(space, accuracies, options.search, options, values, environment);
    return;
  }
  const { report: result, columns } = await withServices(environment, async (services) => {
    const networks = networksToScore(options.count, {
      repeatability: options.repeatability ?? false,
      draws: options.draws,
    });
    let done = 0;
    const meter = createRateMeter(performance.now());
    let judged: string | null = null;
    const ticker = startTicker(environment.stderr, () => {
      if (judged !== null) return judged;
      const left = meter.secondsLeft(networks - done);
      return `${bar(done / networks)} ${done}/${networks} networks${left === null ? '' : `, ${span(left)} left`}`;
    });
    const progress = () => {
      done += 1;
      meter.record(performance.now());
      ticker.changed();
    };
    try {
      return await benchmarkAsked(
        { services, assetsFolder, scoresFolder: benchmarkScoresFolder() },
        { space, named },
        { ...options, given: givenScore(options) },
        {
          ...{ scored: progress, failed: progress },
          judged(of, all) {
            judged = `${bar(of / all)} ${done}/${networks} networks, ${of}/${all} scores judged`;
            ticker.changed();
          },
        },
        signal,
      );
    } finally {
      ticker.stop();
    }
  });
  const { preset, scoreSettings: values } = result;
  if (options.csv !== undefined) {
    const text = networksAsCsv(result, columns);
    await writeCsv(options.csv, text, environment);
    if (options.csv === true) return;
  }
  print(environment, options, result, () =>
    [
      `preset ${preset}: ${values.batches} batches of ${values.batchSize}, ${values.weights}`,
      benchmarkInWords(result, columns),
    ].join('\n'),
  );
}

async function searches(
  space: DescribedSpace,
  accuracies: AccuracyTable,
  chosen: readonly SearchMethod[],
  options: Options,
  scored: PresetValues,
  environment: CliEnvironment,
): Promise<void> {
  const { threads: count, workers, engine, precision } = options;
  const session = { threads: count ?? null, workers, engine, precision };
  const result = await withServices(environment, async (services) => {
    const dataset = await openImages(options.data ?? null, environment.assetsFolder);
    const { count: networks, seeds, seed: first } = options;
    const batches = await drawBatches(dataset, { ...scored, seed: first });
    const asked = {
      ...{ space, accuracies, methods: chosen, batches, session },
      ...{ count: networks, seeds, seed: first },
      ...{ beta: scored.beta, weights: scored.weights, termCap: scored.termCap },
    };
    return await judgeSearches(asked, services, environment);
  });
  print(environment, options, result, () => searchesInWords(result));
}

/** Parses `guided,nsga2`; a method may be named only once. */
function methods(text: string): readonly SearchMethod[] {
  return [...new Set(text.split(',').map((one) => oneOf(searchMethods)(one.trim())))];
}
