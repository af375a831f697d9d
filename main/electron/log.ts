/**
 * What the window's process writes down: to the terminal that it was started from, if there is one, and to a file
 * that a person can look into and send along with a report.
 */
import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { shown } from '../common/shown.ts';

/** Beyond that a new file is begun, and the one before is kept. */
const mostBytes = 512 * 1024;
/** One entry, such as an error with all its causes. */
const mostCharacters = 20_000;

let file: string | null = null;

/** From now on lines go to that file as well. */
export function logTo(path: string): void {
  file = path;
}

/** Messages and stacks name files, layers and classes of the person's, any of which might steer a terminal. */
export function logError(what: string, error: unknown): void {
  const text = shown(`${what}: ${inspect(error)}`);
  console.error(text);
  write(text.slice(0, mostCharacters));
}

/** What happened, for whoever reads the file later; a terminal is not told. */
export function logEvent(what: string): void {
  write(shown(what));
}

/** The last lines of the file, the oldest first; empty where there is none. */
export function lastLines(most: number): string {
  if (file === null) return '';
  const lines = [`${file}.1`, file].flatMap((one) => textOf(one).split('\n').filter(Boolean));
  return lines.slice(-most).join('\n');
}

function write(text: string): void {
  if (file === null) return;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    if (sizeOf(file) > mostBytes) renameSync(file, `${file}.1`);
    appendFileSync(file, `${new Date().toISOString()} ${text}\n`, { mode: 0o600 });
  } catch {
    // A full disk keeps nobody from working, and there is nowhere left to say so.
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
