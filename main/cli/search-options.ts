/** From the options of `zico search` to the settings of a run. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { engineWishes, type EngineWish, precisionWishes } from '../common/engines.ts';
import type { PrecisionWish } from '../engine/precision.ts';
import { ensureFolder, writeError } from '../atomic-write.ts';
import {
  defaultSearchSettings,
  settingKeys,
  type SearchSettings,
} from '../common/settings/index.ts';
import { generationalDefaults } from '../common/settings/method.ts';
import { latencyTraits } from '../common/latency-sources.ts';
import { measuringRanges } from '../common/phone-settings.ts';
import { badArguments } from './errors.ts';
import { isPhone, kindOf } from './latency-option.ts';
import {
  addPhoneOptions,
  phoneSettings,
  typedPhoneOption,
  type SearchPhoneOptions,
} from './phone-options.ts';
import {
  typedDuration,
  engineHelp,
  typedImageSize,
  oneOf,
  precisionHelp,
  threads,
  threadsHelp,
  wholeNumberIn,
  workers,
} from './options.ts';
import { optionOf, typedSettings } from './setting-option.ts';

/** Options as commander gives them, beside those of the settings (`typedSettings`). */
export interface SearchOptions extends SearchPhoneOptions {
  readonly [setting: string]: unknown;
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

export function addSearchOptions(command: Command): Command {
  for (const key of settingKeys) {
    const option = optionOf(key);
    if (option) command.addOption(option);
    if (key === 'space') addSizeOptions(command);
  }
  command
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
      wholeNumberIn(measuringRanges.runs),
    )
    .option(
      '--warm-up <n>',
      'on a phone: runs before them (default: 10)',
      wholeNumberIn(measuringRanges.warmUp),
    )
    .option(
      '--phone-threads <n>',
      'on a phone: threads of the engine (default: 1)',
      wholeNumberIn(measuringRanges.threads),
    )
    .option(
      '--away-limit <duration>',
      'on a phone: how long it may be unplugged before the search stops (default: 10m)',
      typedDuration,
    );
  return addPhoneOptions(command)
    .option('--run <file>', 'run file (default: a new one in ./runs)')
    .option('--resume', 'continue the run in --run with its settings')
    .option('--json', 'print JSON');
}

/**
 * The settings that were typed. The data's path is made absolute: a resume may come from elsewhere.
 * @param stored the run's, on a resume: what was not typed of phones is as it was
 * Throws `bad-arguments` where options of phones are typed for another source.
 */
export function givenSettings(
  options: SearchOptions,
  stored?: SearchSettings,
): Partial<SearchSettings> {
  const { latency, ...typed } = typedSettings(options);
  const searched = latency ?? stored?.latency;
  const onPhone = searched !== undefined && isPhone(searched);
  const odd = onPhone ? null : typedPhoneOption(options);
  if (odd !== null) {
    throw badArguments(`${odd} is for phones.`, 'Leave it out, or search with --latency phone.');
  }
  const source = searched === undefined ? defaultSearchSettings.latency : kindOf(searched);
  if (latencyTraits[source].by !== 'measuring') {
    const meaningless = typed.intervalPercent !== undefined ? '--interval' : options.repeats;
    if (meaningless !== undefined) {
      throw badArguments(
        `${typeof meaningless === 'string' ? meaningless : '--repeats'} is for latencies that are measured; ${source} is not.`,
        'Leave it out, or search with --latency host or phone.',
      );
    }
  }
  const method = typed.search ?? stored?.search ?? 'nsga2';
  if (method !== 'nsga2' && (typed.population ?? typed.generations) !== undefined) {
    throw badArguments(
      `${typed.population === undefined ? '--generations' : '--population'} is for nsga2; a ${method} search chooses one network after the other.`,
      'Leave it out and limit the candidates or the time, or search with --search nsga2.',
    );
  }
  return {
    ...typed,
    ...(latency && { latency: kindOf(latency) }),
    ...(!onPhone && options.repeats !== undefined && { repeats: options.repeats }),
    ...(onPhone && { phone: phoneSettings(latency, options, stored?.phone ?? undefined) }),
  };
}

/**
 * Settings of a new run: of NSGA-II where what only it has is given. Where another limit is given, the default
 * one does not apply.
 */
export function newRunSettings(given: Partial<SearchSettings>): SearchSettings {
  const limited = given.candidates !== undefined || given.seconds !== undefined;
  const byGenerations = (given.population ?? given.generations) !== undefined;
  if ((given.search ?? (byGenerations ? 'nsga2' : null)) === 'nsga2') {
    const generations = limited ? null : generationalDefaults.generations;
    return { ...defaultSearchSettings, ...generationalDefaults, generations, ...given };
  }
  return { ...defaultSearchSettings, ...(limited ? { candidates: null } : {}), ...given };
}

function addSizeOptions(command: Command): void {
  command
    .option(
      '--scoring-size <pixels>',
      'size of the images for scoring, such as 64 or 512x1024',
      typedImageSize,
    )
    .option(
      '--deployment-size <pixels>',
      'size of the images deployed for: MACs, latency, export',
      typedImageSize,
    );
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
  throw badArguments('--resume needs the run to continue.', 'Add --run FILE.');
}
