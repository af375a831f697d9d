/**
 * Long computations in slices. Whatever takes longer than a few milliseconds is written as a generator that
 * yields now and then; its caller decides what happens in between. How far it gets between two yields depends
 * on the work done, never on a clock, and the result depends on neither.
 */

/** Yields between slices, returns the result. */
export type Sliced<T> = Generator<void, T>;

/** Multiplications per slice: a few milliseconds. */
const workInSlice = 1_500_000;

/** Counts work; true where a slice is full. */
export class Slice {
  #work = 0;

  full(work: number): boolean {
    this.#work += work;
    if (this.#work < workInSlice) return false;
    this.#work = 0;
    return true;
  }
}

export function runAtOnce<T>(sliced: Sliced<T>): T {
  for (;;) {
    const step = sliced.next();
    if (step.done === true) return step.value;
  }
}

/** @param pause awaited between slices, so that the process can serve others; may throw to give up */
export async function runInSlices<T>(sliced: Sliced<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const step = sliced.next();
    if (step.done === true) return step.value;
    await pause();
  }
}
