/** Turns the description of a setting into an option of `zico search`, and what was typed back into a value. */
import path from 'node:path';
import { Option } from 'commander';
import { latencyKinds } from '../common/latency-sources.ts';
import { objectiveAsText } from '../common/objectives.ts';
import { proxiesAsText } from '../common/proxies.ts';
import type { Setting, SettingOption } from '../common/settings/describe.ts';
import {
  searchSettings,
  settingKeys,
  type SearchSettings,
  type SettingKey,
} from '../common/settings/index.ts';
import { latencyHelp, typedLatency, type TypedLatency } from './latency-option.ts';
import {
  decimal,
  typedDuration,
  objectiveList,
  oneOf,
  percentage,
  positive,
  proxyList,
  wholeNumber,
} from './options.ts';

type Parser = (text: string) => unknown;

const readers: Readonly<Record<NonNullable<SettingOption['reads']>, Parser>> = {
  duration: typedDuration,
  path: (text) => text,
  'latency-source': typedLatency(latencyKinds),
  size: wholeNumber({ min: 1 }, true),
  objective: (text) => objectiveAsText(objectiveList(text)),
  proxies: (text) => proxiesAsText(proxyList(text)),
  percent: percentage,
};

function parserOf(setting: Setting): Parser | null {
  const reads = setting.option?.reads;
  if (reads !== undefined) return readers[reads];
  switch (setting.kind) {
    case 'choice':
      return oneOf(setting.choices.map(({ value }) => value));
    case 'number': {
      const { from = 0, to, whole, above } = setting.range;
      if (above === 0) return positive;
      const range = { min: from, ...(to !== undefined && { max: to }) };
      return whole ? wholeNumber(range) : decimal(range);
    }
    case 'custom':
      return null;
  }
}

/**
 * The option of a setting; null if it has none. It has no default in commander's sense, so that a resume can tell
 * what was typed; the help states the value of a new run in words.
 * @param otherwise the default to state for a command that starts no run
 */
export function optionOf(key: SettingKey, otherwise?: string): Option | null {
  const setting = searchSettings[key];
  if (setting.option === null) return null;
  const { flags, leftOut, reads, alone } = setting.option;
  const sources = reads === 'latency-source' ? `: ${latencyHelp(latencyKinds)}` : '';
  const help = `${setting.option.help}${sources}`;
  const { initial } = setting;
  const plain = typeof initial === 'string' || typeof initial === 'number' ? String(initial) : null;
  const usual = otherwise ?? leftOut ?? plain;
  const option = new Option(flags, usual === null ? help : `${help} (default: ${usual})`);
  if (alone !== undefined) option.preset(String(alone));
  const parser = parserOf(setting);
  return parser === null ? option : option.argParser(parser);
}

/** Settings as typed: the latency may also name phones. */
export type TypedSettings = Partial<Omit<SearchSettings, 'latency'>> & {
  readonly latency?: TypedLatency;
};

/** The settings that were typed; others are absent. */
export function typedSettings(options: object): TypedSettings {
  const values = options as Readonly<Record<string, unknown>>;
  const typed = settingKeys.flatMap((key) => {
    const option = optionOf(key);
    const value = option === null ? undefined : values[option.attributeName()];
    if (value === undefined) return [];
    // A resume may run in another working directory.
    const isPath = searchSettings[key].option?.reads === 'path' && typeof value === 'string';
    return [[key, isPath ? path.resolve(value) : value]];
  });
  // Safe: each value comes from the parser of its option.
  return Object.fromEntries(typed) as TypedSettings;
}
