/**
 * The search form: what a person typed, as text, and the settings that result from it. Validation gives every
 * faulty field one sentence that says what would be valid, and a value to offer where one is near.
 */
import { mostNameLength, unfitCharacter, withoutUnfit } from '../../../main/common/file-names.ts';
import type { EngineWish, PrecisionWish, ScoringWish } from '../../../main/common/engines.ts';
import { suffixFactors } from '../../../main/common/figures.ts';
import { defaultPhoneSettings } from '../../../main/common/phone-settings.ts';
import type { FarmChoice } from '../../../preload/contract.ts';
import type { NumberSetting } from '../../../main/common/settings/describe.ts';
import {
  isNumberKey,
  presetKeys,
  numberSettingOf,
  searchSettings,
  settingKeys,
  type NumberKey,
  type PresetValues,
  type SearchSettings,
  type SettingKey,
} from '../../../main/common/settings/index.ts';
import {
  defaultInFlight,
  generational,
  usualCandidates,
} from '../../../main/common/settings/method.ts';
import { formText } from './text.ts';
import { readSize } from '../../spaces/editor/space-form.ts';

/** Numbers as typed, everything else as the settings have it. */
type SettingValues = {
  [Key in SettingKey]: Key extends NumberKey ? string : SearchSettings[Key];
};

/** Fields of the form that are not settings of the run. */
interface OtherValues {
  name: string;
  /** Size of the images that are scored; empty for the space's own. */
  scoringSize: string;
  engine: EngineWish;
  precision: PrecisionWish;
  /** `auto` or a number. */
  workers: string;
  /** Which computers score. */
  computers: 'here' | 'both' | 'farm';
  /** Of the farm: that of this computer, or any. */
  engines: 'same' | 'any';
}

export type FormValues = SettingValues & OtherValues;
export type FormField = keyof FormValues;

export interface FieldError {
  readonly message: string;
  /** A valid value near the one typed. */
  readonly offer: string | null;
}

export type FormErrors = Partial<Record<FormField, FieldError>>;

export type FormResult =
  | { readonly ok: true; readonly settings: SearchSettings }
  | { readonly ok: false; readonly errors: FormErrors };

function isSetting(field: FormField): field is SettingKey {
  return field in searchSettings;
}

export function labelOf(field: FormField): string {
  return isSetting(field) ? searchSettings[field].field.label : formText[field];
}

const numberKeys = settingKeys.filter(isNumberKey);

/** The factor between a setting's value and the number in its field: 60 for minutes of a setting in seconds. */
const unitOf = (key: NumberKey): number => numberSettingOf(key).field.unit ?? 1;

function typedNumber(key: NumberKey, value: number | null): string {
  return value === null ? '' : String(value / unitOf(key));
}

export function formOf(settings: SearchSettings, name: string): FormValues {
  const numbers = numberKeys.map((key) => [key, typedNumber(key, settings[key])]);
  return {
    ...(settings as Omit<SearchSettings, NumberKey>),
    ...(Object.fromEntries(numbers) as Record<NumberKey, string>),
    ...{ name, scoringSize: '', engine: 'auto', precision: 'auto', workers: 'auto' },
    ...{ computers: 'here', engines: 'same' },
  };
}

/** What a preset says, as the form has it. */
export function presetFields(values: PresetValues): Partial<FormValues> {
  const fields = presetKeys.map((key) => [
    key,
    isNumberKey(key) ? typedNumber(key, values[key]) : values[key],
  ]);
  return Object.fromEntries(fields) as Partial<FormValues>;
}

/** Whether the form still says what the preset does; a number may be written otherwise. */
export function isPreset(values: FormValues, preset: PresetValues): boolean {
  return presetKeys.every((key) => {
    if (!isNumberKey(key)) return values[key] === preset[key];
    return read(values[key], numberSettingOf(key)) === preset[key];
  });
}

export function decidedByPreset(field: FormField): boolean {
  return (presetKeys as readonly string[]).includes(field);
}

/** How a farm is used; null where this computer scores alone. */
export function farmChoiceOf({ computers, engines }: FormValues): FarmChoice | null {
  return computers === 'here' ? null : { only: computers === 'farm', any: engines === 'any' };
}

/** How to score, where it is not left to the app; not part of what a search finds. */
export function scoringWish({ engine, workers, precision }: FormValues): ScoringWish | null {
  // The choice is hidden with onnxruntime; its value returns with the other engine.
  const named = precision === 'float32' || (precision !== 'auto' && engine !== 'onnxruntime');
  if (engine === 'auto' && workers === 'auto' && !named) return null;
  return {
    engine,
    workers: workers === 'auto' ? workers : Number(workers),
    ...(named && { precision }),
  };
}

/** Reads "32", "1.5", "1,000", "500 k", "1.5M"; NaN for anything else. */
export function parseNumber(typed: string): number {
  const match = /^([+-]?(?:\d[\d,_ ]*)?(?:\.\d+)?)\s*([kmg]?)$/i.exec(typed.trim());
  const digits = match?.[1]?.replace(/[,_ ]/g, '') ?? '';
  if (!match || !/\d/.test(digits)) return NaN;
  return Number((Number(digits) * (suffixFactors[match[2]!.toLowerCase()] ?? NaN)).toPrecision(15));
}

/** The number in a field, in its unit: null for an empty optional one, or what is wrong with it. */
function read(
  typed: string,
  { range, optional, field }: NumberSetting,
): number | null | FieldError {
  const message = field.fault;
  if (typed.trim() === '') return optional ? null : { message, offer: null };
  const value = parseNumber(typed);
  if (Number.isNaN(value)) return { message, offer: null };
  const from = field.from ?? range.from ?? -Number.MAX_SAFE_INTEGER;
  const to = field.to ?? range.to ?? Number.MAX_SAFE_INTEGER;
  const inside = Math.min(to, Math.max(from, range.whole ? Math.round(value) : value));
  if (inside === value) return value;
  return { message, offer: String(Number(inside.toPrecision(12))) };
}

function isHidden(key: SettingKey, values: FormValues): boolean {
  const { shownFor } = searchSettings[key].field;
  return shownFor !== undefined && !shownFor(values);
}

/** What a number is whose field is hidden. */
function unshownValue(typed: string, setting: NumberSetting): number | null {
  const { unshown, initial, field } = setting;
  const usual = unshown === undefined ? initial : unshown;
  if (!field.keptUnshown) return usual;
  const value = read(typed, setting);
  // Nobody could mend a field that is not there.
  return typeof value === 'object' && value !== null ? usual : value;
}

function readAll(values: FormValues) {
  const errors: FormErrors = {};
  const numbers = {} as Record<NumberKey, number | null>;
  for (const key of numberKeys) {
    // A hidden field's value returns with it.
    const result = isHidden(key, values)
      ? unshownValue(values[key], numberSettingOf(key))
      : read(values[key], numberSettingOf(key));
    if (typeof result === 'object' && result !== null) {
      errors[key] = result;
      numbers[key] = null;
    } else {
      numbers[key] = result === null ? null : result * unitOf(key);
    }
  }
  return { errors, numbers };
}

function isSize(typed: string): boolean {
  const size = readSize(typed)?.value;
  return size instanceof Array && size.every((one) => Number(one) >= 1);
}

export function validate(values: FormValues): FormResult {
  const say = formText.errors;
  const { errors, numbers } = readAll(values);
  const hasGenerations = generational(values);
  if (!hasGenerations) numbers.inFlight ??= defaultInFlight;
  if (values.name.trim() === '') errors.name = { message: say.nameMissing, offer: null };
  else if (values.name.trim().length > mostNameLength) {
    errors.name = { message: say.nameLong(mostNameLength), offer: null };
  } else if (unfitCharacter.test(values.name)) {
    errors.name = { message: say.nameCharacters, offer: withoutUnfit(values.name) || null };
  }
  if (values.scoringSize.trim() !== '' && !isSize(values.scoringSize))
    errors.scoringSize = { message: say.scoringSize, offer: null };
  const budgets = ['generations', 'candidates', 'seconds'] as const;
  const budgetFaulty = budgets.some((key) => errors[key]);
  if (!budgetFaulty && budgets.every((key) => numbers[key] === null)) {
    if (hasGenerations) errors.generations = { message: say.noBudget, offer: '10' };
    else errors.candidates = { message: say.noBudgetOfOne, offer: String(usualCandidates) };
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const phone = values.latency === 'phone' ? (values.phone ?? defaultPhoneSettings) : null;
  const read = { ...values, ...numbers, phone };
  const settings = settingKeys.map((key) => [key, read[key]]);
  // Without errors only optional numbers are null.
  return { ok: true, settings: Object.fromEntries(settings) as SearchSettings };
}
