/** From the options of `zico search` to the settings of a run. */
import type { Command } from 'commander';
import { badArguments } from '../asked/bad-arguments.ts';
import { asOption } from '../asked/called.ts';
import { assertFitting, type SessionAsked, type SizesAsked } from '../asked/search.ts';
import { engineWishes, precisionWishes } from '../common/engines.ts';
import { settingKeys, type SearchSettings } from '../common/settings/index.ts';
import { measuringRanges } from '../common/phone-settings.ts';
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
export interface SearchOptions extends SearchPhoneOptions, SessionAsked, SizesAsked {
  readonly [setting: string]: unknown;
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
  const given = {
    ...typed,
    ...(latency && { latency: kindOf(latency) }),
    ...(!onPhone && options.repeats !== undefined && { repeats: options.repeats }),
    ...(onPhone && { phone: phoneSettings(latency, options, stored?.phone ?? undefined) }),
  };
  assertFitting(given, stored, asOption);
  return given;
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

/** Throws `bad-arguments` where --resume has no run to go on with. */
export function runToResume(options: SearchOptions): string {
  if (options.run !== undefined) return options.run;
  throw badArguments('--resume needs the run to continue.', 'Add --run FILE.');
}
