/**
 * Whether a file has the tables of a run and nothing else. A view may recurse for ever, a trigger acts behind
 * one's back, and a table with another declaration may hold anything, so nothing is read before this check.
 */
import { Connection, type Row } from './connection.ts';
import { DamagedContent } from './damaged-content.ts';
import { migrations } from './schema.ts';

interface Entry {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

/** For each version, as the migration steps create it. */
const known = new Map<number, ReadonlyMap<string, Entry>>();

const select = ['type', 'name', 'sql']
  .map((column) => `CAST(substr(${column}, 1, 100000) AS BLOB) AS ${column}`)
  .join(', ');

/**
 * @param version of the file, at least 1
 * Throws DamagedContent.
 */
export function assertKnownSchema(connection: Connection, version: number): void {
  const expected = expectedSchema(version);
  const found = entriesOf(connection);
  for (const { type, name } of found) {
    const wanted = expected.get(name)?.type ?? type;
    if (wanted !== type) throw new DamagedContent(`its ${name} is a ${type}, not a ${wanted}`);
  }
  for (const { type, name, sql } of found) {
    const entry = expected.get(name);
    if (entry === undefined) {
      throw new DamagedContent(`it has a ${type} ${name}, which no run has`);
    }
    if (entry.sql !== sql) throw new DamagedContent(`its ${type} ${name} is not that of a run`);
  }
  const names = new Set(found.map(({ name }) => name));
  for (const name of expected.keys()) {
    if (!names.has(name)) throw new DamagedContent(`it has no ${name}`);
  }
  if (names.size !== found.length) throw new DamagedContent('it names a table twice');
}

/**
 * Whether the pages of a table lead to one another as they should: reading a table that is not sound may miss
 * rows, or never end. Each page is looked at once.
 * @param table null looks at the whole file with its free pages and indices
 * Throws DamagedContent.
 */
export function assertSoundPages(connection: Connection, table: string | null): void {
  const check = table === null ? 'pragma_integrity_check' : `pragma_quick_check('${table}')`;
  const column = table === null ? 'integrity_check' : 'quick_check';
  // As bytes, because SQLite's message may quote the file.
  const rows = connection.all(
    `SELECT CAST(${column} AS BLOB) AS fault FROM ${check} WHERE ${column} <> 'ok' LIMIT 1`,
  );
  if (rows.length === 0) return;
  const fault = textOf(rows[0]!, 'fault').trim().replace(/\s+/g, ' ').slice(0, 300);
  throw new DamagedContent(`its pages are inconsistent (${fault})`);
}

function expectedSchema(version: number): ReadonlyMap<string, Entry> {
  let entries = known.get(version);
  if (entries === undefined) {
    const memory = new Connection(':memory:', 'memory');
    for (const step of migrations.slice(0, version)) step(memory);
    entries = new Map(entriesOf(memory).map((entry) => [entry.name, entry]));
    memory.release();
    known.set(version, entries);
  }
  return entries;
}

function entriesOf(connection: Connection): Entry[] {
  return connection.all(`SELECT ${select} FROM sqlite_schema LIMIT 1000`).map((row) => ({
    type: textOf(row, 'type'),
    name: textOf(row, 'name'),
    // SQLite keeps the text as it was written, with a later column where its migration step put it.
    sql: textOf(row, 'sql')
      .replace(/\s+/g, ' ')
      .replace(/ ?([(),]) ?/g, '$1'),
  }));
}

/** Bytes that are not UTF-8 are replaced, so that the text cannot equal what is expected. */
function textOf(row: Row, column: string): string {
  const value = row[column];
  return value instanceof ArrayBuffer ? new TextDecoder().decode(value) : '';
}
