/** Backbone and head may each be one of several, which a gene chooses. */
import { freeName, isObject, type Json, type JsonPath } from './space-json.ts';

export type Part = 'backbone' | 'head';

/** The alternatives by their names; null where there is one alone. */
export function alternativesOf(part: Json | undefined): { [key: string]: Json } | null {
  return isObject(part) && isObject(part['oneOf']) ? part['oneOf'] : null;
}

/**
 * Where the part stands that is shown.
 * @param wanted its name; the first where there is none of that name
 */
export function placeOfPart(name: Part, part: Json | undefined, wanted?: string): JsonPath {
  const names = Object.keys(alternativesOf(part) ?? {});
  if (names.length === 0) return ['network', name];
  const shown = wanted !== undefined && names.includes(wanted) ? wanted : names[0]!;
  return ['network', name, 'oneOf', shown];
}

/** Which of the alternatives stands there, counted from 0; it stays the same when it is renamed. */
export function numberOfPart(part: Json | undefined, place: JsonPath): number {
  return Object.keys(alternativesOf(part) ?? {}).indexOf(String(place.at(-1)));
}

/** With a copy of the last alternative to change, and what the copy is called. */
export function withAnother(
  name: Part,
  part: Json | undefined,
): { readonly value: Json; readonly name: string } {
  const several = alternativesOf(part) ?? { first: part ?? null };
  const gene = isObject(part) && typeof part['gene'] === 'string' ? part['gene'] : name;
  const names = Object.keys(several);
  const added = freeName(names.length === 1 ? 'second' : name, names);
  const copied = several[names.at(-1)!]!;
  return { value: { gene, oneOf: { ...several, [added]: copied } }, name: added };
}

/** The last that is left stands for itself. */
export function withoutOne(part: Json | undefined, name: string): Json {
  const { [name]: _, ...rest } = alternativesOf(part) ?? {};
  const left = Object.values(rest);
  return left.length === 1 ? left[0]! : { ...(isObject(part) ? part : {}), oneOf: rest };
}
