/**
 * Whether the file that is being written is still where it was. SQLite keeps writing to a file that was
 * deleted, so that everything would be lost when the search ends.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Connection } from './connection.ts';
import { runFileGone } from './store-errors.ts';

/** @returns null where there is no file */
function identityOf(file: string): string | null {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev} ${stats.ino}`;
}

export class FileInPlace {
  readonly #connection: Connection;
  readonly #identity: string | null;
  #error: Error | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#identity = identityOf(connection.path);
  }

  get lost(): boolean {
    return this.#error !== null;
  }

  /**
   * Throws `run-file-gone`; the first time, everything that was committed is written into a new file next to
   * it.
   */
  assert(): void {
    if (this.#error === null) {
      let identity: string | null;
      try {
        identity = identityOf(this.#connection.path);
      } catch {
        return; // a drive may be away for a moment: writing will tell
      }
      if (identity === this.#identity) return;
      this.#error = runFileGone(this.#connection.path, this.#rescue());
    }
    throw this.#error;
  }

  #rescue(): string | null {
    const file = freeName(this.#connection.path);
    try {
      this.#connection.run('VACUUM INTO ?', [file]);
      return file;
    } catch {
      return null; // the folder is gone, or its disk is full
    }
  }
}

function freeName(file: string): string {
  const { dir, name, ext } = path.parse(file);
  for (let n = 1; ; n++) {
    const free = path.join(dir, `${name} rescued${n > 1 ? ` ${n}` : ''}${ext}`);
    if (!existsSync(free)) return free;
  }
}
