/** Images that are being opened for the window: how far it is, and a person who would rather not wait. */
import type { DataProgress } from '../common/data-progress.ts';
import type { Waiting } from '../task/data-source.ts';

export class DataOpening {
  readonly #changed: (progress: DataProgress | null) => void;
  #stop: AbortController | null = null;

  /** @param changed hears how far it is; null where nothing is being opened any more */
  constructor(changed: (progress: DataProgress | null) => void) {
    this.#changed = changed;
  }

  /** Runs what opens images. Rejects with `data-aborted` where it was stopped meanwhile. */
  async run<T>(open: (waiting: Required<Waiting>) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    this.#stop = stop;
    try {
      return await open({
        signal: stop.signal,
        onProgress: (progress) => {
          if (this.#stop === stop) this.#changed(progress);
        },
      });
    } finally {
      if (this.#stop === stop) {
        this.#stop = null;
        this.#changed(null);
      }
    }
  }

  /** Does nothing where nothing is being opened. */
  stop(): void {
    this.#stop?.abort();
  }
}
