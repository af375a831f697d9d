/** An export in a process of its own. */
import { askOnce, type OneShot } from '../child/one-shot.ts';
import type { Candidate } from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import type { ExportFormat } from './formats.ts';

/** Plain data, which crosses process walls: the run's file may be in use by its search. */
export interface ChildExport {
  readonly info: RunInfo;
  /** With per-layer detail. */
  readonly candidate: Candidate;
  /** Of the whole run, light, for the report. */
  readonly candidates: readonly Candidate[];
  readonly folder: string;
  readonly productVersion: string;
  readonly formats: readonly ExportFormat[];
}

/** Which file is being made, of how many. */
export interface ExportProgress {
  readonly file: string;
  readonly index: number;
  readonly count: number;
}

/** Writes all files or none; returns their names. Throws what `exportCandidate` throws; `export-crashed`. */
export function exportInChild(
  child: Omit<OneShot, 'name'>,
  request: ChildExport,
  onProgress: (progress: ExportProgress) => void,
): Promise<readonly string[]> {
  return askOnce({ ...child, name: 'export' }, request, onProgress);
}
