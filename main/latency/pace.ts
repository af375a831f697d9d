/**
 * How fast a processor is now: the time of a fixed amount of work that touches no memory. A computer does not tell
 * the clock that a core runs at, least of all a virtual one, and a network that takes longer looks like a larger one.
 */
const steps = 40_000;
const tries = 7;
let state = 1;

/** @returns milliseconds, the least of some tries, so that interruptions do not count */
export function paceMs(): number {
  let least = Infinity;
  for (let i = 0; i < tries; i++) {
    const start = performance.now();
    for (let step = 0; step < steps; step++) {
      // Marsaglia's xorshift: each step waits for the one before.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
    }
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
