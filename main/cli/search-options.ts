/** From the options of `zico search` to the settings of a run. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { engineWishes, type EngineWish } from '../engine/engine-choice.ts';
import { precisionWishes, type PrecisionWish } from '../engine/precision.ts';
import { ensureFolder, writeError } from '../atomic-write.ts';
import { weightSchemes } from '../graph/graph.ts';
import {
  defaultInFlight,
  defaultSearchSettings as defaults,
  latencySources,
  searchMethods,
  usualCandidates,
  type SearchSettings,
} from '../search/settings.ts';
import { badArguments } from './errors.ts';
import {
  addPhoneOptions,
  isPhone,
  phoneSettings,
  typedPhoneOption,
  type SearchPhoneOptions,
} from './phone-options.ts';
import {
  decimal,
  duration,
  engineHelp,
  imageSize,
  oneOf,
  positive,
  precisionHelp,
  seed,
  threads,
  threadsHelp,
  wholeNumber,
  workers,
} from './options.ts';

/** Options as commander gives them: a setting is there when it was typed. */
export interface SearchOptions
  extends
    Partial<Omit<SearchSettings, 'seconds' | 'maxLatencyMs' | 'latency' | 'phone'>>,
    SearchPhoneOptions {
  readonly latency?: SearchLatency;
  /** Milliseconds. */
  readonly maxLatency?: number;
  readonly data?: string;
  /** Seconds. */
  readonly time?: number;
  readonly threads?: number;
  readonly workers?: number | 'auto';
  readonly engine?: EngineWish;
  readonly precision?: PrecisionWish;
  readonly scoringSize?: readonly [number, number];
  readonly deploymentSize?: readonly [number, number];
  readonly run?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
}

/**
 * Options have no defaults here, so that a resume can tell what was typed from what was not; the help
 * names the defaults in words.
 */
export function addSearchOptions(command: Command): Command {
  const or = (value: unknown) => `(default: ${String(value)})`;
  command
    .option(
      '--space <name>',
      `search space: a name, or a file FILE.json that describes one ${or(defaults.space)}`,
    )
    .option(
      '--scoring-size <pixels>',
      'size of the images for scoring, such as 64 or 512x1024',
      imageSize,
    )
    .option(
      '--deployment-size <pixels>',
      'size of the images deployed for: MACs, latency, export',
      imageSize,
    )
    .option(
      '--data <path>',
      'images with classes: a file or folder, see "zico data kinds" (default: those shipped with zico)',
    )
    .option(
      '--latency <source>',
      `what to trade against the score: host measures on this computer, phone or phone:SERIAL on a phone (several of one model: phone:SERIAL,SERIAL), predicted-s10-gpu estimates that of a Galaxy S10's GPU, macs counts ${or(defaults.latency)}`,
      searchLatency,
    )
    .option(
      '--search <method>',
      `how networks are chosen: guided by a model of the score that is fitted on the way, nsga2 as the paper has it, or random ${or(defaults.search)}`,
      oneOf(searchMethods),
    )
    .option(
      '--in-flight <n>',
      `candidates that may be under way: each is chosen by the results up to so many before it, however many processes score (default: ${defaultInFlight}; nsga2 goes by whole generations unless this is given)`,
      wholeNumber({ min: 1, max: 1024 }),
    )
    .option(
      '--population <n>',
      `nsga2: networks in a generation ${or(defaults.population)}`,
      wholeNumber({ min: 4, max: 10_000 }),
    )
    .option(
      '--generations <n>',
      `nsga2: stop after so many generations ${or(`${defaults.generations}, unless --candidates or --time is given`)}`,
      wholeNumber({ min: 1 }),
    )
    .option(
      '--candidates <n>',
      `stop after so many candidates (default: ${usualCandidates} unless nsga2 is searched with or --time is given)`,
      wholeNumber({ min: 1 }),
    )
    .option('--time <duration>', 'stop after this time, such as 90s, 15m, 1h30m', duration)
    .option('--seed <n>', `of everything random ${or(defaults.seed)}`, seed)
    .option(
      '--beta <number>',
      'strength of the bias correction; 0 is plain ZiCo (default: 1, for segmentation 2)',
      decimal({ min: 0, max: 10 }),
    )
    .option('--term-cap <number>', 'rank by the score with every term capped at this', positive)
    .option(
      '--batches <n>',
      `batches of images ${or(defaults.batches)}`,
      wholeNumber({ min: 2, max: 64 }),
    )
    .option(
      '--batch-size <n>',
      'images in a batch (default: 2 to 64, as their size allows)',
      wholeNumber({ min: 1, max: 4096 }),
    )
    .option(
      '--weights <scheme>',
      `initial weights: ${weightSchemes.join(' or ')} ${or(defaults.weights)}`,
      oneOf(weightSchemes),
    )
    .option('--max-parameters <n>', 'largest number of parameters, such as 500k', size)
    .option('--max-macs <n>', 'largest number of multiply-accumulates, such as 80M', size)
    .option(
      '--max-latency <ms>',
      'highest latency in milliseconds, of the source that --latency names',
      positive,
    )
    .option('--engine <name>', engineHelp, oneOf(engineWishes))
    .option('--precision <name>', precisionHelp, oneOf(precisionWishes))
    .option('--threads <n>', threadsHelp, threads)
    .option(
      '--workers <n|auto>',
      'scoring processes that share the threads; auto measures (default: auto)',
      workers,
    )
    .option(
      '--runs <n>',
      'on a phone: timed runs (default: 50)',
      wholeNumber({ min: 1, max: 100_000 }),
    )
    .option(
      '--warm-up <n>',
      'on a phone: runs before them (default: 10)',
      wholeNumber({ min: 0, max: 100_000 }),
    )
    .option('--phone-threads <n>', 'on a phone: threads of the engine (default: 1)', threads)
    .option(
      '--away-limit <duration>',
      'on a phone: how long it may be unplugged before the search stops (default: 10m)',
      duration,
    );
  return addPhoneOptions(command)
    .option('--run <file>', 'run file (default: a new one in ./runs)')
    .option('--resume', 'go on with the run in --run; its settings stay as they are')
    .option('--json', 'print JSON');
}

type SearchLatency = SearchSettings['latency'] | `phone:${string}`;

function searchLatency(text: string): SearchLatency {
  const known = latencySources.find((source) => source === text);
  if (known) return known;
  if (/^phone:.+/.test(text)) return text as `phone:${string}`;
  throw new InvalidArgumentError(
    'It must be host, phone, phone:SERIAL, predicted-s10-gpu or macs.',
  );
}

const size = wholeNumber({ min: 1 }, true);

/**
 * The settings that were typed. The data's path is made absolute: a resume may come from elsewhere.
 * @param stored the run's, on a resume: what was not typed of phones is as it was
 * Throws `bad-arguments` where options of phones are typed for another source.
 */
export function givenSettings(
  options: SearchOptions,
  stored?: SearchSettings,
): Partial<SearchSettings> {
  const { time, data } = options;
  const latency = options.latency ?? stored?.latency;
  const onPhone = latency !== undefined && isPhone(latency);
  const odd = onPhone ? null : typedPhoneOption(options);
  if (odd !== null) {
    throw badArguments(`${odd} is for phones.`, 'Leave it out, or search with --latency phone.');
  }
  const phone = onPhone
    ? phoneSettings(options.latency, options, stored?.phone ?? undefined)
    : undefined;
  const method = options.search ?? stored?.search;
  const foreign = options.population === undefined ? '--generations' : '--population';
  if (
    (method === 'guided' || method === 'random') &&
    (options.population ?? options.generations) !== undefined
  ) {
    throw badArguments(
      `${foreign} is for nsga2; a ${method} search chooses one network after the other.`,
      'Leave it out and limit the candidates or the time, or search with --search nsga2.',
    );
  }
  const given: Partial<SearchSettings> = {
    space: options.space,
    search: options.search,
    inFlight: options.inFlight,
    data: data === undefined ? undefined : path.resolve(data),
    latency:
      options.latency && isPhone(options.latency)
        ? 'phone'
        : (options.latency as SearchSettings['latency']),
    phone,
    population: options.population,
    generations: options.generations,
    candidates: options.candidates,
    seconds: time,
    seed: options.seed,
    beta: options.beta,
    termCap: options.termCap,
    batches: options.batches,
    batchSize: options.batchSize,
    weights: options.weights,
    maxParameters: options.maxParameters,
    maxMacs: options.maxMacs,
    maxLatencyMs: options.maxLatency,
  };
  const typed = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(typed);
}

/** Settings of a new run. Who names another limit does not want the default number of generations too. */
export function newRunSettings(given: Partial<SearchSettings>): SearchSettings {
  const limited = given.candidates !== undefined || given.seconds !== undefined;
  const { search = defaults.search } = given;
  if (search === 'nsga2') {
    return { ...defaults, ...(limited ? { generations: null } : {}), ...given };
  }
  const budget = limited ? null : usualCandidates;
  const inFlight = defaultInFlight;
  return { ...defaults, inFlight, generations: null, candidates: budget, ...given };
}

/**
 * Takes a free name for a run that was given no file, as an empty file: others may begin in the same second.
 * Throws `folder-not-writable`, `disk-full`.
 */
export async function reserveRunFile(settings: SearchSettings, now: Date): Promise<string> {
  for (let number = 1; ; number++) {
    const file = defaultRunFile(settings, now, number);
    await ensureFolder(path.dirname(path.resolve(file)));
    try {
      await (await open(file, 'wx')).close();
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw writeError(path.dirname(path.resolve(file)), error);
      }
    }
  }
}

/** ./runs/SPACE-DATE-TIME-seedN.zico, local time; a second one of that second has `-2` at its end. */
export function defaultRunFile(settings: SearchSettings, now: Date, number = 1): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return path.join(
    'runs',
    `${settings.space}-${date}-${time}-seed${settings.seed}${number > 1 ? `-${number}` : ''}.zico`,
  );
}

/** Throws `bad-arguments` where --resume has no run to go on with. */
export function runToResume(options: SearchOptions): string {
  if (options.run !== undefined) return options.run;
  throw badArguments('--resume needs the run to go on with.', 'Add --run FILE.');
}
