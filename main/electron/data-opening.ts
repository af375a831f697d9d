/** Opening of images for the window: how far it has got, and how a person can stop it. */
import type { DataProgress } from '../common/data-progress.ts';
import type { Waiting } from '../task/data-source.ts';

export class DataOpening {
  readonly #changed: (progress: DataProgress | null) => void;
  #stop: AbortController | null = null;

  /** @param changed is told how far it has got; null where nothing is being opened any more */
  constructor(changed: (progress: DataProgress | null) => void) {
    this.#changed = changed;
  }

  /** Runs a function that opens images. Rejects with `data-aborted` where it was stopped. */
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
