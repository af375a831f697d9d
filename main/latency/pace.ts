/**
 * How fast a processor is now: the time of a fixed amount of work that touches no memory. A computer does not tell
 * the clock that a core runs at, least of all a virtual one, nor whether the other half of the core is at work for
 * somebody else, and a network that takes longer looks like a larger one.
 */
const steps = 20_000;
/** Independent chains keep all arithmetic units busy, as a network does; a single one would leave room for another program. */
let [a, b, c, d, e, f] = [1, 2, 3, 4, 5, 6];

/** @returns milliseconds */
export function paceMs(): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Marsaglia's xorshift, six times: each step waits for the one before. */
function work(): void {
  for (let step = 0; step < steps; step++) {
    a ^= a << 13;
    b ^= b << 13;
    c ^= c << 13;
    d ^= d << 13;
    e ^= e << 13;
    f ^= f << 13;
    a ^= a >>> 17;
    b ^= b >>> 17;
    c ^= c >>> 17;
    d ^= d >>> 17;
    e ^= e >>> 17;
    f ^= f >>> 17;
    a ^= a << 5;
    b ^= b << 5;
    c ^= c << 5;
    d ^= d << 5;
    e ^= e << 5;
    f ^= f << 5;
  }
}

/** By more than this the same work takes longer on a processor that throttles or is shared; at rest it repeats to 1 %. */
export const mostSlower = 0.08;
/** At most this many times as many runs are tried as have to count. */
const mostTries = 4;
/** Nor more than have to count once they took so long, in milliseconds: a repeat has to come to an end. */
const mostTriedMs = 30_000;

/**
 * The runs of one repeat, each between two looks at the pace: what shares a core comes and goes within tens of
 * milliseconds. Only those at full pace count; where too few are, the first ones do, and the pace tells. Pure.
 */
export class PacedRuns {
  readonly #wanted: number;
  readonly #runs: { readonly ms: number; readonly paceMs: number }[] = [];
  #bestMs: number;
  #seenMs: number;
  #lastMs: number;
  #triedMs = 0;

  /**
   * @param wanted how many runs have to count
   * @param bestMs the best pace of late, Infinity where it is not known
   * @param paceMs the pace before the first run
   */
  constructor(wanted: number, bestMs: number, paceMs: number) {
    this.#wanted = wanted;
    this.#bestMs = Math.min(bestMs, paceMs);
    this.#seenMs = paceMs;
    this.#lastMs = paceMs;
  }

  get done(): boolean {
    if (this.#atFullPace.length >= this.#wanted) return true;
    const most = this.#triedMs < mostTriedMs ? mostTries * this.#wanted : this.#wanted;
    return this.#runs.length >= most;
  }

  /**
   * @param ms the run
   * @param paceMs the pace after it
   */
  add(ms: number, paceMs: number): void {
    this.#runs.push({ ms, paceMs: Math.max(this.#lastMs, paceMs) });
    this.#bestMs = Math.min(this.#bestMs, paceMs);
    this.#seenMs = Math.min(this.#seenMs, paceMs);
    this.#lastMs = paceMs;
    this.#triedMs += ms;
  }

  get runsMs(): readonly number[] {
    return this.#counting.map(({ ms }) => ms);
  }

  /** The slowest pace around a run that counts. */
  get paceMs(): number {
    return Math.max(...this.#counting.map(({ paceMs }) => paceMs));
  }

  /** The best pace of all looks, those around runs that do not count among them; what was known before is not. */
  get bestSeenMs(): number {
    return this.#seenMs;
  }

  /** How many runs do not count. */
  get disturbed(): number {
    return this.#runs.length - this.#counting.length;
  }

  get #atFullPace() {
    return this.#runs.filter(({ paceMs }) => paceMs <= (1 + mostSlower) * this.#bestMs);
  }

  get #counting() {
    const full = this.#atFullPace;
    return full.length < this.#wanted ? this.#runs.slice(0, this.#wanted) : full;
  }
}
