/** Turns what is asked of a search into one that begins, or into one that goes on. */
import { open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ensureFolder, writeError } from '../atomic-write.ts';
import type { EngineWish } from '../common/engines.ts';
import {
  isEstimate,
  latencyKinds,
  latencyTraits,
  type LatencyKind,
} from '../common/latency-sources.ts';
import type { DeployedPrecision } from '../common/precisions.ts';
import { presetWith, variesBy } from '../common/presets.ts';
import {
  defaultSearchSettings,
  type PresetValues,
  type SearchSettings,
} from '../common/settings/index.ts';
import { generationalDefaults } from '../common/settings/method.ts';
import type { PrecisionWish } from '../engine/precision.ts';
import { WorkbenchError } from '../errors.ts';
import { assertSameSettings, largerBudget } from '../search/settings-checks.ts';
import type { RunInfo } from '../run/run-store.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { withResolution } from '../space/index.ts';
import type { Warning } from '../warning.ts';
import { estimateWarning } from '../workbench/estimate-range.ts';
import { badArguments } from './bad-arguments.ts';
import type { Called } from './called.ts';
import type { RunContents } from '../workbench/run-contents.ts';
import { readRun } from './run-contents.ts';
import { assertSearched } from './same-networks.ts';
import { closeSpace, codeOf, isSpaceFile, spaceAsked } from './space-asked.ts';
import type {
  AskedServices,
  AskedRunningSearch,
  SearchListener,
  SessionOptions,
} from './services.ts';

/** How a session computes; of this, only the engine is kept with a run. */
export interface SessionAsked {
  readonly engine?: EngineWish | undefined;
  readonly precision?: PrecisionWish | undefined;
  /** Of all scoring processes together. */
  readonly threads?: number | undefined;
  /** Scoring processes; `auto`, the default, measures how many are fastest. */
  readonly workers?: number | 'auto' | undefined;
}

export interface NewSession extends SessionAsked {
  /** Run file whose candidates the search begins with. */
  readonly from?: string | undefined;
}

/** Sizes of images, height and width, in place of the space's. */
export interface SizesAsked {
  readonly scoringSize?: readonly [number, number] | undefined;
  readonly deploymentSize?: readonly [number, number] | undefined;
}

/**
 * Throws `bad-arguments` if settings are given that mean nothing together with others.
 * @param stored the run's, on a resume
 */
export function assertFitting(
  given: Readonly<Partial<SearchSettings>>,
  stored: SearchSettings | undefined,
  called: Called,
): void {
  const source = given.latency ?? stored?.latency ?? defaultSearchSettings.latency;
  if (latencyTraits[source].by !== 'measuring') {
    const meaningless =
      given.intervalPercent !== undefined
        ? 'intervalPercent'
        : given.repeats !== undefined
          ? 'repeats'
          : given.hostRunner !== undefined
            ? 'hostRunner'
            : null;
    if (given.latencyPrecision !== undefined) {
      throw badArguments(
        `${called('latencyPrecision')} applies to measured latencies; ${source} is not measured.`,
        precisionHint(source, given.latencyPrecision, called),
      );
    }
    if (meaningless !== null) {
      throw badArguments(
        `${called(meaningless)} applies to measured latencies; ${source} is not measured.`,
        `Leave it out, or search with ${called('latency')} host or phone.`,
      );
    }
  }
  const method = given.search ?? stored?.search ?? 'nsga2';
  const { population, generations } = given;
  if (method !== 'nsga2' && (population ?? generations) !== undefined) {
    throw badArguments(
      `${called(population === undefined ? 'generations' : 'population')} is for nsga2; a ${method} search chooses one network at a time.`,
      `Leave it out and limit the candidates or the time, or search with ${called('search')} nsga2.`,
    );
  }
}

/** What to do instead: each estimate is for one precision, which its name says. */
export function precisionHint(
  source: LatencyKind,
  precision: DeployedPrecision,
  called: Called,
): string {
  const base = source.replace(/-int8$/, '');
  const named = precision === 'int8' ? [`${base}-int8`, 'predicted-s10-cpu-int8'] : [base];
  const estimate = precision === 'float16' ? undefined : named.find((one) => isEstimateNamed(one));
  const measured = `measure with ${called('latency')} host or phone`;
  return estimate === undefined
    ? `Leave it out, or ${measured}.`
    : `${estimate} estimates ${precision}; or ${measured}.`;
}

const isEstimateNamed = (name: string): boolean =>
  latencyKinds.some((kind) => kind === name && isEstimate(kind));

/**
 * The settings of a new run. It is one of NSGA-II if a setting is given that only NSGA-II has, and any limit that is
 * given replaces the default one.
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

export interface PreparedSearch {
  readonly space: DescribedSpace;
  readonly settings: SearchSettings;
  /** The preset that was named, and the values given in place of its own, which make it custom. */
  readonly preset: { readonly named: string; readonly overridden: readonly (keyof PresetValues)[] };
  /** What the person should read before anything is scored. */
  readonly warning: Warning | null;
}

/**
 * Settles the space and the settings of a new run, before anything is created for it.
 * @param known the space, if it need not be looked up by its name
 * Throws what reading the space throws, and `guided-without-genes`.
 */
export async function prepareSearch(
  given: Partial<SearchSettings>,
  { scoringSize, deploymentSize }: SizesAsked,
  known: DescribedSpace | null = null,
): Promise<PreparedSearch> {
  const complete = newRunSettings(given);
  const named = known ?? (await spaceAsked(complete.space));
  const space =
    scoringSize === undefined && deploymentSize === undefined
      ? named
      : withResolution(named, {
          ...(scoringSize && { scoring: [...scoringSize] }),
          ...(deploymentSize && { deployment: [...deploymentSize] }),
        });
  assertGenes(space, complete);
  const { task, scoringShape } = space;
  const facts = { task, scoringShape, varies: variesBy(space.depth) };
  const { preset, values, overridden } = presetWith(given, facts, defaultSearchSettings.preset);
  const settings = { ...complete, ...values, preset, space: space.name };
  return {
    ...{ space, settings },
    preset: { named: given.preset ?? 'custom', overridden },
    warning: await estimateWarning(space, settings.latency),
  };
}

/** Throws if the model of a guided search has nothing to go by: a space in code need not name genes. */
function assertGenes(space: DescribedSpace, { search }: SearchSettings): void {
  const code = codeOf(space);
  if (search !== 'guided' || code === null || space.genes.length > 0) return;
  throw new WorkbenchError(
    'guided-without-genes',
    `${code.file} names no genes, by which the model of a guided search goes.`,
    'Add genes and values to it, or search with nsga2 or random.',
  );
}

/** Begins a search, which reports to the listeners that it is given. */
export type Begin = (
  onEvent: SearchListener,
  heard: Pick<SessionOptions, 'onPhones' | 'opening' | 'adb' | 'farm'>,
) => Promise<AskedRunningSearch>;

/**
 * Begins a new run.
 * @param file by default a new one in ./runs
 * @param follow begins the search and follows it to its end
 * Throws what starting throws. A run whose limits allow no network could never go on, so it leaves no file.
 */
export async function newSearch<T>(
  services: Pick<AskedServices, 'startSearch'>,
  { settings, space }: Pick<PreparedSearch, 'settings' | 'space'>,
  file: string | undefined,
  session: NewSession,
  follow: (run: string, begin: Begin) => Promise<T>,
): Promise<T> {
  if (file !== undefined) await ensureFolder(path.dirname(path.resolve(file)));
  const run = file ?? (await reserveRunFile(settings, new Date()));
  const begin: Begin = (onEvent, heard) =>
    services.startSearch(settings, run, onEvent, { ...sessionOf(session), ...heard }, space);
  try {
    return await follow(run, begin);
  } catch (error) {
    // An empty file would keep its name from the next run.
    const infeasible = error instanceof WorkbenchError && error.code === 'no-feasible-network';
    if (infeasible || (file === undefined && (await isEmpty(run)))) await rm(run, { force: true });
    throw error;
  } finally {
    closeSpace(space);
  }
}

/**
 * Goes on with a run.
 * @param givenFor what was given, for a run with these settings
 * Throws `settings-contradict` if the run was begun with other settings, and what resuming throws.
 */
export async function resumedSearch<T>(
  services: Pick<AskedServices, 'resumeSearch' | 'openRunReadOnly'>,
  run: string,
  givenFor: (stored: SearchSettings) => Partial<SearchSettings>,
  session: SessionAsked,
  follow: (stored: RunContents, settings: SearchSettings, begin: Begin) => Promise<T>,
): Promise<T> {
  const stored = readRun(services, run);
  const { given, space } = await withSpaceNamed(givenFor(stored.info.settings), stored.info);
  const budget = largerBudget(stored.info.settings, given);
  const settings = { ...stored.info.settings, ...budget };
  assertSameSettings(settings, given);
  const { data: agreedData } = given;
  const begin: Begin = (onEvent, heard) => {
    const asked = { ...sessionOf(session), ...heard, agreedData, ...(space && { space }) };
    return services.resumeSearch(run, onEvent, asked, budget);
  };
  try {
    return await follow(stored, settings, begin);
  } finally {
    closeSpace(space);
  }
}

/**
 * What was given, with the name of the space in place of its file; and the space itself if its code is needed to go on.
 * Throws `space-contradicts` if the run searched another one, `space-code-changed`.
 */
async function withSpaceNamed(
  given: Partial<SearchSettings>,
  run: RunInfo,
): Promise<{ given: Partial<SearchSettings>; space: DescribedSpace | null }> {
  if (given.space === undefined || !isSpaceFile(given.space)) return { given, space: null };
  const named = await spaceAsked(given.space);
  try {
    await assertSearched(run, given.space, named);
  } catch (error) {
    closeSpace(named);
    throw error;
  }
  const space = codeOf(named) === null ? null : named;
  return { given: { ...given, space: run.settings.space }, space };
}

function sessionOf({
  threads,
  workers = 'auto',
  engine,
  precision,
  from,
}: NewSession): SessionOptions {
  return { threads: threads ?? null, workers, engine, precision, from };
}

/** True for a file that only reserves a name: no run was written to it. */
async function isEmpty(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => null);
  return stats?.size === 0;
}

/**
 * Reserves a free name, as an empty file, for a run that was given none: others may begin in the same second.
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

/** ./runs/SPACE-DATE-TIME-seedN.zico, local time; the second run of the same second ends in `-2`. */
export function defaultRunFile(settings: SearchSettings, now: Date, number = 1): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return path.join(
    'runs',
    `${settings.space}-${date}-${time}-seed${settings.seed}${number > 1 ? `-${number}` : ''}.zico`,
  );
}
