/** How many enter before whoever else has something to do gets a turn: a window may be drawn by this process. */
const mostATurn = 8;

/** Lets a limited number through at a time, in order of arrival; the limit may change meanwhile. */
export class Gate {
  #width: number;
  #inside = 0;
  #admitted = 0;
  #turnAsked = false;
  readonly #waiting: (() => void)[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  widen(width: number): void {
    this.#width = width;
    this.#admit();
  }

  /** Throws the signal's reason if it aborts before there is room. */
  async through<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#inside--;
      this.#admit();
    }
  }

  #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(enter);
      this.#admit();
    });
  }

  #admit(): void {
    while (this.#admitted < mostATurn) {
      if (this.#inside >= this.#width || this.#waiting.length === 0) break;
      this.#inside++;
      this.#admitted++;
      this.#waiting.shift()!();
    }
    if (this.#turnAsked || this.#admitted === 0) return;
    this.#turnAsked = true;
    setImmediate(() => {
      this.#turnAsked = false;
      this.#admitted = 0;
      this.#admit();
    });
  }
}
