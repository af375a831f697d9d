/** How a search measures on a phone, as fields of the form. Pure. */
import type { PhoneSettings } from '../../../preload/contract.ts';
import { protocolText as words } from './phone-protocol-text.ts';

export type PhoneNumber = {
  [K in keyof PhoneSettings]: PhoneSettings[K] extends number ? K : never;
}[keyof PhoneSettings];

interface PhoneField {
  /** What one of the field's unit is in the setting's. */
  readonly factor: number;
  readonly least: number;
  readonly most: number;
}

/** The bounds are the contract's. */
const fields: Readonly<Record<PhoneNumber, PhoneField>> = {
  warmUp: { factor: 1, least: 0, most: 100_000 },
  runs: { factor: 1, least: 1, most: 100_000 },
  repeats: { factor: 1, least: 1, most: 100 },
  threads: { factor: 1, least: 1, most: 64 },
  waitSeconds: { factor: 60, least: 1, most: 10_080 },
  awaySeconds: { factor: 60, least: 1, most: 10_080 },
  runSeconds: { factor: 1, least: 1, most: 86_400 },
};
export const phoneNumbers = Object.keys(fields) as readonly PhoneNumber[];

/** @returns the value in the setting's unit; null where the text is no whole number within the bounds */
export function readPhoneNumber(name: PhoneNumber, text: string): number | null {
  const { factor, least, most } = fields[name];
  const typed = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  return typed >= least && typed <= most ? typed * factor : null;
}

export function phoneNumberText(name: PhoneNumber, settings: PhoneSettings): string {
  return String(Math.max(fields[name].least, Math.round(settings[name] / fields[name].factor)));
}

export function phoneNumberFault(name: PhoneNumber): string {
  return words.fault(fields[name].least, fields[name].most);
}

/** Cores as one choice; a mask is kept where the run that is repeated had one. */
export function coreChoices({ core }: PhoneSettings): { value: string; label: string }[] {
  const mask = typeof core === 'object' ? core.mask.toString(16) : null;
  return [
    ...(['big', 'mid', 'little'] as const).map((value) => ({ value, label: words.cores[value] })),
    ...(mask === null ? [] : [{ value: mask, label: words.mask(mask) }]),
  ];
}

export const coreValue = ({ core }: PhoneSettings): string =>
  typeof core === 'object' ? core.mask.toString(16) : core;

export function coreOf(value: string): PhoneSettings['core'] {
  if (value === 'big' || value === 'mid' || value === 'little') return value;
  return { mask: parseInt(value, 16) };
}

/** Runners that can be chosen here; those that need a program of the person's are kept where they were set up. */
export function runnerChoices({ runner, tflite, command }: PhoneSettings): {
  value: string;
  label: string;
}[] {
  const names = [
    ...['ort-android-cpu', 'ort-android-xnnpack', 'ort-android-nnapi', 'ort-glibc-cpu'],
    ...(tflite ? ['tflite'] : []),
    ...(command ? ['command'] : []),
  ];
  if (runner !== null && !names.includes(runner)) names.push(runner);
  return [
    { value: '', label: words.anyRunner },
    ...names.map((value) => ({ value, label: words.runners[value] ?? value })),
  ];
}
