/** An export in a process of its own. */
import { askOnce, type OneShot } from '../child/one-shot.ts';
import type { RangeChoice } from '../common/quantising.ts';
import type { Candidate } from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import type { Standing } from '../run/standing.ts';
import type { TrainedModel } from '../run/trained-model.ts';
import type { ExportFormat } from './formats.ts';

/** Plain data that can be sent to the child, which cannot read the run file while its search writes it. */
export interface ChildExport {
  readonly info: RunInfo;
  /** The candidate with its layers. */
  readonly candidate: Candidate;
  /** What the other candidates of the run say about it. */
  readonly standing: Standing;
  /** All candidates of the run, without their layers, for the report; empty for anything else. */
  readonly candidates: readonly Candidate[];
  /** Models that were attached to candidates, for the report. */
  readonly trained: readonly TrainedModel[];
  readonly folder: string;
  readonly productVersion: string;
  readonly formats: readonly ExportFormat[];
  readonly ranges: RangeChoice;
  /** Where the product's files lie. */
  readonly assetsFolder: string;
}

/** The file that is being made, and how many there are. */
export interface ExportProgress {
  readonly file: string;
  readonly index: number;
  readonly count: number;
}

/** Writes all files or none; returns their names. Throws what `exportCandidate` throws, and `export-crashed`. */
export function exportInChild(
  child: Omit<OneShot, 'name'>,
  request: ChildExport,
  onProgress: (progress: ExportProgress) => void,
): Promise<readonly string[]> {
  return askOnce({ ...child, name: 'export' }, request, onProgress);
}
