/** Whether a file is still as it was, so that what was found out about it still holds. */
import { existsSync, statSync } from 'node:fs';

/**
 * Null for a file that is not there, or that is being written, that is, where a log is next to it. Not by its time
 * alone, because clocks are put back and programs set times: the system's own mark of a change goes with it.
 */
export function fileStampOf(file: string): string | null {
  if (existsSync(`${file}-wal`)) return null;
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return null;
  const { size, mtimeMs, ctimeMs, ino } = found;
  return [size, mtimeMs, ctimeMs, ino].join(' ');
}
