/** JSON and YAML files that people write, with the lines on which their keys stand. */
import { JSON_SCHEMA, load, YAMLException, type State } from 'js-yaml';

/** Where the key of a value stands in a document. */
export interface DocumentPlace {
  /** Counted from 1. */
  readonly line: number;
  /** Parts of a mapping by key, of a sequence by index. */
  readonly parts: ReadonlyMap<string, DocumentPlace>;
}

export interface ReadDocument {
  readonly value: unknown;
  readonly place: DocumentPlace;
}

export class DocumentError extends Error {
  /** Counted from 1; null if the fault is the document as a whole. */
  readonly line: number | null;

  constructor(message: string, line: number | null, options?: ErrorOptions) {
    super(message, options);
    this.line = line;
  }
}

/** A value that is being read. */
interface Open {
  readonly line: number;
  readonly parts: {
    readonly value: unknown;
    readonly line: number;
    readonly place: DocumentPlace;
  }[];
}

const noParts: ReadonlyMap<string, DocumentPlace> = new Map();

/**
 * Reads one document. JSON is parsed as JSON, so that other programs read the same.
 * Throws DocumentError.
 */
export function readDocument(text: string, format: 'json' | 'yaml'): ReadDocument {
  if (format === 'json') assertJson(text);
  const open: Open[] = [];
  let root: DocumentPlace = { line: 1, parts: noParts };
  const listener = (event: 'open' | 'close', state: State): void => {
    const line = state.line + 1;
    if (event === 'open') {
      open.push({ line, parts: [] });
      return;
    }
    const { parts } = open.pop()!;
    const place = { line, parts: partsOf(state, parts) };
    const parent = open[open.length - 1];
    if (parent) parent.parts.push({ value: state.result, line, place });
    root = place;
  };
  try {
    const value = load(text, { schema: JSON_SCHEMA, listener });
    return { value, place: root };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark === undefined ? null : error.mark.line + 1;
    throw new DocumentError(error.reason, line, { cause: error });
  }
}

function partsOf({ kind }: State, parts: Open['parts']): ReadonlyMap<string, DocumentPlace> {
  // The reader opens a value again once it knows what kind of value it is.
  if (parts.length === 1 && kind === 'mapping') return parts[0]!.place.parts;
  if (kind === 'sequence') return new Map(parts.map(({ place }, i) => [String(i), place]));
  if (kind !== 'mapping') return noParts;
  const named = new Map<string, DocumentPlace>();
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const [key, value] = [parts[i]!, parts[i + 1]!];
    named.set(String(key.value), { line: key.line, parts: value.place.parts });
  }
  return named;
}

/** Throws DocumentError with the first line that is not JSON. */
function assertJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = /position (\d+)/.exec(message);
    const before = at ? text.slice(0, Number(at[1])) : text;
    throw new DocumentError(message, before.split('\n').length, { cause: error });
  }
}

/** The line of the value at a path, or of the innermost part of the path that exists. */
export function lineOf(place: DocumentPlace, path: readonly PropertyKey[]): number {
  let at = place;
  for (const part of path) {
    const next = at.parts.get(String(part));
    if (next === undefined) break;
    at = next;
  }
  return at.line;
}
