/** Stored runs: their contents as rows, as CSV, and as a picture. */
import { candidateRows, type CandidateRow } from '../workbench/candidate-rows.ts';
import { readRun } from '../asked/run-contents.ts';
import { estimatesOfRun, type RunContents } from '../workbench/run-contents.ts';
import type { Estimates } from '../search/guided/estimates.ts';
import { asSvgFile, frontPicture } from '../export/report/front-picture.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { frontOf, rankingOf } from '../run/ranking.ts';
import type { RunInfo } from '../run/run-store.ts';
import { openRunReadOnly } from '../store/run-file.ts';
import { typedError } from './errors.ts';

/** A run as it was when opened. It need not be closed, and its file is free for others. */
export class Run {
  readonly path: string;
  readonly info: RunInfo;
  readonly #contents: RunContents;
  readonly #rows: readonly CandidateRow[];

  /** Only for `openRun`. */
  constructor(path: string, contents: RunContents, estimates: Estimates | null) {
    this.path = path;
    this.info = contents.info;
    this.#contents = contents;
    this.#rows = candidateRows(contents, estimates);
  }

  get settings(): SearchSettings {
    return this.info.settings;
  }

  /** All candidates in the order of their ids, failed ones included, then networks scored outside the search. */
  candidates(): readonly CandidateRow[] {
    return this.#rows;
  }

  /** The candidates that no other dominates, by their scores, from cheapest to most expensive. */
  front(): readonly CandidateRow[] {
    const byId = new Map(this.#rows.map((row) => [row.id, row]));
    const { candidates } = this.#contents;
    return frontOf(candidates, rankingOf(this.settings)).map(({ id }) => byId.get(id)!);
  }

  /** An SVG file with every scored candidate over its cost and the front as a line. */
  frontSvg(): string {
    const { candidates } = this.#contents;
    const ranking = rankingOf(this.settings);
    const onFront = new Set(frontOf(candidates, ranking).map(({ id }) => id));
    return asSvgFile(frontPicture(candidates, ranking, onFront, new Set()).svg);
  }
}

export interface OpenOptions {
  /** For a guided search: adds what its model expects to the candidates. Takes seconds; off by default. */
  readonly estimates?: boolean;
}

/** Reads a run that no search is writing to. Rejects with a WorkbenchError: `run-file-missing`, `run-in-use`, ... */
export async function openRun(path: string, options: OpenOptions = {}): Promise<Run> {
  try {
    const contents = readRun({ openRunReadOnly }, path);
    return new Run(path, contents, options.estimates ? await estimatesOfRun(contents) : null);
  } catch (error) {
    throw typedError(error);
  }
}
