/**
 * The searches of this session, one at a time: two would share the cores and distort each other's latencies.
 */
import { parse } from 'node:path';
import type { RunProgress, ScoringPlan } from '../../preload/contract.ts';
import { WorkbenchError } from '../errors.ts';
import type { RunCounts, RunInfo } from '../run/run-store.ts';
import { plannedCandidates } from '../common/planned-candidates.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { budgetWithMore } from '../search/settings-checks.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { dataNotAgreed } from '../workbench/agreements.ts';
import type { Space } from '../space/space.ts';
import type { Waiting } from '../task/data-source.ts';
import type { ComputeTurn } from './compute-turn.ts';
import type { DataOpening } from './data-opening.ts';
import { LiveRun } from './live-run.ts';
import type { FarmChoice } from '../../preload/contract.ts';
import type { FarmLink } from './farm/farm-link.ts';
import { thrownInWindow } from './farm/said-in-window.ts';
import type { PhonesAtWork } from './phones/at-work.ts';
import { throughRename, type FollowedRun, type RunFiles } from './run-files.ts';
import type { RunSpaces } from './run-spaces.ts';
import type { WindowSearch, ScoringWish, SearchListener, Services } from './services.ts';
import { throttle, type Throttled } from './throttle.ts';

/** The page asks again after every event, so this bounds how often it does. */
const eventIntervalMs = 100;

export interface SearchesOptions {
  readonly services: Services;
  readonly turn: ComputeTurn;
  /** Hears of phones that measure. */
  readonly atWork: Pick<PhonesAtWork, 'begin' | 'end'>;
  /** Other computers, for searches that use them. */
  readonly farm?: SearchesFarm;
  readonly changed: (event: { run: string; revision: number }) => void;
  /** Whether a search is at work: the computer stays awake while one is. */
  readonly searching: (active: boolean) => void;
  readonly now?: () => number;
  /** Through this the images of a starting search are opened. */
  readonly opening?: DataOpening;
  /** A search of this session has ended, by itself or because it was stopped. */
  readonly ended?: (name: string, progress: RunProgress) => void;
  /** Asks the person whether a run from elsewhere may read images there; it may not unless stated. */
  readonly askForData?: (name: string, data: string) => Promise<boolean>;
}

export interface SearchesFarm extends Pick<FarmLink, 'wish' | 'ended'> {
  /** How the search of a run file used the farm; null where it used none. */
  chosenFor(path: string): FarmChoice | null;
  remember(path: string, choice: FarmChoice | null): void;
}

/** What a search may be given besides its settings. */
export interface SearchChoice {
  readonly space?: DescribedSpace | undefined;
  readonly scoring?: ScoringWish | undefined;
  /** Run whose candidates it begins with. */
  readonly from?: string | undefined;
  /** Absent: this computer alone. */
  readonly farm?: FarmChoice | undefined;
  /** Path of the run file, where no other may be taken; absent: a free one of that title. */
  readonly file?: string | undefined;
}

interface Launch {
  readonly live: LiveRun;
  readonly begin: () => Promise<WindowSearch>;
}

const everybody: FarmChoice = { only: false, any: false };
const automatic: ScoringWish = { engine: 'auto', workers: 'auto' };

export class Searches {
  readonly #files: RunFiles;
  readonly #spaces: RunSpaces;
  readonly #options: SearchesOptions;
  readonly #now: () => number;
  /** Gives back the turn that a search has from the moment it is asked for until its file is closed. */
  #giveBack = (): void => undefined;
  /** The current search, from just before it starts until its file is closed. */
  #live: LiveRun | null = null;
  /** Settles when the start of the latest search has succeeded or failed. */
  #started: Promise<unknown> = Promise.resolve();
  /** Resolves when the latest search has ended. */
  #ended: Promise<void> = Promise.resolve();
  /** How the searches of this session ended: a file does not say why a search failed. */
  readonly #last = new Map<string, RunProgress>();

  constructor(files: RunFiles, spaces: RunSpaces, options: SearchesOptions) {
    this.#files = files;
    this.#spaces = spaces;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  get busy(): boolean {
    return this.#options.turn.isWith('search');
  }

  /** The search of a run; null where it is not being searched. */
  liveOf(run: string): LiveRun | null {
    return this.#live?.run === run ? this.#live : null;
  }

  /** How the run's search of this session is going, or ended; undefined where there was none. */
  progressOf(run: string): RunProgress | undefined {
    return this.liveOf(run)?.progress() ?? this.#last.get(run);
  }

  /**
   * Starts a search in a new file and returns the run's name.
   * @param chosen a space in place of the one that the settings name, and who scores
   * Throws `search-already-running`, or what else computes.
   */
  async start(name: string, settings: SearchSettings, chosen: SearchChoice = {}): Promise<string> {
    const { space: own, scoring = automatic, from, farm: choice, file } = chosen;
    const space = own ?? this.#spaces.named(settings.space);
    return this.#launch(async () => {
      const begun = from === undefined ? {} : await this.#begun(from, settings, space, scoring);
      const path = file ?? (await this.#files.newPath(name));
      const run = this.#files.register(path);
      const live = this.#becomeLive({
        ...{ run, settings, planned: plannedCandidates(settings, space.networks) },
        earlier: { evaluated: 0, failed: 0, generation: 0 },
        elapsedSeconds: 0,
        scoring: null,
      });
      const begin = async () => {
        const { services, atWork, farm } = this.#options;
        const wish = choice && (await farm?.wish(choice));
        const session = { ...scoring, ...begun, ...atWork.begin(run), ...(wish && { farm: wish }) };
        farm?.remember(path, choice ?? null);
        return await this.#opened((opening) =>
          services.startSearch(settings, path, listenerOf(live), { ...session, opening }, own),
        ).catch(thrownInWindow);
      };
      return { live, begin };
    });
  }

  /**
   * Continues a run that was stopped, or, with so many more candidates, that had reached its budget.
   * Throws `search-already-running`, or what else computes.
   */
  async resume(run: string, more = 0): Promise<void> {
    const { services, atWork, farm } = this.#options;
    const resumed = async (followed: FollowedRun): Promise<Launch> => {
      // Not in the window's process: a file from elsewhere may describe a space that takes for ever.
      const { info, earlier, ...found } = await throughRename(followed, () =>
        services.looking.look('resumable', followed.path, null),
      );
      await this.agreed(followed.run, info);
      const looked = await throughRename(followed, () =>
        services.looking.lookThrough(followed.path),
      );
      while (this.#files.renaming) await this.#files.renaming;
      const { run, path } = followed;
      const budget = more === 0 ? {} : budgetWithMore(info.settings, more);
      const planned = found.planned === null ? null : found.planned + more;
      const { elapsedSeconds, scoring = null } = info;
      const settings = { ...info.settings, ...budget };
      const live = this.#becomeLive({ run, settings, planned, earlier, elapsedSeconds, scoring });
      // A run that measures on the farm's phones cannot go on without it.
      const onFarm = settings.phone?.onFarm === true ? everybody : null;
      const choice = farm?.chosenFor(path) ?? onFarm;
      const begin = async () => {
        const wish = choice && (await farm?.wish(choice));
        const session = { ...atWork.begin(run), looked, ...(wish && { farm: wish }) };
        return await this.#opened((opening) =>
          services.resumeSearch(path, listenerOf(live), { ...session, opening }, budget),
        ).catch(thrownInWindow);
      };
      return { live, begin };
    };
    // Looking through takes its time; once the search is the current one, its file keeps its name.
    await this.#launch(() => this.#files.follow(run, resumed));
  }

  /**
   * Those of the runs whose candidates a new search may begin with. A run that cannot be read is not one.
   * @param runs in the order of the answer
   */
  async beginnings(
    runs: readonly string[],
    settings: SearchSettings,
    { space: own, scoring = automatic }: SearchChoice,
  ): Promise<string[]> {
    const space = own ?? this.#spaces.named(settings.space);
    const fitting: string[] = [];
    for (const run of runs) {
      if (this.liveOf(run) !== null) continue;
      const begun = await this.#begun(run, settings, space, scoring).catch((error: unknown) => {
        if (error instanceof WorkbenchError) return null;
        throw error;
      });
      if (begun !== null) fitting.push(run);
    }
    return fitting;
  }

  /** How a search is scored that begins with the candidates of a run. Throws `runs-differ`. */
  async #begun(
    from: string,
    settings: SearchSettings,
    space: Space,
    { engine, precision = 'auto' }: ScoringWish,
  ) {
    const { services } = this.#options;
    const path = await this.#files.pathOf(from);
    const info = await services.looking.look('info', path, null);
    const taken = services.engineToTakeOver(info, { settings, space, engine, precision });
    if (taken !== null) return { from: path, engine: taken.name, precision: taken.precision };
    throw new WorkbenchError(
      'runs-differ',
      `The candidates of ${parse(path).name} cannot be taken over, because they would come to other scores.`,
      'Choose a run of the same space, images, scoring and engine, or begin without one.',
    );
  }

  /** Opens images, for which a person may not want to wait. */
  #opened(begin: (opening: Waiting) => Promise<WindowSearch>): Promise<WindowSearch> {
    const { opening } = this.#options;
    if (!opening) return begin({});
    return opening.run('search', async (waiting) => {
      const search = await begin(waiting);
      // The request came too late for opening the images.
      if (waiting.signal.aborted) search.stop();
      return search;
    });
  }

  /** Throws `data-not-agreed` where the person would rather not have the run's images read. */
  async agreed(run: string, info: RunInfo): Promise<void> {
    const { services, askForData } = this.#options;
    const data = services.dataToAgreeTo(info);
    if (data === null) return;
    const name = parse(await this.#files.pathOf(run)).name;
    if (!(await askForData?.(name, data))) throw dataNotAgreed(data);
    services.agreeToData(info);
  }

  /** Pauses the search, which remains open; does nothing where the run is not being searched. */
  pause(run: string): void {
    if (this.liveOf(run)?.pause()) this.#options.searching(false);
  }

  /** Continues a search that `pause` has paused; does nothing where there is none. */
  goOn(run: string): void {
    if (this.liveOf(run)?.goOn()) this.#options.searching(true);
  }

  /** Does nothing where the run is not being searched. */
  stop(run: string): void {
    this.liveOf(run)?.stop();
  }

  /** Stops the search, if there is one, and waits until its file is closed. */
  async stopAll(): Promise<void> {
    this.#live?.stop();
    await this.#started;
    this.#live?.stop(); // it may have been starting a moment ago
    await this.#ended;
  }

  /** One launch at a time, from the first await on. */
  async #launch(prepare: () => Promise<Launch>): Promise<string> {
    this.#giveBack = this.#options.turn.take('search');
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
    // Not at the end, because a file that is deleted meanwhile is forgotten together with its path.
    const { name } = parse(await this.#files.pathOf(live.run));
    const search = await begin();
    this.#last.delete(live.run);
    this.#ended = live.attach(search).then(() => {
      const progress = live.progress();
      this.#last.set(live.run, progress);
      this.#release();
      this.#options.ended?.(name, progress);
    });
    return live;
  }

  #release(): void {
    this.#live = null;
    this.#giveBack();
    this.#options.atWork.end();
    this.#options.farm?.ended();
    this.#options.searching(false);
  }

  /** Makes this search the current one. */
  #becomeLive({ run, settings, ...beginning }: Beginning): LiveRun {
    const announce: Throttled = throttle(() => {
      const revision = this.progressOf(run)?.revision;
      if (revision !== undefined) this.#options.changed({ run, revision });
    }, eventIntervalMs);
    this.#live = new LiveRun({
      run,
      ...beginning,
      seconds: settings.seconds,
      revision: (this.#last.get(run)?.revision ?? -1) + 1,
      now: this.#now,
      changed: announce,
    });
    return this.#live;
  }
}

interface Beginning {
  readonly run: string;
  readonly settings: SearchSettings;
  readonly planned: number | null;
  /** What earlier sessions left. */
  readonly earlier: RunCounts;
  readonly elapsedSeconds: number;
  readonly scoring: ScoringPlan | null;
}

function listenerOf(live: LiveRun): SearchListener {
  return (event) => {
    live.elapsed(event.elapsedSeconds);
    if (event.scoring) live.scoredBy(event.scoring);
    if (event.computing !== undefined) live.computed(event.computing);
    if (event.phase === 'proposing') live.phaseChanged('preparing', event.generation);
    if (event.phase === 'scoring') live.phaseChanged('scoring', event.generation);
    if (event.phase === 'measuring') {
      live.phaseChanged('measuring', event.generation, event.proposal?.id ?? null);
    }
    if (event.candidate) live.candidateStored(event.candidate);
    if (event.confirmed) live.frontConfirmed(event.confirmed);
  };
}
