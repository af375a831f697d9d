/** Turns the options of `zico search` into the settings of a run. */
import type { Command } from 'commander';
import { badArguments } from '../asked/bad-arguments.ts';
import { asOption, type Called } from '../asked/called.ts';
import type { ConfigurationFile } from '../asked/configuration-file.ts';
import { assertConsistent, settingsAsked } from '../asked/configuration.ts';
import { assertFitting, type SessionAsked, type SizesAsked } from '../asked/search.ts';
import { withoutAbsent } from '../asked/without-absent.ts';
import { presetKeys, settingKeys, type SearchSettings } from '../common/settings/index.ts';
import { measuringRanges } from '../common/phone-settings.ts';
import { addEngineOptions } from './engine-options.ts';
import { addFarmOptions, type FarmOptions } from './farm-options.ts';
import { isPhone, kindOf } from './latency-option.ts';
import {
  addPhoneOptions,
  hostRunner,
  phoneSettings,
  typedPhoneOption,
  type SearchPhoneOptions,
} from './phone-options.ts';
import { typedDuration, typedImageSize, oneOf, wholeNumberIn } from './options.ts';
import { optionOf, typedSettings } from './setting-option.ts';

/** Options as commander gives them, besides those that are settings (`typedSettings`). */
export interface SearchCommandOptions
  extends SearchPhoneOptions, SessionAsked, SizesAsked, FarmOptions {
  readonly [setting: string]: unknown;
  readonly farm?: string;
  readonly farmOnly?: boolean;
  readonly farmAny?: boolean;
  readonly from?: string;
  readonly run?: string;
  readonly resume?: boolean;
  readonly config?: string;
  /** True if no format is named. */
  readonly printConfig?: true | 'json' | 'yaml';
  readonly json?: boolean;
}

export function addSearchOptions(command: Command): Command {
  for (const key of settingKeys) {
    const option = optionOf(key);
    if (option) command.addOption(option);
    if (key === 'space') addSizeOptions(command);
  }
  addEngineOptions(command)
    .option(
      '--runs <n>',
      'on a phone: timed runs (default: 50)',
      wholeNumberIn(measuringRanges.runs),
    )
    .option(
      '--warm-up <n>',
      'on a phone: untimed runs before them (default: 10)',
      wholeNumberIn(measuringRanges.warmUp),
    )
    .option(
      '--phone-threads <n>',
      'on a phone: threads of the engine (default: 1)',
      wholeNumberIn(measuringRanges.threads),
    )
    .option(
      '--phone-model <name>',
      'phones of this model alone, such as SM-G973F: needed where a farm has several',
    )
    .option(
      '--away-limit <duration>',
      'on a phone: how long it may be unplugged before the search stops (default: 10m)',
      typedDuration,
    );
  addFarmOptions(
    addPhoneOptions(command)
      .option(
        '--farm <url>',
        'score on other computers too, and with --latency phone measure on their phones: Redis or Valkey of a farm (zico worker)',
      )
      .option('--farm-only', 'this computer only searches')
      .option(
        '--farm-any',
        'for screening: workers with another engine score too, and each score names its own',
      ),
  );
  return command
    .option('--run <file>', 'run file (default: a new one in ./runs)')
    .option(
      '--from <file>',
      'start with the candidates of another run, which are not scored again; space, images and scoring are as in that run',
    )
    .option('--resume', 'continue the run in --run with its settings')
    .option('--config <file>', 'settings from a .json or .yaml file, which options override')
    .option(
      '--print-config [format]',
      'print all settings as such a file, json or yaml, without searching',
      oneOf(['json', 'yaml']),
    )
    .option('--json', 'print JSON');
}

/** A search as it was asked for by options, and by a configuration that these override. */
export interface TypedSearch {
  readonly given: Partial<SearchSettings>;
  readonly session: SessionAsked & SizesAsked;
  readonly run: string | undefined;
}

/**
 * @param file the configuration, if one is named
 * @param stored the run's settings, on a resume: phone options that are not given stay as they were
 * Throws `bad-arguments` if phone options are given for another source, or contradict each other.
 */
export function typedSearch(
  options: SearchCommandOptions,
  file: ConfigurationFile | null,
  stored?: SearchSettings,
): TypedSearch {
  const configured = file === null ? {} : settingsAsked(file.asked);
  const typed = givenSettings(options, { ...stored, ...configured });
  // A preset that is typed overrides the configuration in everything that it decides.
  const decided = typed.preset === undefined ? [] : presetKeys;
  const kept = Object.entries(configured).filter(([key]) => !decided.some((one) => one === key));
  const given = { ...(Object.fromEntries(kept) as Partial<SearchSettings>), ...typed };
  const called: Called = (name) =>
    file === null || Object.hasOwn(typed, name) ? asOption(name) : file.called(name);
  if (file !== null && stored === undefined) assertConsistent(given, called);
  else if (file === null) assertFitting(given, stored, called);
  return { given, ...typedSession(options, file) };
}

/** The options of a session: those that are not settings of the run. */
export function typedSession(
  options: SearchCommandOptions,
  file: ConfigurationFile | null,
): Pick<TypedSearch, 'session' | 'run'> {
  const { run, engine, precision, threads, workers, scoringSize, deploymentSize } = {
    ...file?.asked,
    ...withoutAbsent(options),
  } as SearchCommandOptions;
  return { run, session: { engine, precision, threads, workers, scoringSize, deploymentSize } };
}

/**
 * The settings that were typed. Data paths become absolute, because a resume may run in another working directory.
 * @param base used for options that were not typed: the settings of a run or of a configuration
 * Throws `bad-arguments` if phone options are typed for another source.
 */
export function givenSettings(
  options: SearchCommandOptions,
  base: Partial<SearchSettings> = {},
): Partial<SearchSettings> {
  const { latency, ...typed } = typedSettings(options);
  const searched = latency ?? base.latency;
  const onPhone = searched !== undefined && isPhone(searched);
  const odd = onPhone ? null : typedPhoneOption(options);
  if (odd !== null) {
    throw badArguments(`${odd} is for phones.`, 'Leave it out, or search with --latency phone.');
  }
  const onHost = hostRunner(options, searched === 'host', searched ?? 'macs');
  return {
    ...typed,
    ...(latency && { latency: kindOf(latency) }),
    ...(onHost && { hostRunner: onHost }),
    ...(!onPhone && options.repeats !== undefined && { repeats: options.repeats }),
    ...(onPhone && { phone: phoneSettings(latency, options, base.phone ?? undefined) }),
  };
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

/** Throws `bad-arguments` if --resume is given without a run. */
export function runToResume(run: string | undefined): string {
  if (run !== undefined) return run;
  throw badArguments('--resume needs the run to continue.', 'Add --run FILE.');
}
