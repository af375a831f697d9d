/**
 * One owner a phone: two that measure on it at once would time each other. The lock is SQLite's on a small
 * file, which every system takes back from a process that ends, however it ends.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { WorkbenchError } from '../errors.ts';

export interface PhoneLock {
  release(): void;
}

/** Beside each other for all programs of this user on this computer. */
function locksFolder(): string {
  const user = process.getuid?.() ?? os.userInfo().username;
  const folder = path.join(os.tmpdir(), `zico-phones-${user}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * @param phone the number on the phone itself, or adb's name of it where it tells none
 * @param purpose such as a run file: whoever comes second reads it
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
    // Taken a moment ago: the card is not written yet.
  }
  return new WorkbenchError(
    'phone-in-use',
    `The phone ${phone} is measuring for somebody else: ${owner}.`,
    'Wait until that has ended or stop it, or choose another phone.',
    { cause },
  );
}
