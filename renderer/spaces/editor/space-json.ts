/** Descriptions of spaces as plain JSON: paths in them, changes by copying, and readable text. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonPath = readonly (string | number)[];

const columns = 88;

/**
 * Indented by two; what fits on a line stays on one.
 * @param before how much of the line is taken already, besides the indent
 */
export function jsonText(value: Json, indent = '', before = 0): string {
  const line = oneLine(value);
  const fits = line.length + indent.length + before <= columns;
  if (typeof value !== 'object' || value === null || fits) return line;
  const inner = `${indent}  `;
  const parts =
    value instanceof Array
      ? value.map((one) => inner + jsonText(one, inner))
      : Object.entries(value).map(
          ([key, one]) => `${inner}${JSON.stringify(key)}: ${jsonText(one, inner, key.length + 4)}`,
        );
  const [open, close] = value instanceof Array ? '[]' : '{}';
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

function oneLine(value: Json): string {
  if (value instanceof Array) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, one]) => `${JSON.stringify(key)}: ${oneLine(one)}`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

export type Parsed =
  { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string };

export function parseText(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Undefined where there is nothing. */
export function valueAt(value: Json | undefined, place: JsonPath): Json | undefined {
  return place.reduce<Json | undefined>((inner, key) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    return (inner as Record<string | number, Json>)[key];
  }, value);
}

/** A copy with one place changed; `undefined` takes the key away. */
export function withValue(
  value: Json | undefined,
  place: JsonPath,
  changed: Json | undefined,
): Json {
  const [key, ...rest] = place;
  if (key === undefined) return changed ?? null;
  const inner = valueAt(value, [key]);
  const next = rest.length === 0 ? changed : withValue(inner, rest, changed);
  if (typeof key === 'number') {
    const list = value instanceof Array ? [...value] : [];
    if (next === undefined) list.splice(key, 1);
    else list[key] = next;
    return list;
  }
  const object = isObject(value) ? { ...value } : {};
  if (next === undefined) delete object[key];
  else object[key] = next;
  return object;
}

/** The same entries in the same order, one of them under another name. */
export function renamed(
  object: { [key: string]: Json },
  before: string,
  after: string,
): { [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key === before ? after : key, value]),
  );
}

export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !(value instanceof Array);
}

/** As errors name places: `network.backbone.stages[0].stride`. */
export function placeText(place: JsonPath): string {
  return place
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${key}`))
    .join('');
}

/** True where the fault is at that place or inside it. */
export function isWithin(fault: string, place: JsonPath): boolean {
  const at = placeText(place);
  return fault === at || fault.startsWith(`${at}.`) || fault.startsWith(`${at}[`);
}

/** `wanted`, or that with the first number that is not taken. */
export function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  for (let n = 2; taken.includes(name); n += 1) name = `${wanted}-${n}`;
  return name;
}
