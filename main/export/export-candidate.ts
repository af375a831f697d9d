/** Exports a chosen network: writes its files to a folder of their own. */
import { readdir, readFile, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import { besides, type Candidate, type CandidateId } from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import type { Standing } from '../run/standing.ts';
import type { TrainedModel } from '../run/trained-model.ts';
import { ensureFolder, writeError, writeFilesAtomically } from '../atomic-write.ts';
import type { Calibrating } from './int8-files.ts';
import { fileNames, imagesFile, readmeFile, type ExportFormat } from './formats.ts';
import { makeFiles } from './make-files.ts';

const architectureFile = fileNames.json;
const knownFiles: ReadonlySet<string> = new Set([
  ...Object.values(fileNames),
  imagesFile,
  readmeFile,
]);
/** Files that operating systems put into folders on their own. */
const litter = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

export interface ExportRequest {
  /** The run to take the candidate from. */
  readonly run: {
    info(): RunInfo;
    /** The candidate with its layers. */
    candidate(id: CandidateId): Candidate | null;
    /** All candidates, without their layers, for the report. */
    candidates?(): readonly Candidate[];
    /** What they say about this one; absent: found out from them. */
    standing?(): Standing;
    /** Models that were attached to candidates; only the report needs them. */
    trained?(): readonly TrainedModel[];
  };
  readonly id: CandidateId;
  /** Created if missing. It must be empty, or hold an earlier export of the same candidate. */
  readonly folder: string;
  readonly productVersion: string;
  /** What to write; the model and its figures unless stated. The figures (json) are always there. */
  readonly formats?: readonly ExportFormat[];
  /** How int8 files come to their ranges; they cannot be made without. */
  readonly calibrating?: Calibrating | undefined;
  /** Hears which file is being made, of how many. */
  readonly onProgress?: (file: string, index: number, count: number) => void;
}

/**
 * Writes all files or none; returns their names.
 * Throws `not-exportable` (no PyTorch code for an operator), `not-convertible` (none of TensorFlow Lite),
 * `no-calibration-data`, what drawing images throws, `no-such-candidate`, `candidate-failed`, `folder-not-empty`, `folder-not-writable`, `disk-full`.
 */
export async function exportCandidate(request: ExportRequest): Promise<readonly string[]> {
  const { run, id, folder } = request;
  const info = run.info();
  const candidate = run.candidate(id);
  if (candidate === null) {
    throw new WorkbenchError(
      'no-such-candidate',
      `The run has no candidate ${id}.`,
      'Take the id from the table of candidates; "zico candidates RUN" prints it.',
    );
  }
  if (candidate.status === 'failed') {
    throw new WorkbenchError(
      'candidate-failed',
      `Candidate ${id} (${candidate.genotype}) could not be evaluated: ${candidate.failure.message}`,
      'Choose a candidate that was scored.',
    );
  }
  const existed = await assertFree(folder, info.runId, candidate);

  const files = await makeFiles({ ...request, info, candidate });
  await ensureFolder(folder);
  try {
    await writeFilesAtomically(folder, files);
  } catch (error) {
    if (!existed) await rmdir(folder).catch(() => undefined); // leave no empty folder behind
    throw error;
  }
  return files.map(({ name }) => name);
}

/**
 * Protects files that are not ours: refuses a folder that holds anything but an earlier export of the
 * same candidate. Returns whether the folder exists.
 */
async function assertFree(folder: string, runId: string, candidate: Candidate): Promise<boolean> {
  const names = await namesIn(folder);
  if (names === null) return false;
  const found = names.filter((name) => !litter.has(name));
  const foreign = found.filter((name) => !knownFiles.has(name));
  if (found.length === 0) return true;
  if (foreign.length === 0 && (await isExportOf(folder, runId, candidate))) return true;
  const [example] = foreign.length > 0 ? foreign : found;
  throw new WorkbenchError(
    'folder-not-empty',
    `${folder} is not empty: it holds ${example}${found.length > 1 ? ` and ${found.length - 1} more` : ''}.`,
    'Choose a new or an empty folder, so that nothing is overwritten.',
  );
}

async function namesIn(folder: string): Promise<string[] | null> {
  try {
    const info = await stat(folder);
    if (info.isDirectory()) return await readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw writeError(folder, cause);
  }
  throw writeError(folder, Object.assign(new Error('a file'), { code: 'EEXIST' }));
}

async function isExportOf(
  folder: string,
  runId: string,
  { id, genotype }: Candidate,
): Promise<boolean> {
  try {
    const text = await readFile(path.join(folder, architectureFile), 'utf8');
    const earlier = JSON.parse(text) as {
      genotype?: unknown;
      run?: { runId?: unknown };
      candidate?: { id?: unknown };
    };
    if (earlier.run?.runId !== runId) return false;
    return id === besides ? earlier.genotype === genotype : earlier.candidate?.id === id;
  } catch {
    return false; // unreadable or something else: not ours to replace
  }
}
