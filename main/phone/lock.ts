/**
 * One owner per phone: two that measure on it at once would time each other. The lock is SQLite's lock on a
 * small file, which every system releases when a process ends, however it ends.
 */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { WorkbenchError } from '../errors.ts';

export interface PhoneLock {
  release(): void;
}

/** One folder for all programs of this user on this computer. Throws `lock-folder-unsafe`. */
function locksFolder(): string {
  const user = process.getuid?.() ?? os.userInfo().username;
  const folder = path.join(os.tmpdir(), `zico-phones-${user}`);
  makeOwnFolder(folder);
  return folder;
}

/**
 * The folder for temporary files is shared by everybody: something with this name may belong to somebody else,
 * or be a link to a place where locks would overwrite other files.
 * @throws WorkbenchError `lock-folder-unsafe`
 */
export function makeOwnFolder(folder: string): void {
  mkdirSync(path.dirname(folder), { recursive: true });
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    // Something with this name exists already, possibly a link that leads nowhere.
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unsafe(folder, cause);
  }
  const info = lstatSync(folder);
  if (!info.isDirectory()) throw unsafe(folder, undefined, 'is not a folder');
  const user = process.getuid?.();
  if (user === undefined) return; // Windows keeps a temporary folder for each user
  if (info.uid !== user) throw unsafe(folder, undefined, 'belongs to another user');
  if ((info.mode & 0o022) !== 0) throw unsafe(folder, undefined, 'can be written by other users');
}

function unsafe(folder: string, cause: unknown, what?: string): WorkbenchError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WorkbenchError(
    'lock-folder-unsafe',
    `${folder}, where phones in use are noted, ${what ?? `cannot be made: ${reason}`}.`,
    'Remove it, or name another folder for temporary files (TMPDIR).',
    { cause },
  );
}

/**
 * @param phone the number on the phone itself, or adb's name for it where it gives none
 * @param purpose such as a run file, shown to whoever finds the phone taken
 * @throws WorkbenchError `phone-in-use`
 */
export function lockPhone(phone: string, purpose: string, folder = locksFolder()): PhoneLock {
  const name = createHash('sha256').update(phone).digest('hex').slice(0, 24);
  const file = path.join(folder, `${name}.lock`);
  const card = path.join(folder, `${name}.txt`);
  const database = new Database(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw inUse(phone, card, cause);
  }
  writeFileSync(card, `${purpose} (process ${process.pid})`);
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

function inUse(phone: string, card: string, cause: unknown): WorkbenchError {
  let owner = 'another program';
  try {
    owner = readFileSync(card, 'utf8');
  } catch {
    // Taken a moment ago, so the owner's note is not written yet.
  }
  return new WorkbenchError(
    'phone-in-use',
    `The phone ${phone} is measuring for another program: ${owner}.`,
    'Wait until that has ended or stop it, or choose another phone.',
    { cause },
  );
}
