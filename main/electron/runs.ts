/** The runs that the window shows: those in files and the one that is being searched. */
import { parse } from 'node:path';
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
import type { TrainedGroup } from '../analysis/trained-scores.ts';
import type { Candidate, CandidateId } from '../run/candidate.ts';
import type { TrainedModel } from '../run/trained-model.ts';
import type { CandidateMark, RunInfo } from '../run/run-store.ts';
import type { CandidateTextFormat } from '../workbench/candidate-text.ts';
import type { RunsElsewhere } from './elsewhere.ts';
import { Exports, type ExportOf } from './exports.ts';
import { packRows } from './pack-rows.ts';
import { isWritable, RunFiles, throughRename } from './run-files.ts';
import type {
  LookName,
  LookRequest,
  LookResult,
  RunTakers,
  StoredCandidate,
  SweptFront,
} from './reading/look-types.ts';
import { lookAt, type LookContext } from './reading/looks.ts';
import { countIn, runModelOf } from './run-model.ts';
import { RunIndex } from './run-index.ts';
import { unreadableSummary } from './run-reading.ts';
import { RunSpaces } from './run-spaces.ts';
import { Searches, type SearchesOptions } from './searches.ts';
import type { RunReader, Services } from './services.ts';
import { trendOf } from './trends.ts';
import { candidateRowOf } from './views.ts';

/** How many rows are read at a time: some 10 ms. */
const pieceOfRows = 1000;

export interface RunsOptions extends SearchesOptions {
  /** Where new runs go. */
  readonly folder: string;
  /** Remembers runs that were opened from elsewhere. */
  readonly elsewhere?: RunsElsewhere;
  /** Where summaries of runs are kept between sessions; absent: for this session alone. */
  readonly indexFile?: string;
  /** The file of a run has another name now. */
  readonly renamed?: (from: string, to: string) => void;
  /** Which file of an export is being made. */
  readonly exporting?: (progress: ExportOf) => void;
}

export class Runs {
  readonly files: RunFiles;
  readonly searches: Searches;
  readonly exports: Exports;
  readonly #services: Services;
  readonly #spaces: RunSpaces;
  readonly #context: LookContext;
  readonly #index: RunIndex;
  readonly #renamed: RunsOptions['renamed'];

  constructor(options: RunsOptions) {
    this.#services = options.services;
    this.files = new RunFiles(options.folder, options.elsewhere);
    this.#spaces = new RunSpaces(options.services);
    this.#index = new RunIndex(options.indexFile ?? null);
    this.#renamed = options.renamed;
    const { summarise } = options.services;
    const candidatesOf = allInPieces;
    this.#context = { spaces: this.#spaces, summarise, candidatesOf };
    this.searches = new Searches(this.files, this.#spaces, options);
    this.exports = new Exports({
      ...{ services: options.services, files: this.files, searches: this.searches },
      look: (name, run, request) => this.#look(name, run, request),
      progress: (progress) => options.exporting?.(progress),
    });
  }

  /** Every known run, the newest first. A file that cannot be read is listed with its error. */
  async list(): Promise<RunSummary[]> {
    const summaries: RunSummary[] = [];
    const files = await this.files.all();
    for (const { run, path } of files) summaries.push(await this.#summary(run, path));
    this.#index.save(files.map(({ path }) => path));
    return summaries;
  }

  /**
   * Gives a run's file another name in its folder. Returns what the run is called from then on.
   * Throws `run-in-use`, `run-name-taken`.
   */
  async rename(run: string, name: string): Promise<string> {
    if (this.searches.liveOf(run)) {
      throw new WorkbenchError(
        'run-in-use',
        'This run is being searched.',
        'Stop the search first, or wait until it has ended.',
      );
    }
    return this.files.whileRenaming(async () => {
      const [from, to] = [await this.files.pathOf(run), await this.files.renamedPath(run, name)];
      if (from === to) return run;
      await this.#services.looking.rename(from, to);
      const renamed = this.files.renamed(run, to);
      this.exports.renamed(run, renamed);
      this.#renamed?.(from, to);
      return renamed;
    });
  }

  /** Adds a run file, wherever it is. Throws an error that says what is wrong with the file. */
  async open(path: string): Promise<string> {
    const known = this.files.knows(path);
    const run = this.files.register(path);
    try {
      await this.#look('info', run, null);
      this.files.remember(run);
      return run;
    } catch (error) {
      // One that was listed before stays: another program may be searching it at the moment.
      if (!known && !(await this.#isListed(run))) this.files.forget(run);
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
    return this.files.follow(run, async (followed) => {
      const takers = await throughRename(followed, (of) => this.#look('takers', of, { id }));
      await this.searches.agreed(followed.run, takers.info);
      return takers;
    });
  }

  candidate(run: string, id: number): Promise<CandidateDetail> {
    return this.#look('candidate', run, { id });
  }

  /** The same of a network that was scored, as a candidate or besides. Throws `unknown-candidate`. */
  network(run: string, genotype: string): Promise<CandidateDetail> {
    return this.#look('networkDetail', run, { genotype });
  }

  /** What a run of a sweep has come to. */
  sweptFront(run: string): Promise<SweptFront> {
    return this.#look('sweptFront', run, null);
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

  /** Candidates as `zico candidates` writes them. @param ids null for all */
  async candidatesText(
    run: string,
    format: CandidateTextFormat,
    ids: readonly number[] | null,
  ): Promise<string> {
    const name = this.files.nameOf(await this.files.pathOf(run));
    return this.#look('candidatesText', run, { format, ids, name });
  }

  /** Everything that is known about a run as a whole. */
  infoOf(run: string): Promise<RunInfo> {
    return this.#look('info', run, null);
  }

  async #summary(run: string, file: string): Promise<RunSummary> {
    try {
      const read = () => this.#look('summary', run, { run, file });
      // While it is searched its file changes all the time.
      const summary = this.searches.liveOf(run) ? await read() : await this.#index.of(file, read);
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
    if (reader) {
      try {
        return await lookAt(name, this.#context, reader, request);
      } catch (error) {
        // Where it has ended meanwhile, its file is closed: what was not read of it is read there.
        if (this.searches.liveOf(run)?.reader === reader) throw error;
      }
    }
    return this.#services.looking.look(name, file, request);
  }

  async #isListed(run: string): Promise<boolean> {
    return (await this.files.inFolder()).has(run);
  }
}

/** All candidates of a running search; the window has its turn between the pieces. */
async function allInPieces(reader: RunReader): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (;;) {
    const piece = reader.candidates(candidates.at(-1)?.id ?? 0, pieceOfRows);
    candidates.push(...piece);
    if (piece.length < pieceOfRows) return candidates;
    await breathe();
  }
}

function notRead(): WorkbenchError {
  return new WorkbenchError('run-in-use', 'The search has just ended.', 'Try again.');
}
