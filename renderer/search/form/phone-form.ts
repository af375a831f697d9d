/** How a search measures on a phone, as fields of the form. Pure. */
import {
  coreNames,
  longestWaitSeconds,
  measuringRanges,
  ownRunners,
} from '../../../main/common/phone-settings.ts';
import { typedWhole, wholeNumberFault, type WholeRange } from '../../../main/common/ranges.ts';
import type { PhoneSettings } from '../../../preload/contract.ts';
import { protocolText as words } from './phone-protocol-text.ts';

export type PhoneNumber = {
  [K in keyof PhoneSettings]-?: PhoneSettings[K] extends number ? K : never;
}[keyof PhoneSettings];

interface PhoneField {
  /** The field's unit in terms of the setting's. */
  readonly factor: number;
  /** In the field's unit. */
  readonly range: WholeRange;
}

const minutes: PhoneField = { factor: 60, range: { from: 1, to: longestWaitSeconds / 60 } };
const { threads, warmUp, runs, repeats } = measuringRanges;
const fields: Readonly<Record<PhoneNumber, PhoneField>> = {
  warmUp: { factor: 1, range: warmUp },
  runs: { factor: 1, range: runs },
  repeats: { factor: 1, range: repeats },
  threads: { factor: 1, range: threads },
  waitSeconds: minutes,
  awaySeconds: minutes,
  /** A day, where the setting would take a week. */
  runSeconds: { factor: 1, range: { from: 1, to: 86_400 } },
};
export const phoneNumbers = Object.keys(fields) as readonly PhoneNumber[];

/** @returns the value in the setting's unit; null where the text is no whole number within the bounds */
export function readPhoneNumber(name: PhoneNumber, text: string): number | null {
  const { factor, range } = fields[name];
  const typed = typedWhole(text, range);
  return typed === null ? null : typed * factor;
}

export function phoneNumberText(name: PhoneNumber, settings: PhoneSettings): string {
  const { factor, range } = fields[name];
  return String(Math.max(range.from, Math.round(settings[name] / factor)));
}

export function phoneNumberFault(name: PhoneNumber): string {
  return wholeNumberFault(fields[name].range);
}

/** Cores as one choice; a mask is kept where the run that is repeated had one. */
export function coreChoices({ core }: PhoneSettings): { value: string; label: string }[] {
  const mask = typeof core === 'object' ? core.mask.toString(16) : null;
  return [
    ...coreNames.map((value) => ({ value, label: words.cores[value] })),
    ...(mask === null ? [] : [{ value: mask, label: words.mask(mask) }]),
  ];
}

export const coreValue = ({ core }: PhoneSettings): string =>
  typeof core === 'object' ? core.mask.toString(16) : core;

export function coreOf(value: string): PhoneSettings['core'] {
  return coreNames.find((name) => name === value) ?? { mask: parseInt(value, 16) };
}

/**
 * Runners that can be chosen here; those that need the person's own program are kept where they were set up.
 */
export function runnerChoices({ runner, tflite, command }: PhoneSettings): {
  value: string;
  label: string;
}[] {
  const names: string[] = [
    ...ownRunners,
    ...(tflite ? ['tflite'] : []),
    ...(command ? ['command'] : []),
  ];
  if (runner !== null && !names.includes(runner)) names.push(runner);
  return [
    { value: '', label: words.anyRunner },
    ...names.map((value) => ({ value, label: words.runners[value] ?? value })),
  ];
}
