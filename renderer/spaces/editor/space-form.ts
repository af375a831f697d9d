/** How the values of a description are written in the fields of the form, and what is typed there means. */
import { isObject, type Json } from './space-json.ts';
import { cellOperations } from '../../../main/common/space-description.ts';
import type { Known } from '../../../main/common/known.ts';

/** What a field's text means; undefined where it means nothing. */
export type FieldReading = { readonly value: Json | undefined } | undefined;

const whole = (text: string): number | null => (/^\d+$/.test(text) ? Number(text) : null);

/** What stands in the description, without a string's quotes. */
const written = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

/** "3", "3, 5", "16 to 64 step 16" */
export function choiceText(choice: Json | undefined): string {
  if (choice === undefined) return '';
  if (choice instanceof Array) return choice.map((one) => JSON.stringify(one)).join(', ');
  if (!isObject(choice)) return written(choice);
  if ('choices' in choice) return choiceText(choice['choices']);
  const { from, to, step } = choice;
  return `${written(from)} to ${written(to)}${step === 1 ? '' : ` step ${written(step)}`}`;
}

/**
 * @param before keeps its gene's name
 * @param words texts that stand for themselves, such as `same`
 */
export function readChoice(
  typed: string,
  before: Json | undefined,
  words: readonly string[] = [],
): FieldReading {
  const text = typed.trim();
  if (text === '') return { value: undefined };
  if (words.includes(text)) return { value: text };
  const gene = isObject(before) && before['gene'] !== undefined ? { gene: before['gene'] } : null;
  const range = /^(\d+)\s*(?:to|\.\.|…|–|-)\s*(\d+)(?:\s*(?:step|by)\s*(\d+))?$/i.exec(text);
  if (range) {
    const [from, to, step] = [range[1], range[2], range[3] ?? '1'].map(Number) as Known<number>;
    return { value: { ...gene, from, to, step } };
  }
  const list = text.split(/\s*,\s*/).map(whole);
  const numbers = list.filter((one) => one !== null);
  if (numbers.length !== list.length) return undefined;
  if (numbers.length === 1) return { value: numbers[0] };
  return { value: gene ? { ...gene, choices: numbers } : numbers };
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

/** Empty offers all of them. */
export function readOperations(typed: string): FieldReading {
  const text = typed.trim();
  if (text === '') return { value: undefined };
  const names = text.split(/\s*,\s*/);
  const known: readonly string[] = cellOperations;
  return names.every((name) => known.includes(name)) ? { value: names } : undefined;
}

/** "224 × 224": height and width. */
export function sizeText(value: Json | undefined): string {
  return value instanceof Array ? value.map(String).join(' × ') : choiceText(value);
}

/** "224" is square. */
export function readSize(typed: string): FieldReading {
  const match = /^(\d+)(?:\s*[x×*,]\s*(\d+))?$/i.exec(typed.trim());
  if (!match) return undefined;
  return { value: [Number(match[1]), Number(match[2] ?? match[1])] };
}

export function readWhole(typed: string): FieldReading {
  const value = whole(typed.trim());
  return value === null ? undefined : { value };
}

/** Empty or "no" is none. */
export function readShare(typed: string): FieldReading {
  const text = typed.trim();
  if (text === '' || text === 'no') return { value: undefined };
  const value = Number(text);
  return Number.isFinite(value) ? { value } : undefined;
}
