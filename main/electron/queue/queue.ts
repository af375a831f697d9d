/**
 * Searches that wait for their turn: begun one after the other, each as a run of its own, whenever nothing else
 * computes. What they are and how far they got is on the disk before anything happens, so that whatever ends the app,
 * the next session offers to go on.
 */
import { randomUUID } from 'node:crypto';
import type { QueueView, RunProgress, SearchToQueue } from '../../../preload/contract.ts';
import { isEqualSearch } from '../../common/settings/same-search.ts';
import type { SearchSettings } from '../../common/settings/index.ts';
import { WorkbenchError, reportOf } from '../../errors.ts';
import type { RunInfo } from '../../run/run-store.ts';
import { hasRun, sweepStepOf } from '../../workbench/sweep-step.ts';
import { isBusy, type ComputeTurn } from '../compute-turn.ts';
import { runIdOf, type RunFiles } from '../run-files.ts';
import type { SearchChoice, Searches } from '../searches.ts';
import type { QueueFile, StoredSearch } from './queue-file.ts';

export interface QueueOptions {
  readonly file: QueueFile;
  readonly runFiles: RunFiles;
  readonly searches: Pick<Searches, 'start' | 'resume'>;
  readonly turn: ComputeTurn;
  /** Reads what a run is. Throws what is wrong with its file. */
  readonly infoOf: (file: string) => Promise<RunInfo>;
  /** What was asked for, with its space. Throws where that is not there any more. */
  readonly prepare: (
    wanted: SearchToQueue,
  ) => Promise<SearchChoice & { readonly settings: SearchSettings }>;
  readonly changed: () => void;
  /** All that waited has ended: these since the last time. */
  readonly emptied?: (ended: readonly StoredSearch[], searchedSeconds: number) => void;
}

/** More rounds than there can be free names that others take first. */
const mostNames = 20;

type State = StoredSearch['state'];
const isAtWork = (state: State): boolean => state === 'beginning' || state === 'searching';
const isOver = (state: State): boolean => state !== 'waiting' && !isAtWork(state);

export class Queue {
  readonly #options: QueueOptions;
  /** An earlier session left something, and nobody has said yet that it should go on. */
  #offered: boolean;
  /** The search that is being begun, or is at work. */
  #current: string | null = null;
  #closed = false;
  /** Searches that ended since the queue was empty, and for how many seconds each has searched. */
  readonly #ended = new Map<string, number>();

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#offered = this.#searches.some(({ state }) => !isOver(state));
    options.turn.whenFree(() => void this.#next());
  }

  get #searches(): readonly StoredSearch[] {
    return this.#options.file.current.searches;
  }

  view(): QueueView {
    const { file, runFiles } = this.#options;
    const { paused, sweeps, searches } = file.current;
    return {
      state: this.#offered ? 'offered' : paused ? 'paused' : 'going',
      searches: searches.map(({ id, wanted, state, sweep, error, file: at }) => ({
        ...{ id, name: wanted.name, settings: wanted.settings, state, sweep, error },
        run: at !== null && state !== 'beginning' ? runFiles.register(at) : null,
      })),
      sweeps: [...sweeps],
      error: file.fault,
    };
  }

  /** The searches of a sweep, in their order. Throws `unknown-sweep`. */
  sweep(id: string): { readonly title: string; readonly searches: readonly StoredSearch[] } {
    const sweep = this.#options.file.current.sweeps.find((one) => one.id === id);
    if (sweep === undefined) {
      throw new WorkbenchError(
        'unknown-sweep',
        'This sweep is not in the queue any more.',
        'Its runs are in the list of searches.',
      );
    }
    return { title: sweep.title, searches: this.#searches.filter((one) => one.sweep === id) };
  }

  /**
   * @param title of the sweep that the searches are; null where they are none
   * @returns the sweep's id
   * Throws `queue-not-saved`.
   */
  add(title: string | null, wanted: readonly SearchToQueue[]): string | null {
    const { file } = this.#options;
    const { sweeps, searches } = file.current;
    const sweep = title === null ? null : randomUUID();
    const added = wanted.map((one): StoredSearch => ({
      ...{ id: randomUUID(), sweep, wanted: one, state: 'waiting', file: null, error: null },
    }));
    file.change({
      sweeps: sweep === null ? sweeps : [...sweeps, { id: sweep, title: title! }],
      searches: [...searches, ...added],
    });
    this.#changed();
    return sweep;
  }

  /** Moves one that waits to a place, counted from 0. Does nothing with one that is not there or does not wait. */
  move(id: string, to: number): void {
    const moved = this.#searches.find((one) => one.id === id);
    if (moved?.state !== 'waiting') return;
    const others = this.#searches.filter((one) => one !== moved);
    this.#options.file.change({ searches: others.toSpliced(to, 0, moved) });
    this.#changed();
  }

  /** Takes out those that are not at work; their runs stay. */
  remove(ids: readonly string[]): void {
    const gone = new Set(ids);
    // The current one may still say that it waits, while it is being prepared.
    const searches = this.#searches.filter(({ id }) => !gone.has(id) || id === this.#current);
    const sweeps = this.#options.file.current.sweeps.filter(({ id }) =>
      searches.some(({ sweep }) => sweep === id),
    );
    this.#options.file.change({ searches, sweeps });
    for (const id of gone) if (id !== this.#current) this.#ended.delete(id);
    if (searches.every(({ state }) => isOver(state))) {
      this.#offered = false;
      // Whoever takes out the rest knows how the others ended.
      this.#ended.clear();
    }
    this.#changed();
  }

  pause(): void {
    this.#options.file.change({ paused: true });
    this.#offered = false;
    this.#changed();
  }

  goOn(): void {
    this.#options.file.change({ paused: false });
    this.#offered = false;
    this.#changed();
  }

  /** One that failed or was stopped waits again; it goes on where its run got to. */
  retry(id: string): void {
    const one = this.#searches.find((other) => other.id === id);
    if (one === undefined || !isOver(one.state) || one.state === 'finished') return;
    const file = one.file !== null && hasRun(one.file) ? one.file : null;
    this.#options.file.change({
      searches: this.#with(id, { state: 'waiting', file, error: null }),
    });
    this.#changed();
  }

  /** The file of a run has another name now: that of a search, or one whose candidates a search is to begin with. */
  renamed(from: string, to: string): void {
    const [was, is] = [runIdOf(from), runIdOf(to)];
    let changed = false;
    const searches = this.#searches.map((one): StoredSearch => {
      const [isRun, begunFrom] = [one.file === from, one.wanted.from === was];
      if (!isRun && !begunFrom) return one;
      changed = true;
      return {
        ...one,
        ...(isRun && { file: to }),
        ...(begunFrom && { wanted: { ...one.wanted, from: is } }),
      };
    });
    if (!changed) return;
    this.#options.file.note({ searches });
    this.#options.changed();
  }

  /** A search of this session has ended, whoever began it; returns whether it is one of the queue. */
  ended({
    run,
    state,
    error,
    elapsedSeconds,
  }: Pick<RunProgress, 'run' | 'state' | 'error' | 'elapsedSeconds'>): boolean {
    if (this.#closed) return true; // it goes on with the next session
    const { runFiles } = this.#options;
    const ended = this.#searches.find(
      ({ file, state: was }) => file !== null && isAtWork(was) && runFiles.register(file) === run,
    );
    if (ended === undefined) return false;
    if (this.#current === ended.id) this.#current = null;
    const how = state === 'finished' || state === 'failed' ? state : 'stopped';
    this.#note(ended.id, { state: how, error }, elapsedSeconds);
    this.#tellIfEmptied();
    return true;
  }

  /** From now on nothing begins, and what is at work counts as left to do. */
  close(): void {
    this.#closed = true;
  }

  #changed(): void {
    this.#options.changed();
    void this.#next();
  }

  #with(id: string, changes: Partial<StoredSearch>): StoredSearch[] {
    return this.#searches.map((one) => (one.id === id ? { ...one, ...changes } : one));
  }

  #note(id: string, changes: Partial<StoredSearch>, searchedSeconds = 0): void {
    this.#options.file.note({ searches: this.#with(id, changes) });
    if (changes.state !== undefined && isOver(changes.state)) {
      this.#ended.set(id, searchedSeconds);
    }
    this.#options.changed();
  }

  /** Begins the next search, if there is one and it may. */
  async #next(): Promise<void> {
    while (this.#mayBegin()) {
      // What an earlier session had at work comes first.
      const waiting = this.#searches.filter(({ state }) => !isOver(state));
      const next = waiting.find(({ state }) => isAtWork(state)) ?? waiting[0];
      if (next === undefined) return;
      this.#current = next.id;
      const outcome = await this.#begin(next);
      if (outcome === 'at-work') return;
      if (this.#current === next.id) this.#current = null;
      if (outcome === 'not-now') return; // whoever computes gives the turn back
      this.#tellIfEmptied();
    }
  }

  #mayBegin(): boolean {
    const { file, turn } = this.#options;
    if (this.#closed || this.#offered || file.current.paused) return false;
    return this.#current === null && turn.isFree;
  }

  async #begin(one: StoredSearch): Promise<'at-work' | 'not-now' | 'over'> {
    try {
      return (await this.#startOrResume(one)) ? 'at-work' : 'over';
    } catch (error) {
      if (this.#closed) return 'over'; // the app ends: it goes on with the next session
      if (isBusy(error)) {
        // It waits as it did; what was begun stays begun.
        this.#note(one.id, { state: one.state, file: one.file });
        return 'not-now';
      }
      const report = reportOf(error);
      const stopped = report.code === 'data-aborted'; // the person would not wait for its images
      this.#note(one.id, { state: stopped ? 'stopped' : 'failed', error: report });
      return 'over';
    }
  }

  /** Returns whether the search is at work now; false where it had finished before. */
  async #startOrResume(one: StoredSearch): Promise<boolean> {
    const { runFiles, searches } = this.#options;
    const file = await this.#fileOf(one);
    if (file !== null) {
      const step = await sweepStepOf(file, async () => (await this.#options.infoOf(file)).status);
      if (this.#closed) return false; // the app ends: it goes on with the next session
      if (step === 'finished') {
        this.#note(one.id, { state: 'finished' });
        return false;
      }
      if (step === 'goes-on') {
        this.#note(one.id, { state: 'searching', file });
        await searches.resume(runFiles.register(file));
        return true;
      }
    }
    await this.#startNew(one, file);
    return true;
  }

  /**
   * The file of its run, of which there may be no more than the name; null where it has none yet.
   * Throws `run-gone` for one that was there.
   */
  async #fileOf({ state, file, wanted }: StoredSearch): Promise<string | null> {
    if (file === null) return null;
    if (!hasRun(file)) {
      if (state === 'beginning') return file;
      throw new WorkbenchError(
        'run-gone',
        `The run file ${file} is not there any more: it was moved, renamed or deleted.`,
        'If it lies elsewhere, open it there and resume it. “Try again” begins the search anew.',
      );
    }
    // A name that was put down just before the app was killed may have been taken by another search since.
    if (state !== 'beginning') return file;
    const { settings } = await this.#options.infoOf(file);
    return isEqualSearch(settings, wanted.settings) ? file : null;
  }

  async #startNew({ id, wanted }: StoredSearch, reserved: string | null): Promise<void> {
    const { runFiles, searches, prepare } = this.#options;
    const { settings, ...choice } = await prepare(wanted);
    if (this.#closed) return;
    for (let round = 0; ; round++) {
      const file =
        round === 0 && reserved !== null ? reserved : await runFiles.newPath(wanted.name);
      this.#note(id, { state: 'beginning', file });
      try {
        await searches.start(wanted.name, settings, { ...choice, file });
        // A short one may have ended by now.
        const begun = this.#searches.find((one) => one.id === id);
        if (begun?.state === 'beginning') this.#note(id, { state: 'searching' });
        return;
      } catch (error) {
        const taken = error instanceof WorkbenchError && error.code === 'run-exists';
        // Another window on the same folder was faster.
        if (taken && round < mostNames) continue;
        if (!hasRun(file)) this.#note(id, { file: null });
        throw error;
      }
    }
  }

  #tellIfEmptied(): void {
    if (!this.#searches.every(({ state }) => isOver(state))) return;
    const ended = this.#searches.filter(({ id }) => this.#ended.has(id));
    const seconds = [...this.#ended.values()].reduce((sum, one) => sum + one, 0);
    this.#ended.clear();
    if (ended.length > 0) this.#options.emptied?.(ended, seconds);
  }
}
