/**
 * Runs that a person threw away a moment ago: they are out of sight, and their files stay where they are until the
 * offer to undo that has passed. Whatever ends the app before then loses nothing.
 */
import type { ErrorReport } from '../../preload/contract.ts';
import { WorkbenchError, reportOf } from '../errors.ts';

export interface PendingTrashOptions {
  /** Throws `unknown-run`. */
  readonly pathOf: (run: string) => Promise<string>;
  readonly isSearched: (run: string) => boolean;
  /** Moves the file to the system's trash. Throws `no-trash`. */
  readonly moveToTrash: (path: string) => Promise<void>;
  /** The file is gone. */
  readonly forget: (run: string) => void;
  /** The offer has passed; a run whose file could not be moved is listed again. */
  readonly passed: (runs: readonly string[], error: ErrorReport | null) => void;
  readonly waitMs?: number;
}

/** How long undoing is offered; the page shows it a little shorter. */
const usualWaitMs = 12_000;

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly path: string;
}

export class PendingTrash {
  readonly #options: PendingTrashOptions;
  readonly #pending = new Map<string, Pending>();

  constructor(options: PendingTrashOptions) {
    this.#options = options;
  }

  has(run: string): boolean {
    return this.#pending.has(run);
  }

  /** All of them or none. Throws `run-in-use`, `unknown-run`. */
  async put(runs: readonly string[]): Promise<void> {
    const paths = await Promise.all(runs.map((run) => this.#options.pathOf(run)));
    for (const run of runs) this.#assertIdle(run);
    for (const [i, run] of runs.entries()) {
      if (this.has(run)) continue;
      const wait = this.#options.waitMs ?? usualWaitMs;
      const timer = setTimeout(() => void this.#move([run]), wait);
      this.#pending.set(run, { timer, path: paths[i]! });
    }
  }

  /** Throws `already-trashed` where the offer had passed for one of them; the others are back. */
  restore(runs: readonly string[]): void {
    const late = runs.filter((run) => !this.has(run));
    for (const run of runs) {
      clearTimeout(this.#pending.get(run)?.timer);
      this.#pending.delete(run);
    }
    if (late.length === 0) return;
    throw new WorkbenchError(
      'already-trashed',
      'The file is in the system’s trash by now.',
      'Take it out again there: it goes back to where it was.',
    );
  }

  /** The offer ends with the window. */
  async close(): Promise<void> {
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    await this.#move([...this.#pending.keys()]);
  }

  #assertIdle(run: string): void {
    if (!this.#options.isSearched(run)) return;
    throw new WorkbenchError(
      'run-in-use',
      'This run is being searched.',
      'Stop the search first, then move its file to the trash.',
    );
  }

  async #move(runs: readonly string[]): Promise<void> {
    const { moveToTrash, forget, passed } = this.#options;
    let failure: ErrorReport | null = null;
    const ended: string[] = [];
    for (const run of runs) {
      const pending = this.#pending.get(run);
      // Somebody wanted it back while the one before it was moved.
      if (pending === undefined) continue;
      const { timer, path } = pending;
      ended.push(run);
      clearTimeout(timer);
      this.#pending.delete(run);
      try {
        this.#assertIdle(run);
        await moveToTrash(path);
        forget(run);
      } catch (error) {
        failure = reportOf(error);
      }
    }
    if (ended.length > 0) passed(ended, failure);
  }
}
