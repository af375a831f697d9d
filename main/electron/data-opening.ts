/** Opening of images for the window: how far it has got, and how a person can stop it. */
import type { DataOpeningFor, DataProgress } from '../common/data-progress.ts';
import type { Waiting } from '../task/data-source.ts';

type Changed = (purpose: DataOpeningFor, progress: DataProgress | null) => void;

export class DataOpening {
  readonly #changed: Changed;
  /** The latest of each purpose. */
  readonly #stops = new Map<DataOpeningFor, AbortController>();

  /** @param changed is told how far it has got; null where nothing is being opened for that any more */
  constructor(changed: Changed) {
    this.#changed = changed;
  }

  /** Runs a function that opens images. Rejects with `data-aborted` where it was stopped. */
  async run<T>(
    purpose: DataOpeningFor,
    open: (waiting: Required<Waiting>) => Promise<T>,
  ): Promise<T> {
    const stop = new AbortController();
    const isLatest = (): boolean => this.#stops.get(purpose) === stop;
    this.#stops.set(purpose, stop);
    try {
      return await open({
        signal: stop.signal,
        onProgress: (progress) => {
          if (isLatest()) this.#changed(purpose, progress);
        },
      });
    } finally {
      if (isLatest()) {
        this.#stops.delete(purpose);
        this.#changed(purpose, null);
      }
    }
  }

  /** Does nothing where nothing is being opened for that; what is opened for something else goes on. */
  stop(purpose: DataOpeningFor): void {
    this.#stops.get(purpose)?.abort();
  }
}
