/** A copy of a run without what a person noted in it, to be passed on. */
import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, realpathSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeError } from '../../atomic-write.ts';
import { WorkbenchError } from '../../errors.ts';
import { openRunForWriting, openRunReadOnly } from '../../store/run-file.ts';
import { runInUse } from '../../store/store-errors.ts';

/** Where SQLite keeps what is not in the file itself yet. */
const logsOf = (file: string): readonly string[] => [`${file}-wal`, `${file}-journal`];

/**
 * Whole or not at all; replaces what lies at the target.
 * Throws `same-file`, `run-in-use`, `folder-not-writable`, `disk-full`, and what reading the run throws.
 */
export function copyWithoutNotes(file: string, target: string): void {
  if (existsSync(target) && realpathSync(target) === realpathSync(file)) {
    throw new WorkbenchError(
      'same-file',
      'A copy cannot take the place of the run itself.',
      'Choose another name, or another folder.',
    );
  }
  // SQLite would take the log of the run that lies there for one of the copy.
  if (logsOf(target).some((log) => existsSync(log))) throw runInUse(target);
  // Folds in what a killed process left beside the file, and refuses what is no run.
  openRunReadOnly(file).close();
  const folder = path.dirname(target);
  const mark = randomBytes(4).toString('hex');
  const temporary = path.join(folder, `.${path.basename(target)}.${mark}.tmp`);
  try {
    copyFileSync(file, temporary);
    // Where a run is read-only, its copy would be, too.
    chmodSync(temporary, 0o644);
    const copy = openRunForWriting(temporary);
    try {
      copy.eraseNotes();
    } finally {
      copy.close();
    }
    // On a full disk closing leaves what was erased to a log beside the file: then this throws.
    openRunReadOnly(temporary).close();
    renameSync(temporary, target);
  } catch (error) {
    for (const left of [temporary, ...logsOf(temporary)]) rmSync(left, { force: true });
    throw error instanceof WorkbenchError ? error : writeError(folder, error);
  }
}
