import type { Command } from 'commander';
import {
  printedConfiguration,
  readConfiguration,
  type ConfigurationFile,
} from '../../asked/configuration-file.ts';
import { readRun } from '../../asked/run-contents.ts';
import { estimatesOfRun } from '../../workbench/run-contents.ts';
import { searchResult } from '../../asked/search-result.ts';
import {
  newSearch,
  prepareSearch,
  resumedSearch,
  type PreparedSearch,
} from '../../asked/search.ts';
import type { AskedServices } from '../../asked/services.ts';
import type { SearchSettings } from '../../common/settings/index.ts';
import { spaceOfRun } from '../../space/index.ts';
import { settingsTakenOver } from '../../workbench/taken-over.ts';
import { warningInWords } from '../../warning.ts';
import { followSearch, type Followed } from '../follow-search.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { farmAccess } from '../farm-options.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import type { FarmWish } from '../../workbench/farm-wish.ts';
import {
  addSearchOptions,
  runToResume,
  typedSearch,
  typedSession,
  type SearchCommandOptions,
  type TypedSearch,
} from '../search-options.ts';
import { optionOf } from '../setting-option.ts';
import { withoutDigestInWords } from '../digest-warning.ts';
import { searchInWords } from '../search-report.ts';

/** `zico search`: runs a search. Ctrl-C stops it cleanly; --resume continues it. */
export function addSearchCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('search')
    .description('search a space for networks with a high score and a low latency');
  addSearchOptions(command)
    .addHelpText(
      'after',
      `
Every finished candidate is in the run file before it counts: after Ctrl-C or a crash the same command
with --resume goes on. A second Ctrl-C ends at once.

On phones, scoring and measuring overlap; phones of one model share a queue. A phone that is hot, asleep,
locked or low on battery is waited for (--wait-limit), one that is unplugged as well (--away-limit), and what
it had begun is measured again, by it or by another. A phone measures for one search at a time.

Examples:
  zico search
  zico search --latency macs --population 40 --candidates 400 --seed 7 --run runs/a.zico
  zico search --latency phone --candidates 200
  zico search --latency phone:R58M123ABC,R58M456DEF --core mid --away-limit 1h
  zico search --config search.yaml --seed 8
  zico search --candidates 60 --print-config yaml > search.yaml
  zico search --from runs/a.zico --latency phone --candidates 300     (nothing of a.zico is scored again)
  zico search --run runs/a.zico --resume --json
  zico search --run runs/a.zico --resume --candidates 800     (a larger budget than it started with)`,
    )
    .action((options: SearchCommandOptions) => search(options, environment));
}

async function search(options: SearchCommandOptions, environment: CliEnvironment): Promise<void> {
  const file = options.config === undefined ? null : await readConfiguration(options.config);
  if (options.printConfig !== undefined) {
    await printConfig(options, file, environment);
    return;
  }
  const resumed = options.resume ? runToResume(options.run ?? file?.asked.run) : null;
  await withServices(environment, async (services) => {
    const ended =
      resumed === null
        ? await start(typedSearch(options, file), options, environment, services)
        : await resume(resumed, options, file, environment, services);
    await report(ended, options, environment, services);
  });
}

async function farmOf(options: SearchCommandOptions): Promise<FarmWish | null> {
  const { farm, farmOnly = false, farmAny = false } = options;
  if (farm !== undefined) {
    return { access: await farmAccess(farm, options), only: farmOnly, any: farmAny };
  }
  const odd = farmOnly ? '--farm-only' : farmAny ? '--farm-any' : null;
  if (odd === null) return null;
  throw badArguments(`${odd} is for searches on a farm.`, 'Add --farm URL, or leave it out.');
}

/** Prints every setting with the value it would have in a search with these options. */
async function printConfig(
  options: SearchCommandOptions,
  file: ConfigurationFile | null,
  environment: CliEnvironment,
): Promise<void> {
  const { given, session, run } = typedSearch(options, file);
  const { settings } = await prepareSearch(given, session);
  const asked = options.config !== undefined && /\.ya?ml$/i.test(options.config) ? 'yaml' : 'json';
  const format = options.printConfig === true ? asked : options.printConfig!;
  const space = given.space ?? settings.space;
  environment.stdout(printedConfiguration(settings, space, { ...session, run }, format));
}

async function start(
  { given, session, run: file }: TypedSearch,
  options: SearchCommandOptions,
  environment: CliEnvironment,
  services: AskedServices,
): Promise<Followed> {
  const farm = await farmOf(options);
  // Prepared before the folder is made: a mistyped name should not leave one behind.
  const prepared = await preparedFor(given, session, options, services);
  const { settings, warning } = prepared;
  sayOverridden(prepared, environment);
  if (warning) environment.stderr.write(`warning: ${warningInWords(warning)}\n`);
  return await newSearch(
    services,
    prepared,
    file,
    { ...session, from: options.from },
    async (run, begin) => ({
      run,
      ...(await followSearch(run, settings, [], environment, begin, farm)),
    }),
  );
}

/** With --from, settings that are not typed are taken from that run. */
async function preparedFor(
  given: Partial<SearchSettings>,
  sizes: TypedSearch['session'],
  { from }: SearchCommandOptions,
  services: AskedServices,
): Promise<PreparedSearch> {
  if (from === undefined) return await prepareSearch(given, sizes);
  const { info } = readRun(services, from);
  const { data } = info.settings;
  if (data !== null && given.data === undefined) {
    throw badArguments(
      `That run was scored with the images in ${data}.`,
      'Name them with --data: a run file alone does not decide what is read.',
    );
  }
  const settings = { ...settingsTakenOver(info.settings, given), ...given };
  const sameSpace = given.space === undefined || given.space === info.settings.space;
  return await prepareSearch(settings, sizes, sameSpace ? spaceOfRun(info) : null);
}

/** Says that the preset has become `custom` because options override it. */
function sayOverridden({ preset }: PreparedSearch, { stderr }: CliEnvironment): void {
  const { named, overridden } = preset;
  if (named === 'custom' || overridden.length === 0) return;
  const options = overridden.map((key) => optionOf(key)?.long ?? key).join(', ');
  stderr.write(`${options} differ from preset ${named}: the run says custom\n`);
}

async function resume(
  run: string,
  options: SearchCommandOptions,
  file: ConfigurationFile | null,
  environment: CliEnvironment,
  services: AskedServices,
): Promise<Followed> {
  const farm = await farmOf(options);
  const given = (stored: SearchSettings) => typedSearch(options, file, stored).given;
  const { session } = typedSession(options, file);
  return resumedSearch(services, run, given, session, async (stored, settings, begin) => ({
    run,
    ...(await followSearch(run, settings, stored.candidates, environment, begin, farm)),
  }));
}

async function report(
  ended: Followed,
  options: SearchCommandOptions,
  environment: CliEnvironment,
  services: AskedServices,
): Promise<void> {
  const contents = readRun(services, ended.run);
  const { info, candidates, withoutDigest } = contents;
  const estimates = await estimatesOfRun(contents);
  const result = searchResult(ended, contents, estimates);
  const words = () =>
    searchInWords(result, spaceOfRun(info).name, candidates, { estimates, ...ended });
  const lines = () =>
    [words(), ...withoutDigestInWords(withoutDigest, candidates.length)].join('\n');
  print(environment, options, result, lines);
}
