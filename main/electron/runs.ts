/** The runs that the window shows: those that lie in files and the one that is being searched now. */
import { join, parse } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type {
  ArchitectureNode,
  CandidateDetail,
  CandidatePage,
  CandidateRow,
  RunProgress,
  RunSummary,
  RunView,
} from '../../preload/contract.ts';
import { architectureOf } from '../analysis/architecture.ts';
import { WorkbenchError } from '../errors.ts';
import type { ExportFormat } from '../export/formats.ts';
import type { ExportProgress } from '../export/in-child.ts';
import type { Candidate, CandidateId } from '../search/candidate.ts';
import type { RunInfo } from '../search/run-store.ts';
import { packRows } from './pack-rows.ts';
import { RunFiles } from './run-files.ts';
import { progressOf, summaryOf, unreadableSummary, withReader } from './run-reading.ts';
import { RunSpaces } from './run-spaces.ts';
import { Searches, type SearchesOptions } from './searches.ts';
import type { RunNotes, RunReader, Services } from './services.ts';
import { candidateDetailOf, candidateRowOf, spaceDescriptionOf, warningRow } from './views.ts';

/** Rows read at once: some 10 ms. */
const pieceOfRows = 1000;

export interface RunsOptions extends SearchesOptions {
  /** Where new runs go. */
  readonly folder: string;
  /** Which file of an export is being made. */
  readonly exporting?: (progress: { run: string; id: number } & ExportProgress) => void;
}

export interface Exported {
  readonly folder: string;
  readonly files: string[];
}

export class Runs {
  readonly files: RunFiles;
  readonly searches: Searches;
  readonly #services: Services;
  readonly #options: RunsOptions;
  readonly #spaces: RunSpaces;

  constructor(options: RunsOptions) {
    this.#options = options;
    this.#services = options.services;
    this.files = new RunFiles(options.folder);
    this.#spaces = new RunSpaces(options.services);
    this.searches = new Searches(this.files, this.#spaces, options);
  }

  /** Every known run, the newest first. A file that cannot be read is listed with its error. */
  async list(): Promise<RunSummary[]> {
    const summaries: RunSummary[] = [];
    for (const { run, path } of await this.files.all()) {
      summaries.push(this.#summary(run, path));
      await breathe(); // SQLite reads are synchronous: a long list must not hold up the window
    }
    return summaries;
  }

  /** Makes a run file from anywhere known. Throws what is wrong with the file. */
  open(path: string): string {
    withReader(this.#services, path, (reader) => reader.info());
    return this.files.register(path);
  }

  async view(run: string): Promise<RunView> {
    const path = await this.files.pathOf(run);
    return this.#read(run, path, (reader) => {
      const info = reader.info();
      const { dataDescription, productVersion, warnings = [] } = info;
      const space = spaceDescriptionOf(this.#spaces.of(info), this.#services.summarise);
      return {
        summary: this.#summary(run, path),
        ...{ dataDescription, productVersion, space },
        warnings: warnings.map(warningRow),
      };
    });
  }

  async progress(run: string): Promise<RunProgress> {
    const known = this.searches.progressOf(run);
    if (known) return known;
    const path = await this.files.pathOf(run);
    return this.#read(run, path, (reader) =>
      progressOf(reader, run, this.#spaces.of(reader.info())),
    );
  }

  /** The first `most` candidates after an id. A search that is starting has none yet. */
  async candidates(run: string, after: number, most: number): Promise<CandidatePage> {
    const path = await this.files.pathOf(run);
    const rows: CandidateRow[] = [];
    // Opened once for all pieces: SQLite gives a connection back only when it is garbage.
    const own = this.searches.liveOf(run) ? null : this.#services.openRunReadOnly(path);
    try {
      while (rows.length < most) {
        const reader = own ?? this.searches.liveOf(run)?.reader;
        if (!reader) break;
        const space = this.#spaces.of(reader.info());
        const piece = reader.rows(
          rows.at(-1)?.id ?? after,
          Math.min(pieceOfRows, most - rows.length),
        );
        for (const row of piece) rows.push(candidateRowOf(row, space));
        if (piece.length < pieceOfRows) break;
        await breathe(); // SQLite reads are synchronous: a long run must not hold up the window
      }
    } finally {
      own?.close();
    }
    return packRows(rows);
  }

  /** A candidate as it is stored, with what its run is. Throws `unknown-candidate`. */
  async candidateOf(run: string, id: number): Promise<{ info: RunInfo; candidate: Candidate }> {
    return this.reading(run, (reader) => stored(reader, id));
  }

  /** The network of a candidate as boxes. */
  async architecture(run: string, id: number): Promise<ArchitectureNode[]> {
    const { info, candidate } = await this.candidateOf(run, id);
    return architectureOf(this.#spaces.of(info).decode(candidate.genotype)).map((node) => ({
      ...node,
      ...{ also: [...node.also], shape: [...node.shape], inputs: [...node.inputs] },
    }));
  }

  async candidate(run: string, id: number): Promise<CandidateDetail> {
    const { info, candidate } = await this.candidateOf(run, id);
    const space = this.#spaces.of(info);
    const network = this.#services.summarise(space.decode(candidate.genotype));
    return candidateDetailOf(candidate, space, network);
  }

  /** Of the run's file, whoever has it open. */
  async reading<T>(run: string, read: (reader: RunReader) => T): Promise<T> {
    return this.#read(run, await this.files.pathOf(run), read);
  }

  /** Into the run's file: of the search that writes it, or opened for this one change. */
  async noting(run: string, write: (notes: RunNotes) => void): Promise<void> {
    const path = await this.files.pathOf(run);
    const live = this.searches.liveOf(run)?.notes;
    if (live) return write(live);
    const notes = this.#services.openRunNotes(path);
    try {
      write(notes);
    } finally {
      notes.close();
    }
  }

  /**
   * Into the folder, or into a new one inside it where it holds something already: nothing of the
   * person's is ever overwritten, and nobody should have to make a folder first.
   */
  async exportCandidate(
    run: string,
    id: number,
    folder: string,
    formats: readonly ExportFormat[],
  ): Promise<Exported> {
    const path = await this.files.pathOf(run);
    const { info, candidate, candidates } = this.#read(run, path, (reader) => ({
      ...stored(reader, id),
      candidates: formats.includes('html') ? reader.candidates() : [],
    }));
    const exportTo = async (target: string): Promise<Exported> => {
      const files = await this.#services.exportCandidate(
        { info, candidate, candidates, folder: target, formats },
        (progress) => this.#options.exporting?.({ run, id, ...progress }),
      );
      return { folder: target, files: [...files] };
    };
    try {
      return await exportTo(folder);
    } catch (error) {
      if (!(error instanceof WorkbenchError && error.code === 'folder-not-empty')) throw error;
      return exportTo(join(folder, `${parse(path).name} c-${String(id).padStart(4, '0')}`));
    }
  }

  #summary(run: string, path: string): RunSummary {
    try {
      const summary = this.#read(run, path, (reader) => summaryOf(reader, run, path));
      const progress = this.searches.progressOf(run);
      if (!progress) return summary;
      const { state, evaluated, failed, elapsedSeconds } = progress;
      return { ...summary, state, evaluated, failed, elapsedSeconds };
    } catch (error) {
      return unreadableSummary(this.#services, run, path, error);
    }
  }

  /** Of the search's own file while it runs: it is locked to everybody else. */
  #read<T>(run: string, path: string, read: (reader: RunReader) => T): T {
    const reader = this.searches.liveOf(run)?.reader;
    return reader ? read(reader) : withReader(this.#services, path, read);
  }
}

/** Throws `unknown-candidate`. */
function stored(reader: RunReader, id: number): { info: RunInfo; candidate: Candidate } {
  const candidate = reader.candidate(id as CandidateId);
  if (candidate) return { info: reader.info(), candidate };
  throw new WorkbenchError(
    'unknown-candidate',
    `The run has no candidate ${id}.`,
    'Choose one of the candidates of the table.',
  );
}
