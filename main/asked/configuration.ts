/** Everything that a search can be asked for, in a file or by a program: one table, one schema. */
import { z } from 'zod';
import { engineWishes, precisionWishes } from '../common/engines.ts';
import { defaultPhoneSettings, phoneSettingsSchema } from '../common/phone-settings.ts';
import type { PhoneSettings } from '../common/phone-settings.ts';
import { wholeIn, workersRange } from '../common/ranges.ts';
import {
  defaultSearchSettings,
  searchSettings,
  searchSettingsSchema,
  settingKeys,
  type SearchSettings,
  type SettingKey,
} from '../common/settings/index.ts';
import { WorkbenchError } from '../errors.ts';
import {
  assertBudget,
  assertLatencyLimit,
  assertPhoneSettings,
  assertSearchMethod,
} from '../search/settings-checks.ts';
import type { Called } from './called.ts';
import { nearest } from './nearest.ts';
import { assertFitting, newRunSettings, type SessionAsked, type SizesAsked } from './search.ts';

/** The version of the file format, not of the product. */
export const configurationVersion = 1;

/** A search as a program asks for it; what is left out takes the value of a new run. */
export interface SearchAsked
  extends Partial<Omit<SearchSettings, 'phone'>>, SessionAsked, SizesAsked {
  /** If `latency` is `phone`: settings of the measurement that differ from the defaults. */
  readonly phone?: Partial<PhoneSettings> | null;
  /** The run file; by default a new one in ./runs. */
  readonly run?: string | undefined;
}

const side = z.number().int().min(1).max(65_536);
const size = z.tuple([side, side]);

const sessionShape = {
  engine: z.enum(engineWishes),
  precision: z.enum(precisionWishes),
  threads: wholeIn(workersRange),
  workers: z.union([wholeIn(workersRange), z.literal('auto')]),
  scoringSize: size,
  deploymentSize: size,
  run: z.string().min(1),
};

const words: Readonly<Record<keyof typeof sessionShape, string>> = {
  engine: 'What computes all scores.',
  precision: 'Arithmetic of convolutions.',
  threads: 'Threads of scoring, shared by its processes.',
  workers: 'Scoring processes that share the threads; auto measures.',
  scoringSize: 'Height and width of the images for scoring.',
  deploymentSize: 'Height and width of the images deployed for: MACs, latency, export.',
  run: 'The run file; by default a new one in ./runs.',
};

/** The explanation that an editor shows for the key. */
function about(key: SettingKey): string {
  const { option, field } = searchSettings[key];
  return option?.help ?? field.about ?? field.label;
}

const described = (schema: z.ZodType, text: string) => schema.optional().describe(text);

/** All settings except the one in which a run records how it started. */
export const askedKeys = settingKeys.filter((key) => key !== 'takenOver');

/** The schema of configuration files, and of what a program asks for. */
export const configurationSchema = z.strictObject({
  $schema: z.string().optional().describe('Where editors find the schema of this file.'),
  version: z
    .literal(configurationVersion)
    .optional()
    .describe('Version of this format; absent: the first.'),
  ...Object.fromEntries(
    askedKeys.map((key) => [
      key,
      described(
        key === 'phone'
          ? phoneSettingsSchema.partial().nullable()
          : searchSettingsSchema.shape[key],
        about(key),
      ),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(sessionShape).map(([key, schema]) => [
      key,
      described(schema, words[key as keyof typeof sessionShape]),
    ]),
  ),
});

/** The keys that are settings of a run; phone settings are completed by the defaults. */
export function settingsAsked(asked: SearchAsked): Partial<SearchSettings> {
  const { latency, phone } = asked;
  const given = Object.fromEntries(
    askedKeys.flatMap((key) =>
      key === 'phone' || asked[key] === undefined ? [] : [[key, asked[key]]],
    ),
  ) as Partial<SearchSettings>;
  if (phone === null) return { ...given, phone };
  if (phone === undefined && latency !== 'phone') return given;
  return { ...given, phone: { ...defaultPhoneSettings, ...phone } };
}

/** For each error of a check of settings, the keys that it may name: it names the first one given. */
const concerned: Readonly<Record<string, readonly SettingKey[]>> = {
  'no-budget': ['candidates', 'seconds', 'generations'],
  'no-latency-to-limit': ['maxLatencyMs'],
  'phone-settings': ['phone', 'latency'],
  'search-settings': ['settledPercent', 'generations', 'inFlight', 'search'],
};

/**
 * Throws `bad-arguments`, `no-budget`, `no-latency-to-limit`, `phone-settings`, `search-settings` where settings of a
 * new run contradict one another, naming one of them. Default values contradict nothing, because whoever writes
 * down all settings writes those as well.
 */
export function assertConsistent(given: Partial<SearchSettings>, called: Called): void {
  const meant = Object.fromEntries(
    Object.entries(given).filter(
      ([key, value]) => value !== null && value !== defaultSearchSettings[key as SettingKey],
    ),
  ) as Partial<SearchSettings>;
  const { search, latency } = given;
  const deciding = { ...(search && { search }), ...(latency && { latency }) };
  assertFitting({ ...meant, ...deciding }, undefined, called);
  const settings = newRunSettings(given);
  for (const check of [assertBudget, assertLatencyLimit, assertPhoneSettings, assertSearchMethod]) {
    try {
      check(settings);
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      const key = concerned[error.code]?.find((one) => (given[one] ?? null) !== null);
      if (key === undefined) throw error;
      throw new WorkbenchError(error.code, `${called(key)}: ${error.message}`, error.hint);
    }
  }
}

/** What is wrong with one key. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Every key that is unknown or has an invalid value. */
export function configurationFaults(value: unknown): readonly Fault[] {
  const read = configurationSchema.safeParse(value);
  return read.success ? [] : read.error.issues.flatMap(faultsOfIssue);
}

function faultsOfIssue(issue: z.core.$ZodIssue): Fault[] {
  const { path, message } = issue;
  if (issue.code !== 'unrecognized_keys') {
    const named = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
    return [{ path, message: `${named}${message}.` }];
  }
  return issue.keys.map((key) => {
    const near = path.length === 0 ? nearest(key, keys) : null;
    const at = [...path, key];
    const guess = near === null ? '' : ` Did you mean ${near}?`;
    return { path: at, message: `${at.map(String).join('.')} is not a key of it.${guess}` };
  });
}

const keys = Object.keys(configurationSchema.shape);

/** Throws `bad-arguments` naming every key of what a program asks for that is wrong. */
export function checkedSearch(value: unknown): SearchAsked {
  const faults = configurationFaults(value);
  if (faults.length === 0) return value as SearchAsked;
  throw new WorkbenchError(
    'bad-arguments',
    faults.map(({ message }) => message).join(' '),
    'docs/library.md lists what a search can be asked for.',
  );
}
