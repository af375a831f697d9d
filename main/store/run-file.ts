/**
 * Creates, opens and closes run files: one SQLite file per run, written by one process at a time.
 *
 * A writer holds SQLite's exclusive lock and a write-ahead log: a commit costs no disk flush and survives kill
 * -9. On close the log is folded into the file, which then contains the whole run and can be sent to a
 * colleague. After kill -9, whoever opens the run next folds the log in.
 */
import { existsSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import type { RunFile, RunInfo } from '../run/run-store.ts';
import { DamagedContent } from './damaged-content.ts';
import { Connection } from './connection.ts';
import { FileInPlace } from './in-place.ts';
import { assertKnownSchema, assertSoundPages } from './known-schema.ts';
import { migrate } from './migrations.ts';
import { readHeader, realPath, statsOf } from './run-file-header.ts';
import { insertRun, readRunRow } from './run-row.ts';
import { applicationId, migrations } from './schema.ts';
import { SqliteRunStore } from './sqlite-run-store.ts';
import {
  damagedRun,
  diskFull,
  folderNotWritable,
  runExists,
  runInUse,
  runNewerVersion,
} from './store-errors.ts';
import { assertAllThere } from './tally.ts';
import { isVerified, setVerified, stampOf, type CheckedExtent } from './verified.ts';

/** Extension of run files. */
export const runFileExtension = '.zico';

/**
 * Runs that this process writes, by real path. A connection remains here after `close` if its log could not be
 * folded in (a full disk): it still has the lock, and the next `openRunForWriting` continues with it.
 */
const writers = new Map<string, 'open' | Connection>();

/**
 * Creates a run and opens it for writing.
 * Throws `run-exists`, `run-in-use`, `folder-not-writable`, `disk-full`.
 */
export function createRun(file: string, info: RunInfo): RunFile {
  const before = statsOf(file);
  // An empty file remains where a process was killed while it was creating a run.
  if (before !== undefined && !(before.isFile() && before.size === 0)) throw runExists(file);
  if (!existsSync(path.dirname(file))) throw folderNotWritable(file);
  const connection = new Connection(file, 'create');
  try {
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.transaction(() => {
      // Only now is it certain that nobody else is creating it.
      if (connection.first('SELECT 1 AS one FROM sqlite_schema') !== null) throw runExists(file);
      connection.pragma(`application_id = ${applicationId}`);
      migrate(connection, migrations);
      insertRun(connection, info);
    }, 'EXCLUSIVE');
    startLog(connection);
  } catch (error) {
    connection.release();
    const others = ['run-exists', 'run-in-use'];
    const ours = !(error instanceof WorkbenchError && others.includes(error.code));
    if (ours) removeRun(file);
    throw error;
  }
  return writer(connection);
}

/**
 * Opens a run for writing, brings it up to the current version, and folds in what a killed process left behind.
 * @param looked what `lookThroughRun` returned in another process: the file is not checked again unless it has
 *   changed since
 * Throws `run-file-missing`, `not-a-run-file`, `run-newer-version`, `run-in-use`, `folder-not-writable`,
 * `disk-full`.
 */
export function openRunForWriting(file: string, looked: string | null = null): RunFile {
  return writer(connectForWriting(file, looked));
}

/**
 * Checks the whole of a run that nobody is writing, which takes as long as its file is large: for a process
 * that may wait, on behalf of one that may not. Returns what tells `openRunForWriting` which state of the file this was.
 * Throws as `openRunReadOnly` does.
 */
export function lookThroughRun(file: string): string {
  settle(file); // which may change it
  const stamp = stampOf(realPath(file));
  open(file, 'whole').close();
  return stamp;
}

/** The connection behind `openRunForWriting`: exclusive, checked, of the current version, with a write-ahead log. */
export function connectForWriting(file: string, looked: string | null = null): Connection {
  const left = unfinished(file);
  if (left !== null) return left;
  if (readHeader(file, 'write').version > migrations.length) throw runNewerVersion(file);
  const connection = new Connection(file, 'write');
  try {
    // This has to come before the first access, so that the log's index is kept in memory and no -shm file
    // appears.
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.transaction(() => {
      // The whole file is checked, because additions take free pages, and those of a damaged file may be in
      // use.
      const real = realPath(file);
      if (!isVerified(real, 'whole') && looked !== stampOf(real)) lookThrough(connection, 'whole');
      migrate(connection, migrations);
    }, 'EXCLUSIVE');
    startLog(connection);
    return connection;
  } catch (error) {
    connection.release();
    throw error;
  }
}

/**
 * Opens a run that nobody is writing, for viewing. It works in folders where nothing can be written, and leaves
 * files of older versions as they are. After a process was killed, the run is first opened for writing once.
 * Throws `run-file-missing`, `not-a-run-file`, `run-newer-version`, `run-in-use`; `folder-not-writable` and
 * `disk-full` where the log of a killed process would have to be folded in and cannot be.
 */
export function openRunReadOnly(file: string): RunFile {
  return open(file, 'read');
}

function open(file: string, extent: CheckedExtent): RunFile {
  const access = settle(file);
  const connection = new Connection(file, access);
  try {
    const real = realPath(file);
    const known = isVerified(real, extent);
    const version = known ? versionOf(connection) : lookThrough(connection, extent);
    setVerified(real, extent);
    const onClose = (): void => connection.release();
    const store = new SqliteRunStore(connection, { writable: false, version, onClose });
    store.info();
    return store;
  } catch (error) {
    connection.release();
    throw error;
  }
}

/**
 * Checks a file, which may come from anywhere, before any of it is believed; returns its version.
 * Throws `not-a-run-file`, `run-newer-version`.
 */
function lookThrough(connection: Connection, extent: CheckedExtent): number {
  try {
    const version = versionOf(connection);
    assertKnownSchema(connection, version);
    const there = readTables.filter((table) => version >= (since[table] ?? 1));
    for (const table of extent === 'whole' ? [null] : there) assertSoundPages(connection, table);
    assertAllThere(connection, readRunRow(connection, version));
    return version;
  } catch (error) {
    throw error instanceof DamagedContent ? damagedRun(connection.path, error) : error;
  }
}

const readTables = ['run', 'candidate', 'mark', 'extra', 'trained'];
/** The tables that run files have since a given version. */
const since: Readonly<Record<string, number>> = { mark: 3, extra: 8, trained: 10 };

function versionOf(connection: Connection): number {
  const version = Number(connection.pragma('user_version'));
  if (version > migrations.length) throw runNewerVersion(connection.path);
  if (version >= 1) return version;
  throw damagedRun(connection.path, new DamagedContent(`it has the version ${version}`));
}

/** Makes a run ready for viewing, and says how it can be read. */
function settle(file: string): 'read' | 'immutable' {
  const writtenHere = statsOf(file) !== undefined && writers.has(realPath(file));
  const header = writtenHere ? null : readHeader(file, 'read');
  if (header !== null && header.version > migrations.length) throw runNewerVersion(file);
  const complete = header !== null && !hasLog(file);
  if (complete && !header.writeAheadLog) return 'read';
  try {
    openRunForWriting(file).close();
  } catch (error) {
    // A copy of a run without its log, where nothing can be written, is complete as it is.
    const code = error instanceof WorkbenchError ? error.code : null;
    if (code === 'folder-not-writable' && complete) return 'immutable';
    throw error;
  }
  // What a killed process left is still next to the file, and the lock is ours.
  if (writers.has(realPath(file))) throw diskFull(file);
  return 'read';
}

function writer(connection: Connection): RunFile {
  const key = realPath(connection.path);
  const place = new FileInPlace(connection);
  const onClose = (): void => {
    if (isLost(place)) {
      // Folding the log in would remove the log of whatever file is there now.
      connection.release();
      writers.delete(key);
      return;
    }
    writers.set(key, connection);
    if (!foldLog(connection)) return;
    writers.delete(key);
    setVerified(key, 'whole');
  };
  const store = new SqliteRunStore(connection, {
    writable: true,
    assertInPlace: () => place.assert(),
    onClose,
  });
  writers.set(key, 'open');
  try {
    store.info();
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

function isLost(place: FileInPlace): boolean {
  try {
    place.assert();
    return false;
  } catch {
    return true;
  }
}

/** A connection that this process could not close properly; throws where it is still in use here. */
function unfinished(file: string): Connection | null {
  if (statsOf(file) === undefined) return null;
  const mine = writers.get(realPath(file)) ?? null;
  if (mine === 'open') throw runInUse(file);
  return mine;
}

function startLog(connection: Connection): void {
  // SQLite returns the mode that it could set: with a read-only file or folder it remains the old one.
  if (connection.pragma('journal_mode = WAL') !== 'wal') throw folderNotWritable(connection.path);
  // Safe against kill -9 and crashes of the program; a power cut may lose the last candidates, never more.
  connection.pragma('synchronous = NORMAL');
}

/**
 * Folds the log in and releases the lock. False where the disk does not permit it: the log remains next to the
 * file, nothing is lost, and whoever opens the run next tries again.
 */
function foldLog(connection: Connection): boolean {
  try {
    connection.pragma('wal_checkpoint(TRUNCATE)');
    if (connection.pragma('journal_mode = DELETE') !== 'delete') return false;
  } catch {
    return false;
  }
  connection.release();
  return true;
}

/** True where a killed process left changes next to the file. */
function hasLog(file: string): boolean {
  const real = realPath(file); // SQLite keeps logs where the file is, not where a link to it is
  const sizes = ['-wal', '-journal'].map(
    (suffix) => statSync(real + suffix, { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.some((bytes) => bytes > 0);
}

function removeRun(file: string): void {
  for (const suffix of ['', '-wal', '-journal']) rmSync(file + suffix, { force: true });
}
