/** Stored runs: what they hold, as rows, as CSV, as a picture. */
import { candidateRows, type CandidateRow } from '../asked/candidate-rows.ts';
import { estimatesOfRun, readRun, type RunContents } from '../asked/run-contents.ts';
import type { Estimates } from '../search/guided/estimates.ts';
import { asSvgFile, frontPicture } from '../export/report/front-picture.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { frontOf, rankingOf } from '../run/ranking.ts';
import type { RunInfo } from '../run/run-store.ts';
import { openRunReadOnly } from '../store/run-file.ts';
import { typedError } from './errors.ts';

/** A run as it was when it was opened. Nothing has to be closed: its file is free for others. */
export class Run {
  readonly path: string;
  readonly info: RunInfo;
  readonly #contents: RunContents;
  readonly #rows: readonly CandidateRow[];

  /** For `openRun`. */
  constructor(path: string, contents: RunContents, estimates: Estimates | null) {
    this.path = path;
    this.info = contents.info;
    this.#contents = contents;
    this.#rows = candidateRows(contents, estimates);
  }

  get settings(): SearchSettings {
    return this.info.settings;
  }

  /** Every candidate in the order of its number, then what was scored besides; failed ones as well. */
  candidates(): readonly CandidateRow[] {
    return this.#rows;
  }

  /** Those that no other one dominates, by the scores, from cheapest to most expensive. */
  front(): readonly CandidateRow[] {
    const byId = new Map(this.#rows.map((row) => [row.id, row]));
    const { candidates } = this.#contents;
    return frontOf(candidates, rankingOf(this.settings)).map(({ id }) => byId.get(id)!);
  }

  /** Every scored candidate over its cost, with the front as a line: an SVG file's text. */
  frontSvg(): string {
    const { candidates } = this.#contents;
    const ranking = rankingOf(this.settings);
    const onFront = new Set(frontOf(candidates, ranking).map(({ id }) => id));
    return asSvgFile(frontPicture(candidates, ranking, onFront, null).svg);
  }
}

export interface OpenOptions {
  /** Of a guided search: what its model expects, as columns of candidates. Takes seconds; left out unless asked for. */
  readonly estimates?: boolean;
}

/** Reads a run that nobody is writing. Rejects with a WorkbenchError: `run-file-missing`, `run-in-use`, ... */
export async function openRun(path: string, options: OpenOptions = {}): Promise<Run> {
  try {
    const contents = readRun({ openRunReadOnly }, path);
    return new Run(path, contents, options.estimates ? await estimatesOfRun(contents) : null);
  } catch (error) {
    throw typedError(error);
  }
}
