/** The list of runs, the search that is running, and the actions for a run from anywhere. */
import { createContext } from 'svelte';
import type {
  Bridge,
  FarmChoice,
  MethodResult,
  RunProgress,
  RunSummary,
  ScoringWish,
  SearchSettings,
} from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';
import { isOpen } from './run-states.ts';

export class RunsStore {
  #list: readonly RunSummary[] | null = $state.raw(null);
  #progress: RunProgress | null = $state.raw(null);
  readonly #bridge: Bridge;
  readonly #onError: (error: unknown) => void;
  readonly #isHidden: () => boolean;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stale = false;

  constructor(
    bridge: Bridge,
    onError: (error: unknown) => void,
    isHidden: () => boolean = () => document.hidden,
  ) {
    this.#bridge = bridge;
    this.#onError = onError;
    this.#isHidden = isHidden;
    bridge.on('run.changed', ({ run }) => this.#changed(run));
    bridge.on('runs.trashPassed', ({ error }) => {
      if (error === null) return;
      onError(error);
      void this.refresh();
    });
  }

  /** Newest first; null until the first answer. */
  get list(): readonly RunSummary[] | null {
    return this.#list;
  }

  /** The run that is being searched, if any. */
  get active(): RunSummary | null {
    return this.#list?.find(({ state }) => isOpen(state)) ?? null;
  }

  /** How far it has got. */
  get activeProgress(): RunProgress | null {
    const running = this.active;
    return running && this.#progress?.run === running.run ? this.#progress : null;
  }

  async refresh(): Promise<void> {
    this.#stale = false;
    try {
      const [list, recent] = await Promise.all([
        ask(this.#bridge, 'runs.list'),
        ask(this.#bridge, 'runs.recent'),
      ]);
      this.#recent = recent;
      this.#list = [...list].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
      const running = this.active;
      if (running) await this.#askProgress(running.run);
    } catch (error) {
      this.#onError(error);
    }
  }

  shown(): void {
    if (this.#stale) void this.refresh();
  }

  /** Starts a search, in the space that the settings name or as `chosen` says, and returns its run. */
  async start(
    name: string,
    settings: SearchSettings,
    chosen: {
      readonly ownSpace?: string;
      readonly scoringSize?: [number, number];
      /** Absent: engine and processes are left to the app. */
      readonly scoring?: ScoringWish;
      /** Run whose candidates it begins with. */
      readonly from?: string;
      /** Absent: this computer alone. */
      readonly farm?: FarmChoice;
    } = {},
  ): Promise<string> {
    const { run } = await ask(this.#bridge, 'search.start', {
      name,
      settings: $state.snapshot(settings),
      ...chosen,
    });
    await this.refresh();
    return run;
  }

  async stop(run: string): Promise<void> {
    await ask(this.#bridge, 'search.stop', { run });
    await this.refresh();
  }

  /** Pauses the search. */
  async pause(run: string): Promise<void> {
    await ask(this.#bridge, 'search.pause', { run });
    await this.refresh();
  }

  /** Continues it, whether it was paused or stopped. */
  async resume(run: string): Promise<void> {
    // The list may still say that it is stopping: only a paused search can be continued in place.
    const paused = this.active?.run === run && this.active.state === 'paused';
    await ask(this.#bridge, paused ? 'search.goOn' : 'search.resume', { run });
    await this.refresh();
  }

  /** Goes on with a finished search, with so many more candidates. */
  async goOnWith(run: string, more: number): Promise<void> {
    await ask(this.#bridge, 'search.resume', { run, more });
    await this.refresh();
  }

  async tag(run: string, tags: readonly string[]): Promise<void> {
    await ask(this.#bridge, 'runs.tag', { run, tags: [...tags] });
    await this.refresh();
  }

  /** Asks where to. */
  async saveReport(run: string): Promise<void> {
    await ask(this.#bridge, 'runs.saveReport', { run });
  }

  /** Asks where to. A copy in the folder of runs is listed then. */
  async saveWithoutNotes(run: string): Promise<void> {
    if (await ask(this.#bridge, 'runs.saveWithoutNotes', { run })) await this.refresh();
  }

  /** Out of sight at once; the files follow to the system's trash unless `restore` comes first. */
  async trash(runs: readonly string[]): Promise<void> {
    await ask(this.#bridge, 'runs.trash', { runs: [...runs] });
    await this.refresh();
  }

  async restore(runs: readonly string[]): Promise<void> {
    try {
      await ask(this.#bridge, 'runs.restore', { runs: [...runs] });
    } finally {
      await this.refresh();
    }
  }

  /** Returns what the run is called from then on. */
  async rename(run: string, name: string): Promise<string> {
    const renamed = await ask(this.#bridge, 'runs.rename', { run, name });
    await this.refresh();
    return renamed.run;
  }

  async reveal(run: string): Promise<void> {
    await ask(this.#bridge, 'runs.reveal', { run });
  }

  /** Run files that were opened from outside of the runs folder. */
  get recent(): MethodResult<'runs.recent'> {
    return this.#recent;
  }
  #recent: MethodResult<'runs.recent'> = $state.raw([]);

  async openRecent(run: string): Promise<string> {
    const opened = await ask(this.#bridge, 'runs.openRecent', { run });
    await this.refresh();
    return opened.run;
  }

  /** Lets the person choose a run file; null when they changed their mind. */
  async chooseFile(): Promise<string | null> {
    const chosen = await ask(this.#bridge, 'runs.chooseFile');
    if (chosen) await this.refresh();
    return chosen?.run ?? null;
  }

  /** The run whose file the system has passed to this app since the last call; null when there is none. */
  async opened(): Promise<string | null> {
    const opened = await ask(this.#bridge, 'runs.opened');
    if (opened) await this.refresh();
    return opened?.run ?? null;
  }

  async #askProgress(run: string): Promise<void> {
    const progress = await ask(this.#bridge, 'runs.progress', { run });
    const before = this.#list?.find((other) => other.run === run);
    this.#progress = progress;
    if (!before) return;
    const { state, evaluated, failed, elapsedSeconds } = progress;
    this.#list =
      this.#list?.map((other) =>
        other.run === run ? { ...other, state, evaluated, failed, elapsedSeconds } : other,
      ) ?? null;
  }

  /** A run may change many times a second, so only its own row is asked for again. */
  #changed(run: string): void {
    if (this.#isHidden()) {
      this.#stale = true;
      return;
    }
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const known = this.#list?.some((other) => other.run === run) ?? false;
      if (known) this.#askProgress(run).catch(this.#onError);
      else void this.refresh();
    }, 100);
  }
}

export const [useRuns, provideRuns] = createContext<RunsStore>();
