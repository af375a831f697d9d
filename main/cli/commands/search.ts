import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Command } from 'commander';
import { WorkbenchError } from '../../errors.ts';
import { ensureFolder } from '../../atomic-write.ts';
import type { Candidate } from '../../run/candidate.ts';
import type { ScoringPlan } from '../../engine/scoring-plan.ts';
import { assertSameSettings, largerBudget } from '../../search/settings-checks.ts';
import {
  defaultSearchSettings,
  type PresetValues,
  type SearchSettings,
} from '../../common/settings/index.ts';
import { presetWith, variesBy } from '../../common/presets.ts';
import { estimatesOf, type Estimates } from '../../search/guided/estimates.ts';
import { runInSlices } from '../../search/guided/slices.ts';
import type { RunInfo } from '../../run/run-store.ts';
import { spaceFrom, spaceOfRun, withResolution } from '../../space/index.ts';
import type { Genotype } from '../../space/space.ts';
import { warningInWords } from '../../warning.ts';
import { estimateWarning } from '../../workbench/estimate-range.ts';
import { countsOf } from '../../workbench/size-of.ts';
import type { DescribedSpace } from '../../space/described-space.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import type { DataProgress } from '../../common/data-progress.ts';
import { startTicker } from '../progress.ts';
import {
  addSearchOptions,
  givenSettings,
  newRunSettings,
  reserveRunFile,
  runToResume,
  type SearchOptions,
} from '../search-options.ts';
import { optionOf } from '../setting-option.ts';
import { withoutDigestInWords } from '../digest-warning.ts';
import { span } from '../table.ts';
import { searchProgress } from '../search-progress.ts';
import { searchReport, type Ended } from '../search-report.ts';
import type { CliServices, RunningSearch, SearchListener, SessionOptions } from '../services.ts';

/** `zico search`: the main job. Ctrl-C stops it cleanly; --resume goes on. */
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
  zico search --run runs/a.zico --resume --json
  zico search --run runs/a.zico --resume --candidates 800     (a larger budget than it began with)`,
    )
    .action((options: SearchOptions) => search(options, environment));
}

async function search(options: SearchOptions, environment: CliEnvironment): Promise<void> {
  const resumed = options.resume ? runToResume(options) : null;
  await withServices(environment, async (services) => {
    const ended =
      resumed === null
        ? await start(givenSettings(options), options, environment, services)
        : await resume(resumed, options, environment, services);
    await report(ended, options, environment, services);
  });
}

function sessionOf({
  threads,
  workers = 'auto',
  engine,
  precision,
}: SearchOptions): Omit<SessionOptions, 'onPhones' | 'opening'> {
  return { threads: threads ?? null, workers, engine, precision };
}

async function start(
  given: Partial<SearchSettings>,
  options: SearchOptions,
  environment: CliEnvironment,
  services: CliServices,
): Promise<Omit<Ended, 'space'>> {
  const named = newRunSettings(given);
  const space = await searchedSpace(named, options); // a mistyped name should not leave a folder behind
  const settings = { ...named, ...scoredBy(given, space, environment), space: space.name };
  const warning = await estimateWarning(space, settings.latency); // before anything is scored
  if (warning) environment.stderr.write(`warning: ${warningInWords(warning)}\n`);
  if (options.run !== undefined) await ensureFolder(path.dirname(path.resolve(options.run)));
  const run = options.run ?? (await reserveRunFile(settings, new Date()));
  const ended = await follow(run, settings, [], environment, (onEvent, heard) =>
    services.startSearch(settings, run, onEvent, { ...sessionOf(options), ...heard }, space),
  ).catch(async (error: unknown) => {
    // An empty run whose limits allow no network can never go on, and its name would be taken for the next.
    const infeasible = error instanceof WorkbenchError && error.code === 'no-feasible-network';
    if (infeasible || (options.run === undefined && (await isEmpty(run)))) {
      await rm(run, { force: true });
    }
    throw error;
  });
  return { run, ...ended };
}

/** How networks are scored: the preset, and what was given otherwise, which makes it custom and is said. */
function scoredBy(
  given: Partial<SearchSettings>,
  space: DescribedSpace,
  { stderr }: CliEnvironment,
): PresetValues & Pick<SearchSettings, 'preset'> {
  const facts = { ...space, varies: variesBy(space.depth) };
  const usual = defaultSearchSettings.preset;
  const { preset, values, overridden } = presetWith(given, facts, usual);
  const { preset: named = 'custom' } = given;
  if (named !== 'custom' && overridden.length > 0) {
    const options = overridden.map((key) => optionOf(key)?.long ?? key).join(', ');
    stderr.write(`${options} given otherwise than preset ${named} has it: the run says custom\n`);
  }
  return { ...values, preset };
}

/** True for a file that only reserves its name: no run was written into it. */
async function isEmpty(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => null);
  return stats?.size === 0;
}

/** The named or described space, with the sizes of images that were typed. */
async function searchedSpace(
  { space }: SearchSettings,
  { scoringSize, deploymentSize }: SearchOptions,
): Promise<DescribedSpace> {
  const named = await spaceFrom(space);
  if (scoringSize === undefined && deploymentSize === undefined) return named;
  return withResolution(named, {
    ...(scoringSize && { scoring: scoringSize }),
    ...(deploymentSize && { deployment: deploymentSize }),
  });
}

async function resume(
  run: string,
  options: SearchOptions,
  environment: CliEnvironment,
  services: CliServices,
): Promise<Omit<Ended, 'space'>> {
  const stored = readRun(services, run);
  const given = givenSettings(options, stored.info.settings);
  const budget = largerBudget(stored.info.settings, given);
  const settings = { ...stored.info.settings, ...budget };
  assertSameSettings(settings, given);
  const { data: agreedData } = given;
  const ended = await follow(run, settings, stored.candidates, environment, (onEvent, heard) => {
    const session = { ...sessionOf(options), ...heard, agreedData };
    return services.resumeSearch(run, onEvent, session, budget);
  });
  return { run, ...ended };
}

/** Runs a search to its end or to Ctrl-C, with progress on stderr. */
async function follow(
  run: string,
  settings: SearchSettings,
  earlier: readonly Candidate[],
  environment: CliEnvironment,
  begin: (
    onEvent: SearchListener,
    heard: Pick<SessionOptions, 'onPhones' | 'opening'>,
  ) => Promise<RunningSearch>,
): Promise<Omit<Ended, 'run' | 'space'>> {
  const { stderr, interrupted } = environment;
  const progress = searchProgress(settings, earlier, () => performance.now());
  const ticker = startTicker(stderr, () => progress.line());
  let scoring: ScoringPlan | null = null;
  let rejected = 0;
  let repaired = 0;
  const hear: SearchListener = (event) => {
    rejected = event.rejected ?? rejected;
    repaired = event.repaired ?? repaired;
    progress.hear(event);
    if (scoring === null && event.scoring?.note) ticker.note(event.scoring.note);
    scoring = event.scoring ?? scoring;
    if (event.candidate?.status === 'failed') {
      const { id, genotype, failure } = event.candidate;
      ticker.note(`candidate ${id} (${genotype}) failed: ${failure.message}`);
    }
    ticker.changed();
  };
  const said = new Map<string, string | null>();
  const hearPhones: NonNullable<SessionOptions['onPhones']> = (phones) => {
    for (const { serial, message, limitMs } of phones) {
      // The figures in such a message change all the time: each wait is reported once, until the phone works again.
      const reason = message?.replace(/[\d.]+/g, '') ?? null;
      if ((said.get(serial) ?? null) !== reason && message !== null) {
        ticker.note(`phone ${serial}: ${message} ${limitWords(limitMs)}`.trim());
      }
      said.set(serial, reason);
    }
  };
  let running: RunningSearch | null = null;
  const stop = () => {
    ticker.note('stopping; press Ctrl-C again to end at once');
    running?.stop();
  };
  interrupted.addEventListener('abort', stop, { once: true });
  try {
    const onProgress = (at: DataProgress) => {
      progress.opening(at);
      ticker.changed();
    };
    const opening = { signal: interrupted, onProgress };
    running = await begin(hear, { onPhones: hearPhones, opening });
    ticker.note(`run file ${run}`);
    if (interrupted.aborted) running.stop(); // while it was preparing
    const status = await running.finished;
    return { status, scoring, rejected, repaired };
  } finally {
    interrupted.removeEventListener('abort', stop);
    ticker.stop();
  }
}

function limitWords(limitMs: number | null): string {
  return limitMs === null ? '' : `(waiting for at most ${span(limitMs / 1000)})`;
}

/** In slices, so that Ctrl-C is heard. */
async function estimatesOfRun(
  info: RunInfo,
  candidates: readonly Candidate[],
): Promise<Estimates | null> {
  const space = spaceOfRun(info);
  const { settings } = info;
  const count = (genotype: Genotype) => countsOf(space, genotype);
  const computing = estimatesOf({ space, settings, candidates, count });
  return await runInSlices(computing, () => nextTurn());
}

function readRun(services: CliServices, run: string) {
  const reader = services.openRunReadOnly(run);
  try {
    const candidates = reader.candidates();
    const [extras, withoutDigest] = [reader.extras(), reader.withoutDigest()];
    return { info: reader.info(), candidates, extras, withoutDigest };
  } finally {
    reader.close();
  }
}

async function report(
  ended: Omit<Ended, 'space'>,
  options: SearchOptions,
  environment: CliEnvironment,
  services: CliServices,
): Promise<void> {
  const { info, candidates, extras, withoutDigest } = readRun(services, ended.run);
  const { settings, warnings } = info;
  const estimates =
    settings.search === 'guided' ? await estimatesOfRun(info, [...candidates, ...extras]) : null;
  const space = spaceOfRun(info).name;
  const { result, readable } = searchReport(
    { ...ended, space },
    settings,
    candidates,
    warnings,
    estimates,
  );
  const lines = () =>
    [readable(), ...withoutDigestInWords(withoutDigest, candidates.length)].join('\n');
  print(environment, options, { ...result, withoutDigest }, lines);
}
