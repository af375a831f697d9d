/** How the values of a description are written in the fields of the form, and what is typed there means. */
import { isObject, parseText, type Json } from './space-json.ts';
import { cellOperations } from '../../../main/common/space-description.ts';
import type { Known } from '../../../main/common/known.ts';

/** What a field's text means; undefined where it means nothing. */
export type FieldReading = { readonly value: Json | undefined } | undefined;

const whole = (text: string): number | null => (/^\d+$/.test(text) ? Number(text) : null);
const decimal = (text: string): number | null =>
  /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;

/** What stands in the description, without a string's quotes. */
const written = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

/** "3", "3, 5", "16 to 64 step 16", each with the name of its gene in front: "width: 16, 32" */
export function choiceText(choice: Json | undefined): string {
  if (choice === undefined) return '';
  if (choice instanceof Array) return choice.map((one) => JSON.stringify(one)).join(', ');
  if (!isObject(choice)) return written(choice);
  const gene = choice['gene'] === undefined ? '' : `${written(choice['gene'])}: `;
  if ('choices' in choice) return gene + choiceText(choice['choices']);
  const { from, to, step } = choice;
  return `${gene}${written(from)} to ${written(to)}${step === 1 ? '' : ` step ${written(step)}`}`;
}

/** A text without the name of a gene in front, and the name. */
function withoutGene(typed: string): { readonly gene: string | null; readonly text: string } {
  const named = /^([A-Za-z][\w.-]*)\s*:(.*)$/s.exec(typed.trim());
  return named ? { gene: named[1]!, text: named[2]!.trim() } : { gene: null, text: typed.trim() };
}

function rangeIn(text: string): { from: number; to: number; step: number } | null {
  const range = /^(\d+)\s*(?:to|\.\.|…|–|-)\s*(\d+)(?:\s*(?:step|by)\s*(\d+))?$/i.exec(text);
  if (!range) return null;
  const [from, to, step] = [range[1], range[2], range[3] ?? '1'].map(Number) as Known<number>;
  return { from, to, step };
}

/** Every part of a text with commas, read; undefined where one means nothing. */
function listIn<T>(text: string, read: (part: string) => T | undefined): T[] | undefined {
  const all: T[] = [];
  for (const part of text.split(/\s*,\s*/)) {
    const one = read(part);
    if (one === undefined) return undefined;
    all.push(one);
  }
  return all;
}

/** A single value stands for itself. */
const oneOrList = (all: readonly Json[]): Json => (all.length === 1 ? all[0]! : [...all]);

/** @param words texts that stand for themselves, such as `same` */
export function readChoice(typed: string, words: readonly string[] = []): FieldReading {
  return choiceIn(typed, words, whole);
}

/** The same of numbers that need not be whole: "2.3, 2.5, 6". */
export function readFactors(typed: string): FieldReading {
  return choiceIn(typed, [], decimal);
}

function choiceIn(
  typed: string,
  words: readonly string[],
  number: (text: string) => number | null,
): FieldReading {
  const { gene, text } = withoutGene(typed);
  if (text === '') return gene === null ? { value: undefined } : undefined;
  if (words.includes(text)) return gene === null ? { value: text } : undefined;
  const range = rangeIn(text);
  if (range) return { value: gene === null ? range : { gene, ...range } };
  const numbers = listIn(text, (part) => number(part) ?? undefined);
  if (!numbers) return undefined;
  return { value: gene === null ? oneOrList(numbers) : { gene, choices: numbers } };
}

/** "regular, depthwise, g32, g64 (128, 192)" */
export function convolutionText(value: Json | undefined): string {
  if (value === undefined) return '';
  return (value instanceof Array ? value : [value])
    .map((one) => {
      if (!isObject(one)) return written(one);
      const { group, channels } = one;
      return `g${written(group)}${channels === undefined ? '' : ` (${choiceText(channels)})`}`;
    })
    .join(', ');
}

export function readConvolutions(typed: string): FieldReading {
  const text = typed.trim();
  if (text === '') return { value: undefined };
  const all: Json[] = [];
  for (const part of text.split(/\s*,\s*(?![^(]*\))/)) {
    if (part === 'regular' || part === 'depthwise') {
      all.push(part);
      continue;
    }
    const group = /^g\s*(\d+)\s*(?:\(([\d\s,]+)\))?$/i.exec(part);
    if (!group) return undefined;
    const channels = group[2]?.split(',').map((one) => Number(one.trim()));
    all.push({ group: Number(group[1]), ...(channels && { channels }) });
  }
  return { value: all.length === 1 ? all[0] : all };
}

/** "none, skip_connect" */
export function namesText(value: Json | undefined): string {
  if (value === undefined) return '';
  return (value instanceof Array ? value : [value]).map(written).join(', ');
}

/** Reads names out of a list; a single one stands for itself, and nothing is what an absent key means. */
export const readNames =
  (known: readonly string[]) =>
  (typed: string): FieldReading => {
    const text = typed.trim();
    if (text === '') return { value: undefined };
    const names = listIn(text, (part) => (known.includes(part) ? part : undefined));
    return names && { value: oneOrList(names) };
  };

/** Always a list; empty offers all of them. */
export function readOperations(typed: string): FieldReading {
  const read = readNames(cellOperations)(typed);
  return typeof read?.value === 'string' ? { value: [read.value] } : read;
}

/** "no, 0.25, mobilenetv3": shares of squeeze-and-excite; without any it is not there. */
export function excitationText(value: Json | undefined): string {
  if (value === undefined || value === false) return '';
  return (value instanceof Array ? value : [value])
    .map((one) => (one === false ? 'no' : written(one)))
    .join(', ');
}

export function readExcitations(typed: string): FieldReading {
  const text = typed.trim();
  if (text === '' || text === 'no') return { value: undefined };
  const all = listIn<Json>(text, (part) => {
    if (part === 'no') return false;
    if (part === 'mobilenetv3') return part;
    return part !== '' && Number.isFinite(Number(part)) ? Number(part) : undefined;
  });
  return all && { value: oneOrList(all) };
}

/** "1", "2" or both. */
export function readStrides(typed: string): FieldReading {
  const text = typed.trim();
  if (text === '') return { value: undefined };
  const all = listIn(text, (part) => (part === '1' || part === '2' ? Number(part) : undefined));
  return all && { value: oneOrList(all) };
}

/** "224 × 224": height and width. */
export function sizeText(value: Json | undefined): string {
  return value instanceof Array ? value.map(String).join(' × ') : choiceText(value);
}

/** "224" is square. */
export function readSize(typed: string): FieldReading {
  const size = sizeIn(typed.trim());
  return size && { value: size };
}

function sizeIn(text: string): [number, number] | undefined {
  const match = /^(\d+)(?:\s*[x×*]\s*(\d+))?$/i.exec(text);
  return match ? [Number(match[1]), Number(match[2] ?? match[1])] : undefined;
}

/** One size, or several to choose from: "128, 160 × 224", "size: 128 to 224 step 4". */
export function sizesText(value: Json | undefined): string {
  if (!isObject(value) || !(value['choices'] instanceof Array)) return sizeText(value);
  const gene = value['gene'] === undefined ? '' : `${written(value['gene'])}: `;
  return gene + value['choices'].map(sizeText).join(', ');
}

export function readSizes(typed: string): FieldReading {
  const { gene, text } = withoutGene(typed);
  const named: { [key: string]: Json } = gene === null ? {} : { gene };
  const range = rangeIn(text);
  if (range) return { value: { ...named, ...range } };
  const all = listIn(text, sizeIn);
  if (!all) return undefined;
  if (gene === null && all.length === 1) return { value: all[0]! };
  const choices = all.map(([height, width]): Json => (height === width ? height : [height, width]));
  return { value: { ...named, choices } };
}

export function readWhole(typed: string): FieldReading {
  const value = whole(typed.trim());
  return value === null ? undefined : { value };
}

/** A number such as 0.001; empty is what an absent key means. */
export function readNumber(typed: string): FieldReading {
  const text = typed.trim();
  if (text === '') return { value: undefined };
  const value = Number(text);
  return Number.isFinite(value) ? { value } : undefined;
}

/** The text of a name that the description uses for a gene, a kind or an alternative. */
export function readName(typed: string, taken: readonly string[]): string | undefined {
  const name = typed.trim();
  return /^[A-Za-z][\w.-]*$/.test(name) && !taken.includes(name) ? name : undefined;
}

/** A part of a description as JSON. */
export function readJson(typed: string): FieldReading {
  const parsed = parseText(typed);
  return parsed.ok ? { value: parsed.value } : undefined;
}
