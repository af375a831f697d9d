/** What SQLite and the file system report, as errors a person can act on. */
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import type { DamagedContent } from './damaged-content.ts';

/** SQLite's primary result codes (sqlite.org/rescode.html); extended codes hold them in the low byte. */
const sqlite = {
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  protocol: 15,
  tooBig: 18,
  constraint: 19,
  mismatch: 20,
  format: 24,
  range: 25,
  notADatabase: 26,
} as const;

/** SQLITE_IOERR_LOCK: a file that could only be opened for reading cannot be locked for writing. */
const lockRefused = 3850;

/** Translates anything thrown by libsql for the file at `file`; unknown errors are returned as they are. */
export function storeError(error: unknown, file: string): unknown {
  const code = resultCode(error);
  if (code === lockRefused) return folderNotWritable(file, error);
  switch (code === null ? null : code & 0xff) {
    case sqlite.busy:
    case sqlite.locked:
      return runInUse(file, error);
    case sqlite.readOnly:
    case sqlite.cannotOpen:
      return folderNotWritable(file, error);
    case sqlite.inputOutput:
      return new WorkbenchError(
        'run-file-unreadable',
        `The disk could not read or write ${file}.`,
        'Check the disk, its quota or the network drive, then resume the run: everything committed is still there.',
        { cause: error },
      );
    case sqlite.full:
      return diskFull(file, error);
    case sqlite.protocol:
      return new WorkbenchError(
        'no-file-locks',
        `${file} is in a place where files cannot be locked, such as a network drive.`,
        'Choose a local folder, or copy the run to one.',
        { cause: error },
      );
    case sqlite.error: // a table or column is missing
    case sqlite.corrupt:
    case sqlite.tooBig:
    case sqlite.mismatch:
    case sqlite.format:
    case sqlite.range:
    case sqlite.notADatabase:
      return notARunFile(file, error);
    case sqlite.constraint:
      return new WorkbenchError(
        'candidate-exists',
        `This candidate cannot be added to ${file}: its number or its network is already there.`,
        'The file may be damaged: use an earlier copy of it. If that fails in the same way, please report it with the run file.',
        { cause: error },
      );
    default:
      return error;
  }
}

function resultCode(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  if ('rawCode' in error && typeof error.rawCode === 'number') return error.rawCode;
  // Opening fails with a plain error that ends in SQLite's code.
  const opening = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(error.message);
  return opening ? Number(opening[1]) : null;
}

export function runInUse(file: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'run-in-use',
    `The run ${file} is open in another window or process that writes to it.`,
    'Stop the search there first, or look at the run where it is open.',
    { cause },
  );
}

export function notARunFile(file: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'not-a-run-file',
    `${file} is not a run of ZiCo Workbench, or it is damaged.`,
    'Choose a file that a search has written (.zico). If it was copied, copy it again: the copy may be incomplete.',
    { cause },
  );
}

export function folderForARun(folder: string): WorkbenchError {
  return new WorkbenchError(
    'not-a-run-file',
    `${folder} is a folder, not a run.`,
    'Choose a file in it that a search has written (.zico).',
  );
}

/** A run part of which is not as it was stored. */
export function damagedRun(file: string, cause: DamagedContent): WorkbenchError {
  return new WorkbenchError(
    'not-a-run-file',
    `${path.basename(file)} is damaged, or not a run of ZiCo Workbench: ${cause.message}.`,
    `If ${file} was copied, copy it again: the copy may be incomplete. Otherwise use an earlier copy.`,
    { cause },
  );
}

export function diskFull(file: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'disk-full',
    `The disk that holds ${file} is full.`,
    'Make room on it, then resume the run: everything committed so far is kept.',
    { cause },
  );
}

/** The file that a search is writing is no longer where it was. */
export function runFileGone(file: string, rescued: string | null): WorkbenchError {
  return new WorkbenchError(
    'run-file-gone',
    rescued === null
      ? `${file} was deleted, moved or replaced while a search wrote to it, and its content could not be written next to it.`
      : `${file} was deleted, moved or replaced while a search wrote to it. The search has stopped; all that it had found is in ${rescued}.`,
    rescued === null
      ? 'If the file was moved, everything is in it where it is now; resume it there.'
      : 'Resume that run to continue, and leave its file where it is until the search has ended.',
  );
}

/** What the file system says about a run file, before SQLite is asked. */
export function fileError(error: unknown, file: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (typeof code !== 'string' || error instanceof WorkbenchError) return error;
  if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'].includes(code)) return runFileMissing(file);
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(file, error);
  return folderNotWritable(file, error);
}

export function folderNotWritable(file: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'folder-not-writable',
    `${path.basename(file)} cannot be opened: it or its folder ${path.dirname(path.resolve(file))} cannot be read or written by this account.`,
    'Change the permissions of folder and file, or choose another folder.',
    { cause },
  );
}

export function runFileMissing(file: string): WorkbenchError {
  return new WorkbenchError(
    'run-file-missing',
    `There is no file ${file}.`,
    'Check the path; the run may have been moved or renamed.',
  );
}

export function runExists(file: string): WorkbenchError {
  return new WorkbenchError(
    'run-exists',
    `${file} exists already.`,
    'Resume that run, or give the new one another name.',
  );
}

export function runNewerVersion(file: string): WorkbenchError {
  return new WorkbenchError(
    'run-newer-version',
    `${file} was written by a newer version of ZiCo Workbench.`,
    'Update this program to open it.',
  );
}

export function runReadOnly(file: string): WorkbenchError {
  return new WorkbenchError(
    'run-read-only',
    `${file} is open for viewing only.`,
    'Resume the run to add to it.',
  );
}

export const unknownCandidate = (id: number) =>
  new WorkbenchError(
    'unknown-candidate',
    `The run has no candidate ${id}.`,
    'Choose one of the candidates of the table.',
  );
