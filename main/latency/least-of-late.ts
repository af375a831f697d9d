/** For how long the best of a device is one that it can be expected to come back to. */
const rememberedMs = 10 * 60_000;

/**
 * The least value of the last ten minutes. A device that is warm for good slows down for good, and its figures are
 * then steady ones of a slower device.
 */
export class LeastOfLate {
  #known: readonly { readonly atMs: number; readonly value: number }[] = [];

  /** Infinity before anything is known. */
  at(nowMs: number): number {
    const lately = this.#known.filter(({ atMs }) => nowMs - atMs <= rememberedMs);
    return Math.min(...lately.map(({ value }) => value));
  }

  /** Keeps what can still be the least later: those that nothing newer is below. */
  note(nowMs: number, value: number): void {
    const kept = this.#known.filter((one) => nowMs - one.atMs <= rememberedMs && one.value < value);
    this.#known = [...kept, { atMs: nowMs, value }];
  }
}
