/**
 * One column of a run file: what it may hold, how it is queried so that no content can harm the process that
 * reads it, and how the result is checked.
 *
 * libsql kills the process on text that is not UTF-8, and a damaged file may hold anything anywhere, whatever
 * the declarations of its tables say. So text is read as bytes unless it is plain ASCII, and only up to a
 * length that memory can bear; numbers are read only where they are numbers.
 */
import type { z } from 'zod';
import type { Row, Value } from './connection.ts';
import { DamagedContent } from './damaged-content.ts';

/** What a column may hold besides null. */
export type Content =
  | { readonly kind: 'integer' | 'real'; readonly least: number; readonly most: number }
  | { readonly kind: 'text'; readonly mostBytes: number; readonly oneOf?: readonly string[] }
  /** Text that is JSON. */
  | { readonly kind: 'json'; readonly mostBytes: number; readonly schema: z.ZodType };

/** The digest of the row that covers the column; null for the digests themselves. */
export type Cover = 'digest' | 'rest_digest' | null;

export interface Column {
  readonly name: string;
  readonly content: Content;
  readonly nullable: boolean;
  readonly cover: Cover;
  /** The first version of run files that had it. */
  readonly since: number;
  /** Its value in older files, as an SQL expression over the row's other columns; null unless stated. */
  readonly before?: string;
}

export interface Table {
  readonly name: string;
  /** The column by which messages name a row. */
  readonly key: string;
  readonly columns: readonly Column[];
}

/** Stands for text that is too long to be read, and for a value that is not text. */
const tooLong = 1;
const noText = 0;

/** The select list of columns for a file of a given version; every value has its column's name. */
export function selectList(columns: readonly Column[], version: number): string {
  return columns.map((column) => `${guarded(column, version)} AS ${column.name}`).join(', ');
}

function guarded({ name, content, since, before }: Column, version: number): string {
  if (since > version) {
    if (before === undefined) return 'NULL';
    return isNumeric(content) ? before : `CAST(${before} AS BLOB)`;
  }
  // No column may hold a blob, so this one is refused when it is checked.
  if (isNumeric(content)) {
    return `CASE WHEN typeof(${name}) IN ('integer', 'real', 'null') THEN ${name} ELSE x'00' END`;
  }
  const any = `CASE typeof(${name}) WHEN 'null' THEN NULL WHEN 'text' THEN
    CASE WHEN octet_length(${name}) > ${content.mostBytes} THEN ${tooLong}
      WHEN ${isAscii(name)} THEN ${name} ELSE CAST(${name} AS BLOB) END
    ELSE ${noText} END`;
  if (content.kind === 'json' || content.oneOf === undefined) return any;
  // A text that equals a word of ours is that word: none of its characters needs a look.
  const words = content.oneOf.map((word) => `WHEN '${word}' THEN '${word}'`);
  return `CASE ${name} ${words.join(' ')} ELSE ${any} END`;
}

/** Looking at each character of a longer text takes more time than reading its bytes and decoding them. */
const longestLookedAt = 100;

/**
 * True for short texts of printable ASCII without a zero byte (GLOB looks no further than the first one). Most texts
 * are, and reading them directly is several times as fast as reading bytes.
 */
const isAscii = (name: string): string =>
  `octet_length(${name}) <= ${longestLookedAt} AND octet_length(${name}) = length(${name})
    AND ${name} NOT GLOB '*[^ -~]*'`;

function isNumeric(content: Content): content is Extract<Content, { least: number }> {
  return content.kind === 'integer' || content.kind === 'real';
}

/** As it is stored: numbers, and texts that are UTF-8. */
export type Raw = Readonly<Record<string, string | number | null>>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A row of `selectList`, every column checked except JSON, which `parsed` reads where needed.
 * Throws DamagedContent, which names row and column.
 */
export function checkedRow(table: Table, columns: readonly Column[], row: Row): Raw {
  return checkedValues(
    table,
    columns,
    columns.map(({ name }) => row[name]!),
  );
}

/** The same for the values of a row, in the order of the columns. */
export function checkedValues(
  table: Table,
  columns: readonly Column[],
  values: readonly Value[],
): Raw {
  const checked: Record<string, string | number | null> = {};
  for (let i = 0; i < columns.length; i++) {
    const [column, value] = [columns[i]!, values[i]!];
    const what = isNumeric(column.content) ? numberFault(column, value) : textFault(column, value);
    if (what !== null) throw damaged(table, rowOf(columns, values), column, what);
    checked[column.name] =
      value === null || typeof value === 'number'
        ? value
        : decoded(column, value, (what, cause) =>
            damaged(table, rowOf(columns, values), column, what, cause),
          );
  }
  return checked;
}

/** Made where a message needs it. */
const rowOf = (columns: readonly Column[], values: readonly Value[]): Row =>
  Object.fromEntries(columns.map(({ name }, i) => [name, values[i]!]));

function numberFault({ content, nullable }: Column, value: Row[string]): string | null {
  if (value === null) return nullable ? null : 'nothing';
  if (typeof value !== 'number') return 'no number';
  const { kind, least, most } = content as Extract<Content, { least: number }>;
  const fits = kind === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (fits && value >= least && value <= most) return null;
  return `${value}, which is not a ${kind === 'integer' ? 'whole number' : 'number'} from ${least} to ${most}`;
}

function textFault({ nullable }: Column, value: Row[string]): string | null {
  if (value === null) return nullable ? null : 'nothing';
  if (typeof value === 'string' || isBytes(value)) return null;
  return value === tooLong ? 'a text that is too long' : 'no text';
}

function isBytes(value: Value): value is ArrayBuffer | Uint8Array {
  return value instanceof ArrayBuffer || value instanceof Uint8Array;
}

function decoded(
  { content }: Column,
  bytes: ArrayBuffer | Uint8Array | string,
  refused: (what: string, cause?: unknown) => DamagedContent,
): string {
  let text: string;
  try {
    text = typeof bytes === 'string' ? bytes : utf8.decode(bytes);
  } catch (error) {
    throw refused('a text that is no UTF-8', error);
  }
  if (content.kind === 'text' && content.oneOf && !content.oneOf.includes(text)) {
    throw refused(`none of ${content.oneOf.join(', ')}`);
  }
  return text;
}

/** A part of a JSON column: what it looks like, and a check that is quicker than that, for lists of thousands. */
export interface JsonPart<T> {
  readonly schema: z.ZodType<T>;
  readonly fits: (value: unknown) => value is T;
}

/**
 * What a JSON column of a checked row holds, by its schema. Throws DamagedContent.
 * @param only of what is looked at, where that is much less
 */
export function parsed<T>(table: Table, row: Raw, name: string, only?: JsonPart<T>): T {
  const column = columnOf(table, name);
  const { content } = column;
  if (content.kind !== 'json') throw new TypeError(`${name} is no JSON`);
  let value: unknown;
  try {
    value = JSON.parse(textOf(table, row, name));
  } catch (error) {
    if (error instanceof DamagedContent) throw error;
    throw damaged(table, row, column, 'no JSON', error);
  }
  if (only?.fits(value)) return value;
  const checked = (only?.schema ?? content.schema).safeParse(value);
  if (checked.success) return checked.data as T;
  const issue = checked.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  throw damaged(table, row, column, `what it should not at ${where || 'its root'}`, checked.error);
}

/** Text as SQLite stores it: half a surrogate pair has no UTF-8 form and is replaced. */
export const wellFormed = (text: string): string => Buffer.from(text).toString();

export function textOf(table: Table, row: Raw, name: string): string {
  const value = row[name];
  if (typeof value === 'string') return value;
  throw damaged(table, row, columnOf(table, name), 'nothing');
}

export function numberOf(table: Table, row: Raw, name: string): number {
  const value = row[name];
  if (typeof value === 'number') return value;
  throw damaged(table, row, columnOf(table, name), 'nothing');
}

export function columnOf({ name: table, columns }: Table, name: string): Column {
  const column = columns.find((one) => one.name === name);
  if (column === undefined) throw new TypeError(`${table} has no column ${name}`);
  return column;
}

export function damaged(
  table: Table,
  row: Row | Raw,
  column: Column,
  what: string,
  cause?: unknown,
): DamagedContent {
  return new DamagedContent(`${rowName(table, row)}, column ${column.name} holds ${what}`, {
    cause,
  });
}

export function rowName({ name, key }: Table, row: Row | Raw): string {
  const value = row[key];
  return typeof value === 'number' ? `${name} ${value}` : name;
}
