/**
 * Lets a person pause a search. What is being scored or measured is finished first, nothing new is started, and
 * nothing is given up: engine, phones and run file are left as they are.
 */
export class Pause {
  readonly #clock: () => number;
  #since: number | null = null;
  #earlierMs = 0;
  readonly #waiting = new Set<() => void>();

  /** @param clock milliseconds, monotonic */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  get active(): boolean {
    return this.#since !== null;
  }

  /** Total milliseconds of all pauses so far. */
  get ms(): number {
    return this.#earlierMs + (this.#since === null ? 0 : this.#clock() - this.#since);
  }

  /** Does nothing where it is already paused. */
  begin(): void {
    this.#since ??= this.#clock();
  }

  end(): void {
    this.#earlierMs = this.ms;
    this.#since = null;
    for (const goOn of [...this.#waiting]) goOn();
  }

  /** Resolves once there is no pause, or when the signal aborts. */
  async over(signal: AbortSignal): Promise<void> {
    while (this.active && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const goOn = (): void => {
          this.#waiting.delete(goOn);
          signal.removeEventListener('abort', goOn);
          resolve();
        };
        this.#waiting.add(goOn);
        signal.addEventListener('abort', goOn);
      });
    }
  }
}
