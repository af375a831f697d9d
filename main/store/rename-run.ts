/** Another name for a run file. */
import { linkSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeError } from '../atomic-write.ts';
import { WorkbenchError } from '../errors.ts';
import { openRunForWriting } from './run-file.ts';

/**
 * Only a run that nobody has open gets another name, since SQLite looks for its log beside the old one. Nothing is ever
 * written over. Throws `run-in-use`, `run-name-taken`, `folder-not-writable`, and what opening a run throws.
 */
export function renameRun(file: string, to: string): void {
  // Fails where another process has it open, and puts the log into the file.
  openRunForWriting(file).close();
  try {
    if (isTaken(file, to)) throw taken(to);
    move(file, to);
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(to);
    throw writeError(path.dirname(to), error);
  }
}

/** The same name in other letters is the same file where the system knows no difference, and else another one. */
function isTaken(file: string, to: string): boolean {
  const there = statSync(to, { bigint: true, throwIfNoEntry: false });
  if (there === undefined) return false;
  const { dev, ino } = statSync(file, { bigint: true });
  const same = there.dev === dev && there.ino === ino;
  return !(same && file.toLowerCase() === to.toLowerCase());
}

/** A link is made only where nothing lies; some file systems have none. */
function move(file: string, to: string): void {
  if (file.toLowerCase() === to.toLowerCase()) return renameSync(file, to);
  try {
    linkSync(file, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    return renameSync(file, to);
  }
  rmSync(file);
}

function taken(to: string): WorkbenchError {
  return new WorkbenchError(
    'run-name-taken',
    `There is another run called ${path.parse(to).name}.`,
    'Choose another name.',
  );
}
