/** The one row of a run: its content as `RunInfo`, and how it is stored with its digest. */
import type { RunInfo, RunStatus } from '../run/run-store.ts';
import {
  checkedRow,
  numberOf,
  parsed,
  selectList,
  textOf,
  wellFormed,
  type Raw,
} from './column.ts';
import { DamagedContent } from './damaged-content.ts';
import type { Connection } from './connection.ts';
import { digestOf } from './digest.ts';
import { runTable } from './tables.ts';

const { columns } = runTable;
/** The first version of run files that has digests. */
const digestsSince = 7;

/** What is known about all candidates together; null in files that are older than digests. */
export interface Tally {
  readonly candidates: number;
  readonly failed: number;
  readonly withoutDigest: number;
  readonly digest: number;
}

/** Throws DamagedContent. */
export function readRunRow(connection: Connection, version: number): Raw {
  const select = `SELECT ${selectList(columns, version)} FROM run LIMIT 2`;
  const rows = connection.all(select);
  if (rows.length !== 1) throw new DamagedContent(`it holds ${rows.length} runs`);
  const row = checkedRow(runTable, columns, rows[0]!);
  if (version >= digestsSince && row['digest'] !== digestOf(columns, 'digest', row)) {
    throw new DamagedContent('run does not agree with its digest');
  }
  return row;
}

export function tallyOf(row: Raw): Tally | null {
  if (row['digest'] === null) return null;
  const of = (name: string): number => numberOf(runTable, row, name);
  return {
    ...{ candidates: of('candidates'), failed: of('failed') },
    ...{ withoutDigest: of('without_digest'), digest: of('candidates_digest') },
  };
}

export function tallyColumns(tally: Tally): Raw {
  return {
    ...{ candidates: tally.candidates, failed: tally.failed },
    ...{ without_digest: tally.withoutDigest, candidates_digest: tally.digest },
  };
}

/** Writes what has changed, and the digest of all; returns the row as it is now. */
export function updateRun(connection: Connection, row: Raw, changes: Raw): Raw {
  const changed = { ...row, ...changes };
  const digest = digestOf(columns, 'digest', changed);
  const names = [...Object.keys(changes), 'digest'];
  connection.run(`UPDATE run SET ${names.map((name) => `${name} = ?`).join(', ')}`, [
    ...Object.values(changes),
    digest,
  ]);
  return { ...changed, digest };
}

/** Gives a run its missing digest, in the first version that has digests. */
export function sealRun(connection: Connection): void {
  if (connection.first('SELECT 1 AS one FROM run') === null) return;
  const select = `SELECT ${selectList(columns, digestsSince)} FROM run`;
  updateRun(connection, checkedRow(runTable, columns, connection.all(select)[0]!), {});
}

/** Throws DamagedContent. */
export function infoOf(row: Raw): RunInfo {
  const text = (name: string): string => textOf(runTable, row, name);
  return {
    runId: text('run_id'),
    settings: parsed(runTable, row, 'settings'),
    dataDescription: text('data_description'),
    productVersion: text('product_version'),
    createdAt: text('created_at'),
    status: text('status') as RunStatus, // one of these, or the row is refused
    elapsedSeconds: numberOf(runTable, row, 'elapsed_seconds'),
    ...(row['space'] !== null && { space: parsed<object>(runTable, row, 'space') }),
    ...(row['warnings'] !== null && { warnings: parsed(runTable, row, 'warnings') }),
    ...(row['scoring'] !== null && { scoring: parsed(runTable, row, 'scoring') }),
  };
}

export function insertRun(connection: Connection, info: RunInfo): void {
  const optional = (value: unknown): string | null =>
    value === undefined ? null : JSON.stringify(value);
  const row: Record<string, string | number | null> = {
    run_id: info.runId,
    settings: JSON.stringify(info.settings),
    data_description: wellFormed(info.dataDescription),
    product_version: info.productVersion,
    created_at: info.createdAt,
    status: info.status,
    elapsed_seconds: info.elapsedSeconds,
    space: optional(info.space),
    tags: '[]',
    warnings: optional(info.warnings),
    scoring: optional(info.scoring),
    ...tallyColumns({ candidates: 0, failed: 0, withoutDigest: 0, digest: 0 }),
  };
  row['digest'] = digestOf(columns, 'digest', row);
  const names = ['one', ...Object.keys(row)];
  connection.run(
    `INSERT INTO run (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    [1, ...Object.values(row)],
  );
}
