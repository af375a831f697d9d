/**
 * A typed, synchronous connection to one SQLite file, over libsql (better-sqlite3's interface; an N-API
 * module that runs in Node and in Electron alike). What it works around in libsql 0.5.29:
 * - options `readonly` and `fileMustExist` are ignored: the file is named by a URI that says so;
 * - text that is not UTF-8 kills the process: the texts of run files are read as bytes (column.ts);
 * - a single bound null or buffer is taken for named parameters and ends the process: values are always
 *   bound as one array;
 * - `get` adds a `_metadata` column: `all` is used throughout;
 * - `close` keeps file and locks until every statement is garbage collected: locks are released by SQL
 *   before (see `release`);
 * - there is no `backup` and no `serialize`.
 */
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { storeError } from './store-errors.ts';

export type SqlValue = string | number | null;
/** Texts of files from elsewhere are read as bytes (column.ts): libsql gives a buffer in an object, a view in a list. */
export type Value = SqlValue | ArrayBuffer | Uint8Array;
export type Row = Readonly<Record<string, Value>>;

/** `immutable` reads without any lock: only for files that nobody can write. `memory` has no file. */
export type Access = 'create' | 'write' | 'read' | 'immutable' | 'memory';

const uriQuery: Record<Exclude<Access, 'memory'>, string> = {
  create: 'mode=rwc',
  write: 'mode=rw',
  read: 'mode=ro',
  immutable: 'mode=ro&immutable=1',
};

type Statement = ReturnType<InstanceType<typeof Database>['prepare']>;

/** Every method throws what `storeError` makes of SQLite's errors. */
export class Connection {
  readonly path: string;
  readonly #database: InstanceType<typeof Database>;
  readonly #statements = new Map<string, Statement>();

  constructor(path: string, access: Access) {
    this.path = path;
    const uri = access === 'memory' ? path : `${pathToFileURL(path).href}?${uriQuery[access]}`;
    this.#database = this.#guarded(() => new Database(uri));
  }

  /** Statements without parameters or results, separated by semicolons. */
  execute(sql: string): void {
    this.#guarded(() => this.#database.exec(sql));
  }

  run(sql: string, values: readonly SqlValue[] = []): void {
    this.#guarded(() => this.#statement(sql).run(values));
  }

  all(sql: string, values: readonly SqlValue[] = []): Row[] {
    return this.#guarded(() => this.#statement(sql).all(values) as Row[]);
  }

  /** Rows as their values, in the order of the selected columns: long lists are read a quarter faster than as objects. */
  values(sql: string, values: readonly SqlValue[] = []): Value[][] {
    return this.#guarded(() => this.#statement(sql, 'values').all(values) as Value[][]);
  }

  first(sql: string, values: readonly SqlValue[] = []): Row | null {
    return this.all(sql, values)[0] ?? null;
  }

  /** Reads or sets a pragma and returns its value; null where it has none. */
  pragma(text: string): Row[string] {
    // Not cached, because a pragma is prepared for the state that the connection is in.
    const rows = this.#guarded(() => this.#database.prepare(`PRAGMA ${text}`).all([]) as Row[]);
    return rows[0] === undefined ? null : Object.values(rows[0])[0]!;
  }

  /** All of `work` is committed, or none of it. */
  transaction<T>(work: () => T, kind: 'IMMEDIATE' | 'EXCLUSIVE' = 'IMMEDIATE'): T {
    this.execute(`BEGIN ${kind}`);
    try {
      const result = work();
      this.execute('COMMIT');
      return result;
    } catch (error) {
      // After some errors, such as a full disk, SQLite has already rolled back.
      if (this.#database.inTransaction) this.execute('ROLLBACK');
      throw error;
    }
  }

  /**
   * Releases the lock and closes. Only a read makes SQLite act on the new locking mode; it may fail where the
   * file is not a database, and then there is no lock to release.
   */
  release(): void {
    try {
      this.pragma('locking_mode = NORMAL');
      this.pragma('user_version');
    } catch {
      // The error that led here is the one to report.
    }
    this.#statements.clear();
    this.#database.close();
  }

  #statement(sql: string, rows: 'objects' | 'values' = 'objects'): Statement {
    const key = `${rows} ${sql}`;
    let statement = this.#statements.get(key);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      if (rows === 'values') statement.raw(true);
      this.#statements.set(key, statement);
    }
    return statement;
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeError(error, this.path);
    }
  }
}
