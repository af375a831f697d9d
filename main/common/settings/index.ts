/**
 * Everything that decides the outcome of a search: stored with the run, and compared between runs. A setting is
 * one entry in one of the tables below; whatever reads settings goes through `searchSettings`.
 */
import { z } from 'zod';
import { budgetSettings } from './budget.ts';
import type { NumberSetting, Setting } from './describe.ts';
import { latencySettings } from './latency.ts';
import { limitSettings } from './limits.ts';
import { methodSettings } from './method.ts';
import { networkSettings } from './networks.ts';
import { scoreSettings } from './score.ts';

const table = {
  ...networkSettings,
  ...latencySettings,
  ...methodSettings,
  ...budgetSettings,
  ...scoreSettings,
  ...limitSettings,
};
type Table = typeof table;

export type SettingKey = keyof Table;
/** Every setting by its key, in the order in which run files and JSON have them. */
export const searchSettings: Readonly<Record<SettingKey, Setting>> = table;
export const settingKeys = Object.keys(table) as SettingKey[];

/** A record with a value for every setting. */
function forEachSetting<Value>(
  value: (setting: Setting, key: SettingKey) => Value,
): Record<SettingKey, Value> {
  const entries = settingKeys.map((key) => [key, value(searchSettings[key], key)]);
  return Object.fromEntries(entries) as Record<SettingKey, Value>;
}

type Schemas = { [Key in SettingKey]: Table[Key]['schema'] };

export const searchSettingsSchema = z.strictObject(
  forEachSetting(({ schema }): z.ZodType => schema) as unknown as Schemas,
);
export type SearchSettings = z.infer<typeof searchSettingsSchema>;

const decidedByPreset = {
  ...({ beta: true, termCap: true, biasSize: true, biasLayers: true } as const),
  ...({ batches: true, batchSize: true, weights: true } as const),
};
/** What a preset decides (common/presets.ts). */
export const presetValuesSchema = searchSettingsSchema.pick(decidedByPreset);
export type PresetValues = z.infer<typeof presetValuesSchema>;
export const presetKeys = Object.keys(decidedByPreset) as (keyof PresetValues)[];

/** Settings as stored in run files: what an older file lacks is read as the behaviour of runs at the time. */
export const storedSettingsSchema = z.strictObject(
  forEachSetting(({ schema, before }) => {
    const any: z.ZodType = schema;
    return before === undefined ? any : any.default(before);
  }),
) as unknown as z.ZodType<SearchSettings>;

export const defaultSearchSettings = forEachSetting(
  ({ initial }): unknown => initial,
) as SearchSettings;

/** Settings that are numbers in text fields of the form. */
export type NumberKey = {
  [Key in SettingKey]: Table[Key] extends NumberSetting ? Key : never;
}[SettingKey];

export function isNumberKey(key: SettingKey): key is NumberKey {
  return searchSettings[key].kind === 'number';
}

export function numberSettingOf(key: NumberKey): NumberSetting {
  return table[key];
}

/** Explanations of the terms in the form, by setting. */
export const settingExplanations = forEachSetting(({ field }) => field.about ?? '');

/** A run's settings in words, one entry for each that has any; the seed comes last. */
export function settingsInWords(settings: SearchSettings): string[] {
  const keys = settingKeys;
  const ordered = [
    ...keys.filter((key) => key !== 'seed'),
    ...keys.filter((key) => key === 'seed'),
  ];
  return ordered.flatMap((key) => {
    const setting = searchSettings[key] as {
      words?(value: unknown, all: SearchSettings): string | null;
    };
    const said = setting.words?.(settings[key], settings) ?? null;
    return said === null ? [] : [said];
  });
}
