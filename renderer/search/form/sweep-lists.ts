/** Lists of a sweep as they are typed, and the searches that they make of one form. Pure. */
import { combinationsOf, countCombinations, mostSearches } from '../../../main/common/crossing.ts';
import type { ChosenValue, VariedKey } from '../../../main/common/crossing.ts';
import { isTimed } from '../../../main/common/latency-sources.ts';
import type { Preset } from '../../../main/common/settings/score.ts';
import type { SpaceSummary } from '../../../preload/contract.ts';
import { afterField, suitingSpace, takingPreset } from './field-changes.ts';
import { validate, type FormValues } from './settings-form.ts';
import { sweepText } from './sweep-text.ts';

/** Numbers that can be a list. */
export const sweptNumbers = ['maxLatencyMs', 'maxParameters', 'maxMacs', 'beta', 'seed'] as const;
export type SweptNumber = (typeof sweptNumbers)[number];
/** Choices of which several can be taken. */
export const sweptChoices = ['space', 'preset', 'phone'] as const;
export type SweptChoice = (typeof sweptChoices)[number];
/** In the order in which they are crossed: the last varies fastest. */
export type SweptKey = SweptChoice | SweptNumber;

export type SweepLists = Record<SweptNumber, string> & Record<SweptChoice, readonly string[]>;

export const noLists = (): SweepLists => ({
  ...{ space: [], preset: [], phone: [] },
  ...{ maxLatencyMs: '', maxParameters: '', maxMacs: '', beta: '', seed: '' },
});

/** One search of a sweep, as the form would have it. */
export interface SweptValues {
  readonly values: FormValues;
  /** The phone that is meant; null where the form's choice holds. */
  readonly phone: string | null;
  /** What sets it apart, in words. */
  readonly label: string;
  /** The same without the seed. */
  readonly group: string;
}

export interface Sweep {
  readonly searches: readonly SweptValues[];
  readonly faults: Readonly<Partial<Record<SweptKey | 'sweep', string>>>;
}

/** Far more seeds than are ever searched: a range is counted, not remembered. */
const mostInRange = 100_000;

/** Single values as typed: commas or blanks stand between them, and 1-5 are five whole numbers. */
export function listedValues(typed: string): string[] {
  return typed
    .replace(/(\d)\s+([kMG])\b/g, '$1$2')
    .replace(/\s*(-|–|\.\.)\s*(?=\d)/g, '$1')
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .flatMap((part) => {
      const range = /^(\d{1,10})(?:-|–|\.\.)(\d{1,10})$/.exec(part);
      if (range === null) return [part];
      const [from, to] = [Number(range[1]), Number(range[2])];
      if (to < from) return [part];
      return Array.from({ length: Math.min(mostInRange, to - from + 1) }, (_, i) =>
        String(from + i),
      );
    });
}

/** Which lists have a field: those of a setting that the form shows. */
export function isOffered(key: SweptKey, { latency, computers }: FormValues): boolean {
  if (key === 'maxLatencyMs') return isTimed(latency);
  return key !== 'phone' || (latency === 'phone' && computers === 'here');
}

/**
 * @param spaceOf finds a space by the form's key
 * @returns no searches where nothing is listed, or something is wrong
 */
export function sweepOf(
  lists: SweepLists,
  values: FormValues,
  spaceOf: (key: string) => SpaceSummary | undefined,
): Sweep {
  const faults: Partial<Record<SweptKey | 'sweep', string>> = {};
  const varied: VariedKey<SweptKey, string>[] = [];
  for (const key of [...sweptChoices, ...sweptNumbers]) {
    const list = lists[key];
    const choices = typeof list === 'string' ? listedValues(list) : list;
    if (choices.length === 0 || !isOffered(key, values)) continue;
    const fault = faultOf(key, choices, values);
    if (fault !== null) faults[key] = fault;
    varied.push({ key, choices });
  }
  const count = countCombinations(varied);
  if (count > mostSearches) faults.sweep = sweepText.tooMany(count, mostSearches);
  if (varied.length === 0 || Object.keys(faults).length > 0) return { searches: [], faults };
  const searches = combinationsOf(varied).map((chosen) => searchOf(chosen, values, spaceOf));
  return { searches, faults };
}

function faultOf(key: SweptKey, choices: readonly string[], values: FormValues): string | null {
  if (new Set(choices).size < choices.length) return sweepText.twice;
  if (!isNumber(key)) return null;
  // More are refused together; looking at each of a long range would take seconds.
  for (const choice of choices.slice(0, mostSearches)) {
    const result = validate({ ...values, [key]: choice });
    const error = result.ok ? undefined : result.errors[key];
    if (error) return sweepText.faulty(choice, error.message);
  }
  return null;
}

const isNumber = (key: SweptKey): key is SweptNumber =>
  sweptNumbers.some((number) => number === key);

function searchOf(
  chosen: readonly ChosenValue<SweptKey, string>[],
  form: FormValues,
  spaceOf: (key: string) => SpaceSummary | undefined,
): SweptValues {
  const values: FormValues = { ...form };
  let phone: string | null = null;
  for (const { key, value } of chosen) {
    const space = spaceOf(values.space);
    if (key === 'phone') phone = value;
    else if (key === 'space') {
      const suited = spaceOf(value);
      values.space = value;
      if (suited) Object.assign(values, { ...suitingSpace(values, suited), name: form.name });
    } else if (key === 'preset') {
      values.preset = value as Preset;
      Object.assign(values, takingPreset(value as Preset, space));
    } else {
      values[key] = value;
      Object.assign(values, afterField(values, key, space));
    }
  }
  const words = (all: typeof chosen) =>
    all.map(({ key, value }) => sweepText.chosen(key, value)).join(', ');
  return {
    ...{ values, phone, label: words(chosen) },
    group: words(chosen.filter(({ key }) => key !== 'seed')),
  };
}
