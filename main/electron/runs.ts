/** The runs that the window shows: those in files and the one that is being searched. */
import { join, parse } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type {
  RunModel,
  ArchitectureNode,
  CandidateDetail,
  CandidatePage,
  PageRow,
  RunProgress,
  RunSummary,
  RunView,
} from '../../preload/contract.ts';
import { WorkbenchError } from '../errors.ts';
import type { ExportFormat } from '../export/formats.ts';
import { isCalibrated } from '../common/export-formats.ts';
import type { RangeChoice } from '../common/quantising.ts';
import type { ExportProgress } from '../export/in-child.ts';
import type { TrainedGroup } from '../analysis/trained-scores.ts';
import type { Candidate, CandidateId } from '../run/candidate.ts';
import type { TrainedModel } from '../run/trained-model.ts';
import type { CandidateMark, RunInfo } from '../run/run-store.ts';
import { packRows } from './pack-rows.ts';
import { isWritable, RunFiles } from './run-files.ts';
import type {
  LookName,
  LookRequest,
  LookResult,
  RunTakers,
  StoredCandidate,
} from './reading/look-types.ts';
import { lookAt, type LookContext } from './reading/looks.ts';
import { countIn, runModelOf } from './run-model.ts';
import { unreadableSummary } from './run-reading.ts';
import { RunSpaces } from './run-spaces.ts';
import { Searches, type SearchesOptions } from './searches.ts';
import type { Services } from './services.ts';
import { trendOf } from './trends.ts';
import { candidateRowOf } from './views.ts';

/** How many rows are read at a time: some 10 ms. */
const pieceOfRows = 1000;

export interface RunsOptions extends SearchesOptions {
  /** Where new runs go. */
  readonly folder: string;
  /** Which file of an export is being made. */
  readonly exporting?: (progress: { run: string; id: number } & ExportProgress) => void;
}

export interface ExportedFiles {
  readonly folder: string;
  readonly files: string[];
}

export class Runs {
  readonly files: RunFiles;
  readonly searches: Searches;
  readonly #services: Services;
  readonly #options: RunsOptions;
  readonly #spaces: RunSpaces;
  readonly #context: LookContext;

  constructor(options: RunsOptions) {
    this.#options = options;
    this.#services = options.services;
    this.files = new RunFiles(options.folder);
    this.#spaces = new RunSpaces(options.services);
    const { summarise } = options.services;
    this.#context = { spaces: this.#spaces, summarise };
    this.searches = new Searches(this.files, this.#spaces, options);
  }

  /** Every known run, the newest first. A file that cannot be read is listed with its error. */
  async list(): Promise<RunSummary[]> {
    const summaries: RunSummary[] = [];
    for (const { run, path } of await this.files.all()) {
      summaries.push(await this.#summary(run, path));
    }
    return summaries;
  }

  /** Adds a run file, wherever it is. Throws an error that says what is wrong with the file. */
  async open(path: string): Promise<string> {
    const run = this.files.register(path);
    try {
      await this.#look('info', run, null);
      return run;
    } catch (error) {
      if (!(await this.#isListed(run))) this.files.forget(run);
      throw error;
    }
  }

  async view(run: string): Promise<RunView> {
    const file = await this.files.pathOf(run);
    const view = await this.#look('view', run, { run, file });
    const readOnly = !this.searches.liveOf(run) && !(await isWritable(file));
    return { ...view, readOnly, summary: await this.#summary(run, file) };
  }

  async progress(run: string): Promise<RunProgress> {
    const known = this.searches.progressOf(run);
    if (known) return known;
    return this.#look('progress', run, { run, file: await this.files.pathOf(run) });
  }

  /** The first `most` candidates after an id. A search that is starting has none yet. */
  async candidates(run: string, after: number, most: number): Promise<CandidatePage> {
    if (!this.searches.liveOf(run)) return this.#look('candidates', run, { after, most });
    const rows: PageRow[] = [];
    while (rows.length < most) {
      const reader = this.searches.liveOf(run)?.reader;
      if (!reader) break;
      const space = this.#spaces.of(reader.info());
      const wanted = Math.min(pieceOfRows, most - rows.length);
      const piece = reader.rows(rows.at(-1)?.id ?? after, wanted);
      for (const row of piece) rows.push(candidateRowOf(row, space));
      if (piece.length < wanted) break;
      await breathe(); // SQLite reads are synchronous, and a long run must not block the window
    }
    return packRows(rows);
  }

  /** A candidate as it is stored, with its run's description. Throws `unknown-candidate`. */
  candidateOf(run: string, id: number): Promise<StoredCandidate> {
    return this.#look('stored', run, { id });
  }

  /** The network of a candidate as boxes. */
  architecture(run: string, id: number): Promise<ArchitectureNode[]> {
    return this.#look('architecture', run, { id });
  }

  /**
   * What a run's images are drawn for, or a candidate's. Throws `data-not-agreed` where the person would rather not
   * have them read.
   */
  async takers(run: string, id: number | null): Promise<RunTakers> {
    const takers = await this.#look('takers', run, { id });
    await this.searches.agreed(run, takers.info);
    return takers;
  }

  candidate(run: string, id: number): Promise<CandidateDetail> {
    return this.#look('candidate', run, { id });
  }

  /** The same of a network that was scored, as a candidate or besides. Throws `unknown-candidate`. */
  network(run: string, genotype: string): Promise<CandidateDetail> {
    return this.#look('networkDetail', run, { genotype });
  }

  /** How the run's front grew. */
  async trend(run: string): Promise<readonly number[]> {
    if (!this.searches.liveOf(run)) return this.#look('trend', run, null);
    // Piece by piece, each from the file as it is at that moment.
    return trendOf(async (read) => {
      const reader = this.searches.liveOf(run)?.reader;
      if (!reader) throw notRead();
      return read(reader);
    });
  }

  /** Of a running search from its open file, in a child that computes; else in the child that reads. */
  async model(run: string, beta: number | null): Promise<RunModel | null> {
    const live = this.searches.liveOf(run)?.reader;
    if (!live) return this.#look('model', run, { beta });
    const info = live.info();
    const rows = (after: number, most: number) =>
      this.searches.liveOf(run)?.reader?.rows(after, most) ?? [];
    const space = this.#spaces.of(info);
    const count = countIn(space, this.#context.summarise);
    const extras = () => this.searches.liveOf(run)?.reader?.extras() ?? [];
    const { knownInChild } = this.#services;
    return runModelOf({ space, info, rows, count, extras }, beta, knownInChild);
  }

  marks(run: string): Promise<CandidateMark[]> {
    return this.#look('marks', run, null);
  }

  /** Writes to the run's file: through the search that has it open, or opened for this one change. */
  async setMark(run: string, mark: CandidateMark): Promise<void> {
    const file = await this.files.pathOf(run);
    const live = this.searches.liveOf(run)?.notes;
    if (live) live.setMark(mark);
    else await this.#services.looking.setMark(file, mark);
  }

  async setTags(run: string, tags: readonly string[]): Promise<void> {
    const file = await this.files.pathOf(run);
    const live = this.searches.liveOf(run)?.notes;
    if (live) live.setTags(tags);
    else await this.#services.looking.setTags(file, tags);
  }

  /** What the run's file is called, and without its extension. Throws `run-in-use` while it is searched. */
  async #idle(run: string): Promise<{ readonly file: string; readonly title: string }> {
    const file = await this.files.pathOf(run);
    if (!this.searches.liveOf(run)) return { file, title: parse(file).name };
    throw new WorkbenchError(
      'run-in-use',
      'This run is being searched.',
      'Stop the search first, or wait until it ends.',
    );
  }

  /** The name that a file about the run begins with. Throws `run-in-use`. */
  async titleOf(run: string): Promise<string> {
    return (await this.#idle(run)).title;
  }

  /** Throws `run-in-use`, and what `copyWithoutNotes` throws. */
  async copyWithoutNotes(run: string, target: string): Promise<void> {
    const { file } = await this.#idle(run);
    await this.#services.looking.copyWithoutNotes(file, target);
  }

  /** The report of the run as a page. Throws `run-in-use`: it takes a while, and a search must not wait. */
  async report(run: string): Promise<string> {
    const { title: name } = await this.#idle(run);
    const { productVersion } = this.#services;
    return this.#look('report', run, { name, productVersion });
  }

  trained(run: string): Promise<readonly TrainedModel[]> {
    return this.#look('trained', run, null);
  }

  /** Candidates with so many MACs, in full. */
  candidatesWith(run: string, macs: number): Promise<readonly Candidate[]> {
    return this.#look('alike', run, { macs });
  }

  /** How the scores order what was trained. */
  againstTruth(run: string, beta: number): Promise<readonly TrainedGroup[]> {
    return this.#look('againstTruth', run, { beta });
  }

  /** Writes as `setMark` does. */
  async setTrained(run: string, model: TrainedModel): Promise<void> {
    const file = await this.files.pathOf(run);
    const live = this.searches.liveOf(run)?.notes;
    if (live) live.setTrained(model);
    else await this.#services.looking.setTrained(file, model);
  }

  async removeTrained(run: string, id: CandidateId): Promise<void> {
    const file = await this.files.pathOf(run);
    const live = this.searches.liveOf(run)?.notes;
    if (live) live.removeTrained(id);
    else await this.#services.looking.removeTrained(file, id);
  }

  /**
   * Into the folder, or into a new one inside it if it is not empty: nothing of the person's is ever
   * overwritten, and nobody should have to create a folder first.
   */
  async exportCandidate(
    run: string,
    id: number,
    folder: string,
    formats: readonly ExportFormat[],
    ranges: RangeChoice,
  ): Promise<ExportedFiles> {
    const all = formats.includes('html');
    const { info, ...wanted } = await this.#look('exported', run, { id, all });
    // These read the images of the run.
    if (formats.some(isCalibrated)) await this.searches.agreed(run, info);
    const name = `c-${String(id).padStart(4, '0')}`;
    return this.#exportInto(run, folder, name, async (target) => [
      ...(await this.#services.exportCandidate(
        { info, ...wanted, folder: target, formats, ranges },
        (progress) => this.#options.exporting?.({ run, id, ...progress }),
      )),
    ]);
  }

  /** The same for a network that was scored besides the candidates, or as one of them. */
  async exportNetwork(
    run: string,
    genotype: string,
    folder: string,
    formats: readonly ExportFormat[],
    ranges: RangeChoice,
  ): Promise<ExportedFiles> {
    const all = formats.includes('html');
    const wanted = await this.#look('network', run, { genotype, all });
    const name = genotype.replace(/[^\w.-]+/g, '-').slice(0, 60);
    return this.#exportInto(run, folder, name, async (target) => [
      ...(await this.#services.exportCandidate(
        { ...wanted, folder: target, formats, ranges },
        () => undefined,
      )),
    ]);
  }

  /** Everything that is known about a run as a whole. */
  infoOf(run: string): Promise<RunInfo> {
    return this.#look('info', run, null);
  }

  async #exportInto(
    run: string,
    folder: string,
    name: string,
    write: (folder: string) => Promise<string[]>,
  ): Promise<ExportedFiles> {
    const path = await this.files.pathOf(run);
    const exportTo = async (target: string) => ({ folder: target, files: await write(target) });
    try {
      return await exportTo(folder);
    } catch (error) {
      if (!(error instanceof WorkbenchError && error.code === 'folder-not-empty')) throw error;
      return exportTo(join(folder, `${parse(path).name} ${name}`));
    }
  }

  async #summary(run: string, file: string): Promise<RunSummary> {
    try {
      const summary = await this.#look('summary', run, { run, file });
      const progress = this.searches.progressOf(run);
      if (!progress) return summary;
      const { state, evaluated, failed, elapsedSeconds } = progress;
      return { ...summary, state, evaluated, failed, elapsedSeconds };
    } catch (error) {
      return unreadableSummary(this.#services, run, file, error);
    }
  }

  /** From the search's own file while it runs, since it is locked for everybody else. */
  async #look<N extends LookName>(
    name: N,
    run: string,
    request: LookRequest<N>,
  ): Promise<LookResult<N>> {
    const file = await this.files.pathOf(run);
    const reader = this.searches.liveOf(run)?.reader;
    if (reader) return lookAt(name, this.#context, reader, request);
    return this.#services.looking.look(name, file, request);
  }

  async #isListed(run: string): Promise<boolean> {
    return (await this.files.inFolder()).has(run);
  }
}

function notRead(): WorkbenchError {
  return new WorkbenchError('run-in-use', 'The search has just ended.', 'Try again.');
}
