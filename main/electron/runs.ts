/**
 * The runs that the window shows: those that lie in files and the one that is being searched now.
 * One search at a time: two would share the cores and distort each other's latencies.
 */
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
  ScoringPlan,
} from '../../preload/contract.ts';
import { architectureOf } from '../analysis/architecture.ts';
import { WorkbenchError } from '../errors.ts';
import type { ExportFormat } from '../export/formats.ts';
import type { ExportProgress } from '../export/in-child.ts';
import type { Candidate, CandidateId } from '../search/candidate.ts';
import { packRows } from './pack-rows.ts';
import type { RunCounts, RunInfo } from '../search/run-store.ts';
import { plannedCandidates } from '../search/search.ts';
import type { SearchSettings } from '../search/settings.ts';
import { spaceOf } from '../space/index.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import type { Space } from '../space/space.ts';
import { beingRun } from './benchmarks.ts';
import { beingRepeated } from './repeats.ts';
import { LiveRun } from './live-run.ts';
import { RunFiles } from './run-files.ts';
import { progressOf, summaryOf, unreadableSummary, withReader } from './run-reading.ts';
import type { PhonesAtWork } from './phones/at-work.ts';
import type {
  RunningSearch,
  RunNotes,
  RunReader,
  ScoringWish,
  SearchListener,
  Services,
} from './services.ts';
import { throttle, type Throttled } from './throttle.ts';
import { candidateDetailOf, candidateRowOf, spaceDescriptionOf, warningRow } from './views.ts';

/** The page asks again after every event, so this bounds how often it does. */
const eventIntervalMs = 100;
/** Rows read at once: some 10 ms. */
const pieceOfRows = 1000;

export interface RunsOptions {
  readonly services: Services;
  /** Where new runs go. */
  readonly folder: string;
  /** Hears of phones that measure. */
  readonly atWork: Pick<PhonesAtWork, 'begin' | 'end'>;
  readonly changed: (event: { run: string; revision: number }) => void;
  /** A search began or ended: the computer stays awake between the two. */
  readonly searching: (active: boolean) => void;
  readonly now?: () => number;
  /** A search of this session has ended, by itself or because it was stopped. */
  readonly ended?: (name: string, progress: RunProgress) => void;
  /** Models of the person's are being scored, which would distort latencies. */
  readonly scoringModels?: () => boolean;
  /** Which file of an export is being made. */
  readonly exporting?: (progress: { run: string; id: number } & ExportProgress) => void;
  /** A benchmark runs, which would do the same. */
  readonly benchmarking?: () => boolean;
  /** A candidate is being scored or measured again. */
  readonly repeating?: () => boolean;
}

/** What a search may be started with beside its settings. */
export interface SearchChoice {
  readonly space?: DescribedSpace | undefined;
  readonly scoring?: ScoringWish | undefined;
}

export interface Exported {
  readonly folder: string;
  readonly files: string[];
}

interface Launch {
  readonly live: LiveRun;
  readonly begin: () => Promise<RunningSearch>;
}

export class Runs {
  readonly files: RunFiles;
  readonly #services: Services;
  readonly #options: RunsOptions;
  readonly #now: () => number;
  /** From the moment somebody asks for a search until its file is closed. */
  #busy = false;
  /** The search of this moment, from just before it starts until its file is closed. */
  #live: LiveRun | null = null;
  /** Settles when the start of the latest search has succeeded or failed. */
  #started: Promise<unknown> = Promise.resolve();
  /** Resolves when the latest search has ended. */
  #ended: Promise<void> = Promise.resolve();
  /** How the searches of this session ended: a file does not say why a search failed. */
  readonly #last = new Map<string, RunProgress>();
  /** Spaces of runs that were looked at, by the identifier in the file. */
  readonly #spaces = new Map<string, Space>();

  constructor(options: RunsOptions) {
    this.#options = options;
    this.#services = options.services;
    this.#now = options.now ?? (() => performance.now());
    this.files = new RunFiles(options.folder);
  }

  get searching(): boolean {
    return this.#busy;
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
      const space = spaceDescriptionOf(this.#spaceOf(info), this.#services.summarise);
      return {
        summary: this.#summary(run, path),
        ...{ dataDescription, productVersion, space },
        warnings: warnings.map(warningRow),
      };
    });
  }

  async progress(run: string): Promise<RunProgress> {
    const live = this.#liveOf(run);
    if (live) return live.progress();
    const path = await this.files.pathOf(run);
    const last = this.#last.get(run);
    if (last) return last;
    return this.#read(run, path, (reader) => progressOf(reader, run, this.#spaceOf(reader.info())));
  }

  /** The first `most` candidates after an id. A search that is starting has none yet. */
  async candidates(run: string, after: number, most: number): Promise<CandidatePage> {
    const path = await this.files.pathOf(run);
    const rows: CandidateRow[] = [];
    // Opened once for all pieces: SQLite gives a connection back only when it is garbage.
    const own = this.#liveOf(run) ? null : this.#services.openRunReadOnly(path);
    try {
      while (rows.length < most) {
        const reader = own ?? this.#liveOf(run)?.reader;
        if (!reader) break;
        const space = this.#spaceOf(reader.info());
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
    return architectureOf(this.#spaceOf(info).decode(candidate.genotype)).map((node) => ({
      ...node,
      ...{ also: [...node.also], shape: [...node.shape], inputs: [...node.inputs] },
    }));
  }

  async candidate(run: string, id: number): Promise<CandidateDetail> {
    const { info, candidate } = await this.candidateOf(run, id);
    const space = this.#spaceOf(info);
    const network = this.#services.summarise(space.decode(candidate.genotype));
    return candidateDetailOf(candidate, space, network);
  }

  isSearching(run: string): boolean {
    return this.#liveOf(run) !== null;
  }

  /** Of the run's file, whoever has it open. */
  async reading<T>(run: string, read: (reader: RunReader) => T): Promise<T> {
    return this.#read(run, await this.files.pathOf(run), read);
  }

  /** Into the run's file: of the search that writes it, or opened for this one change. */
  async noting(run: string, write: (notes: RunNotes) => void): Promise<void> {
    const path = await this.files.pathOf(run);
    const live = this.#liveOf(run)?.notes;
    if (live) return write(live);
    const notes = this.#services.openRunNotes(path);
    try {
      write(notes);
    } finally {
      notes.close();
    }
  }

  /**
   * Starts a search in a new file and returns the run's name.
   * @param chosen a space in place of the one that the settings name, and who scores
   * Throws `search-already-running`.
   */
  async start(name: string, settings: SearchSettings, chosen: SearchChoice = {}): Promise<string> {
    const { space: own, scoring = automatic } = chosen;
    const space = own ?? this.#space(settings.space);
    return this.#launch(async () => {
      const path = await this.files.newPath(name);
      const run = this.files.register(path);
      const live = this.#liveRun({
        run,
        settings,
        space,
        earlier: { evaluated: 0, failed: 0, generation: 0 },
        elapsedSeconds: 0,
        scoring: null,
      });
      const listener = listenerOf(live);
      const begin = () => {
        const session = { ...scoring, ...this.#options.atWork.begin(run) };
        return this.#services.startSearch(settings, path, listener, session, own);
      };
      return { live, begin };
    });
  }

  /** Goes on with a run that was stopped. Throws `search-already-running`. */
  async resume(run: string): Promise<void> {
    await this.#launch(async () => {
      const path = await this.files.pathOf(run);
      const { info, earlier } = this.#read(run, path, (reader) => ({
        info: reader.info(),
        earlier: reader.counts(),
      }));
      const { settings, elapsedSeconds, scoring = null } = info;
      const space = this.#spaceOf(info);
      const live = this.#liveRun({ run, settings, space, earlier, elapsedSeconds, scoring });
      const begin = () =>
        this.#services.resumeSearch(path, listenerOf(live), this.#options.atWork.begin(run));
      return { live, begin };
    });
  }

  /** Does nothing where the run is not being searched. */
  stop(run: string): void {
    this.#liveOf(run)?.stop();
  }

  /** Stops the search, if there is one, and waits until its file is closed. */
  async stopAll(): Promise<void> {
    this.#live?.stop();
    await this.#started;
    this.#live?.stop(); // it may have been starting a moment ago
    await this.#ended;
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

  /** One launch at a time, from the first await on. */
  async #launch(prepare: () => Promise<Launch>): Promise<string> {
    if (this.#busy) {
      throw new WorkbenchError(
        'search-already-running',
        'Another search is running.',
        'Stop it or wait until it has finished: two searches would distort each other’s latencies.',
      );
    }
    if (this.#options.scoringModels?.() === true) {
      throw new WorkbenchError(
        'models-being-scored',
        'Models are being scored.',
        'Wait until they have been scored, or cancel that on the page “Score a model”.',
      );
    }
    if (this.#options.benchmarking?.() === true) throw beingRun();
    if (this.#options.repeating?.() === true) throw beingRepeated();
    this.#busy = true;
    this.#options.searching(true);
    const starting = this.#begin(prepare);
    this.#started = starting.catch(() => undefined);
    try {
      return (await starting).run;
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  async #begin(prepare: () => Promise<Launch>): Promise<LiveRun> {
    const { live, begin } = await prepare();
    this.#live = live;
    const search = await begin();
    this.#last.delete(live.run);
    this.#ended = live.attach(search).then(async () => {
      const progress = live.progress();
      this.#last.set(live.run, progress);
      this.#release();
      this.#options.ended?.(parse(await this.files.pathOf(live.run)).name, progress);
    });
    return live;
  }

  #release(): void {
    this.#live = null;
    this.#busy = false;
    this.#options.atWork.end();
    this.#options.searching(false);
  }

  #liveOf(run: string): LiveRun | null {
    return this.#live?.run === run ? this.#live : null;
  }

  /**
   * As the run file describes it: a run of one's own space needs no file beside it. The page asks for rows
   * many times a minute, and interpreting a description builds networks.
   */
  #spaceOf(info: Pick<RunInfo, 'runId' | 'settings' | 'space'>): Space {
    const known = this.#spaces.get(info.runId);
    if (known) return known;
    const space = info.space === undefined ? this.#space(info.settings.space) : spaceOf(info.space);
    this.#spaces.set(info.runId, space);
    return space;
  }

  #space(name: string): Space {
    const space = this.#services.spaces.find((one) => one.name === name);
    if (space) return space;
    throw new WorkbenchError(
      'unknown-space',
      `There is no search space called ${name}.`,
      `Choose one of: ${this.#services.spaces.map((one) => one.name).join(', ')}.`,
    );
  }

  #summary(run: string, path: string): RunSummary {
    const live = this.#liveOf(run);
    try {
      const summary = this.#read(run, path, (reader) => summaryOf(reader, run, path));
      const progress = live?.progress() ?? this.#last.get(run);
      if (!progress) return summary;
      const { state, evaluated, failed, elapsedSeconds } = progress;
      return { ...summary, state, evaluated, failed, elapsedSeconds };
    } catch (error) {
      return unreadableSummary(this.#services, run, path, error);
    }
  }

  /** Of the search's own file while it runs: it is locked to everybody else. */
  #read<T>(run: string, path: string, read: (reader: RunReader) => T): T {
    const reader = this.#liveOf(run)?.reader;
    return reader ? read(reader) : withReader(this.#services, path, read);
  }

  #liveRun({ run, settings, space, ...earlier }: Beginning): LiveRun {
    const announce: Throttled = throttle(() => {
      const revision = (this.#liveOf(run)?.progress() ?? this.#last.get(run))?.revision;
      if (revision !== undefined) this.#options.changed({ run, revision });
    }, eventIntervalMs);
    return new LiveRun({
      run,
      ...earlier,
      planned: plannedCandidates(settings, space.networks),
      seconds: settings.seconds,
      revision: (this.#last.get(run)?.revision ?? -1) + 1,
      now: this.#now,
      changed: announce,
    });
  }
}

const automatic: ScoringWish = { engine: 'auto', workers: 'auto' };

interface Beginning {
  readonly run: string;
  readonly settings: SearchSettings;
  readonly space: Space;
  /** What earlier sessions left. */
  readonly earlier: RunCounts;
  readonly elapsedSeconds: number;
  readonly scoring: ScoringPlan | null;
}

function listenerOf(live: LiveRun): SearchListener {
  return (event) => {
    live.elapsed(event.elapsedSeconds);
    if (event.scoring) live.scoredBy(event.scoring);
    if (event.phase === 'proposing') live.phaseChanged('preparing', event.generation);
    if (event.phase === 'scoring' || event.phase === 'measuring') {
      live.phaseChanged(event.phase, event.generation);
    }
    if (event.candidate) live.candidateStored(event.candidate);
  };
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
