/** One run as the window knows it: what it is, how far it has got, and its candidates as columns. */
import type { Bridge, GivenZico, RunProgress, RunView } from '../../../preload/contract.ts';
import { ask } from '../../ground/bridge.ts';
import { CandidateColumns } from './columns.ts';
import { RunLoader } from './run-loader.ts';

export class RunData {
  readonly run: string;
  readonly #columns = new CandidateColumns();
  #view: RunView | null = $state.raw(null);
  #progress: RunProgress | null = $state.raw(null);
  #version = $state(0);
  readonly #bridge: Bridge;
  readonly #loader: RunLoader;
  readonly #onError: (error: unknown) => void;
  #onPage: (() => void) | null = null;

  constructor(bridge: Bridge, run: string, onError: (error: unknown) => void) {
    this.run = run;
    this.#bridge = bridge;
    this.#onError = onError;
    this.#loader = new RunLoader({
      bridge,
      run,
      columns: this.#columns,
      isHidden: () => document.hidden,
      onError,
      onPage: () => {
        this.#version++;
        this.#onPage?.();
      },
      onLoaded: (progress, added) => {
        this.#progress = progress;
        if (added > 0) this.#version++;
      },
    });
  }

  get view(): RunView | null {
    return this.#view;
  }

  get progress(): RunProgress | null {
    return this.#progress;
  }

  /** Incremented when candidates arrive; the columns themselves are plain arrays. */
  get version(): number {
    return this.#version;
  }

  /** Reading the columns this way follows new candidates. */
  get columns(): CandidateColumns {
    void this.#version;
    return this.#columns;
  }

  /**
   * Returns whether the run could be opened, with all its candidates.
   * @param onView called before anything of the run shows, so that it shows ranked as it was
   * @param onPage called when some of the candidates are there and more are on their way
   */
  async open(onView: (view: RunView) => void, onPage?: () => void): Promise<boolean> {
    this.#onPage = onPage ?? null;
    try {
      const view = await ask(this.#bridge, 'runs.view', { run: this.run });
      onView(view);
      this.#view = view;
      await this.#loader.load();
      // Where rows turn out to be damaged, the loader has reported it.
      return this.#progress !== null;
    } catch (error) {
      this.#onError(error);
      return false;
    } finally {
      this.#onPage = null;
    }
  }

  /** A candidate was given its ZiCo. */
  setZico(id: number, given: GivenZico): void {
    this.#columns.setZico(id, given);
    this.#version++;
  }

  async reload(): Promise<void> {
    await this.#loader.load();
  }

  shown(): void {
    this.#loader.shown();
  }

  close(): void {
    this.#loader.close();
  }
}
