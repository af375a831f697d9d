/** A copy of a run without what a person noted in it, to be passed on. */
import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, realpathSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeError } from '../../atomic-write.ts';
import { WorkbenchError } from '../../errors.ts';
import { openRunForWriting, openRunReadOnly } from '../../store/run-file.ts';

/**
 * Whole or not at all; replaces what lies at the target.
 * Throws `same-file`, `folder-not-writable`, `disk-full`, and what reading the run throws.
 */
export function copyWithoutNotes(file: string, target: string): void {
  if (existsSync(target) && realpathSync(target) === realpathSync(file)) {
    throw new WorkbenchError(
      'same-file',
      'A copy cannot take the place of the run itself.',
      'Choose another name, or another folder.',
    );
  }
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
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error instanceof WorkbenchError ? error : writeError(folder, error);
  }
}
