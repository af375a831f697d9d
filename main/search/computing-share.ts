/** How much of the time that a session has scoring processes they compute. */

export class ComputingShare {
  readonly #processes: number;
  #fromMs: number | null = null;
  #untilMs = 0;
  #seconds = 0;

  constructor(processes: number) {
    this.#processes = processes;
  }

  /** Something is about to be scored. @param nowMs of a clock that stands during pauses */
  begun(nowMs: number): void {
    this.#fromMs ??= nowMs;
  }

  /** @param seconds that a process computed */
  scored(seconds: number, nowMs: number): void {
    this.#seconds += seconds;
    this.#untilMs = nowMs;
  }

  /** From 0 to 1, from the first score to the latest; null before that. */
  share(): number | null {
    if (this.#fromMs === null || this.#untilMs <= this.#fromMs) return null;
    const there = (this.#processes * (this.#untilMs - this.#fromMs)) / 1000;
    return Math.min(1, this.#seconds / there);
  }
}
