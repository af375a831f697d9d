/**
 * A device whose speed changes as that of real devices does, to test the measuring protocol without waiting: each way
 * of changing is a random process with a seed of its own.
 */
import { generatorFor, type RandomGenerator } from '../../main/random.ts';

export const worlds = ['steady', 'drift', 'bursts', 'throttling', 'clock steps'] as const;
export type World = (typeof worlds)[number];

/** How a device is measured: the time between repeats, and the duration of a repeat. */
export interface Pace {
  readonly warmUp: number;
  readonly runs: number;
  /** Duration of one run at full speed. */
  readonly runMs: number;
  /** Time between two repeats of a network, including repeats of others. */
  readonly betweenMs: number;
}

/** How this computer and a phone are measured. */
export const paces = {
  computer: { warmUp: 3, runs: 10, runMs: 3, betweenMs: 150 },
  phone: { warmUp: 10, runs: 50, runMs: 20, betweenMs: 5000 },
} as const satisfies Readonly<Record<string, Pace>>;

export class SimulatedDevice {
  readonly #random: RandomGenerator;
  readonly #world: World;
  #nowMs = 0;
  /** Logarithm of a factor on every duration. */
  #drift = 0;
  /** When the current state, slow or not, ends. */
  #endMs = 0;
  #slow = false;
  /** From 0 to 1. */
  #warmth: number;

  constructor(world: World, seed: number | string) {
    this.#world = world;
    this.#random = generatorFor('simulated device', world, String(seed));
    this.#drift = 0.015 * this.#normal();
    this.#warmth = this.#uniform();
    this.#slow = this.#uniform() < shareSlow[world];
    this.#endMs = this.#duration();
  }

  /** True while the device runs at a lower clock, which phones report and this computer does not. */
  get slowClock(): boolean {
    return this.#slow && (this.#world === 'throttling' || this.#world === 'clock steps');
  }

  wait(ms: number): void {
    // In steps, so that states lasting seconds are not skipped.
    for (let left = ms; left > 0; left -= 500) this.#pass(Math.min(left, 500), false);
  }

  /** @returns the milliseconds of each timed run, and whether the clock was low in any */
  repeat({ warmUp, runs, runMs }: Pace): {
    readonly runsMs: readonly number[];
    readonly slow: boolean;
  } {
    const runsMs: number[] = [];
    let slow = false;
    for (let run = 0; run < warmUp + runs; run++) {
      const noise = Math.exp(0.01 * this.#normal()) * (this.#uniform() < 0.02 ? 1.4 : 1);
      const ms = runMs * this.#factor() * noise;
      this.#pass(ms, true);
      if (run < warmUp) continue;
      runsMs.push(ms);
      slow ||= this.slowClock;
    }
    return { runsMs, slow };
  }

  #factor(): number {
    switch (this.#world) {
      case 'steady':
        return 1;
      case 'drift':
        return Math.exp(this.#drift);
      default:
        return this.#slow ? slowdown[this.#world] : 1;
    }
  }

  #pass(ms: number, working: boolean): void {
    this.#nowMs += ms;
    // An Ornstein-Uhlenbeck process: 1.5 % about its mean, with a time constant of two minutes.
    const kept = Math.exp(-ms / 120_000);
    this.#drift = kept * this.#drift + 0.015 * Math.sqrt(1 - kept ** 2) * this.#normal();
    if (this.#world === 'throttling') {
      // Other networks are measured while one waits.
      const towards = working ? (this.#slow ? 0.6 : 1.3) : this.#slow ? 0.4 : 0.95;
      this.#warmth += (towards - this.#warmth) * (1 - Math.exp(-ms / 40_000));
      if (this.#warmth > 0.85) this.#slow = true;
      else if (this.#warmth < 0.6) this.#slow = false;
      return;
    }
    if (this.#world !== 'bursts' && this.#world !== 'clock steps') return;
    while (this.#nowMs >= this.#endMs) {
      this.#slow = !this.#slow;
      this.#endMs += this.#duration();
    }
  }

  /** The duration of a state. */
  #duration(): number {
    if (this.#world !== 'bursts' && this.#world !== 'clock steps') return 0;
    const mean = meanMs[this.#world][this.#slow ? 'slow' : 'fast'];
    return -mean * Math.log(1 - this.#uniform());
  }

  #uniform(): number {
    return ((this.#random.next() >>> 0) + 0.5) / 2 ** 32;
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(this.#uniform())) * Math.cos(2 * Math.PI * this.#uniform());
  }
}

const slowdown = { bursts: 1.3, throttling: 1.2, 'clock steps': 1.2 } as const;
const meanMs = {
  bursts: { fast: 15_000, slow: 1_500 },
  'clock steps': { fast: 120_000, slow: 10_000 },
} as const;
const shareSlow: Readonly<Record<World, number>> = {
  ...{ steady: 0, drift: 0, throttling: 0.5 },
  ...{ bursts: 1.5 / 16.5, 'clock steps': 10 / 130 },
};
