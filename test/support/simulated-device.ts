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

/** The numbers of a world. */
export interface Nature {
  /** Standard deviation of the logarithm of each run. */
  readonly noise: number;
  /** Of the drift's logarithm, and within what time it forgets. */
  readonly drift: { readonly deviation: number; readonly ms: number };
  /** Whether the device drifts in every world. */
  readonly alwaysDrifts: boolean;
  /** By what factor runs take longer in a slow state. */
  readonly slowdown: Readonly<Record<'bursts' | 'throttling' | 'clock steps', number>>;
  /** Mean durations of states. */
  readonly meanMs: Readonly<
    Record<'bursts' | 'clock steps', { readonly fast: number; readonly slow: number }>
  >;
  /** Within what time a device warms and cools. */
  readonly warmingMs: number;
}

/** The one in which the constants of intervals were found. */
export const firstNature: Nature = {
  noise: 0.01,
  drift: { deviation: 0.015, ms: 120_000 },
  alwaysDrifts: false,
  slowdown: { bursts: 1.3, throttling: 1.2, 'clock steps': 1.2 },
  meanMs: {
    bursts: { fast: 15_000, slow: 1_500 },
    'clock steps': { fast: 120_000, slow: 10_000 },
  },
  warmingMs: 40_000,
};

/** Another nature for every device: nothing was tuned to them. */
export function otherNature(seed: number | string): Nature {
  const random = generatorFor('other nature', String(seed));
  const between = (low: number, high: number): number => {
    const share = ((random.next() >>> 0) + 0.5) / 2 ** 32;
    return low * (high / low) ** share;
  };
  return {
    noise: between(0.003, 0.03),
    drift: { deviation: between(0.005, 0.03), ms: between(20_000, 600_000) },
    alwaysDrifts: true,
    slowdown: {
      ...{ bursts: between(1.1, 1.8), throttling: between(1.08, 1.5) },
      'clock steps': between(1.08, 1.5),
    },
    meanMs: {
      bursts: { fast: between(5_000, 60_000), slow: between(300, 4_000) },
      'clock steps': { fast: between(30_000, 600_000), slow: between(3_000, 30_000) },
    },
    warmingMs: between(15_000, 120_000),
  };
}

export class SimulatedDevice {
  readonly #nature: Nature;
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

  constructor(world: World, seed: number | string, nature = firstNature) {
    this.#world = world;
    this.#nature = nature;
    this.#random = generatorFor('simulated device', world, String(seed));
    this.#drift = nature.drift.deviation * this.#normal();
    this.#warmth = this.#uniform();
    this.#slow = this.#uniform() < this.#shareSlow();
    this.#endMs = this.#duration();
  }

  /** True while the device runs at a lower clock, which phones report; this computer only sees its pace. */
  get slowClock(): boolean {
    return this.#slow && (this.#world === 'throttling' || this.#world === 'clock steps');
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** What a fixed amount of work takes now, as a share of its time at full clock: this computer looks at it. */
  get pace(): number {
    return this.slowClock ? this.#nature.slowdown[this.#world as 'throttling'] : 1;
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
      const ms = this.run(runMs);
      if (run < warmUp) continue;
      runsMs.push(ms);
      slow ||= this.slowClock;
    }
    return { runsMs, slow };
  }

  /** @returns the milliseconds of one run that takes `usualMs` at full clock */
  run(usualMs: number): number {
    const noise =
      Math.exp(this.#nature.noise * this.#normal()) * (this.#uniform() < 0.02 ? 1.4 : 1);
    const ms = usualMs * this.#factor() * noise;
    this.#pass(ms, true);
    return ms;
  }

  #factor(): number {
    const { alwaysDrifts, slowdown } = this.#nature;
    const drifted = alwaysDrifts || this.#world === 'drift' ? Math.exp(this.#drift) : 1;
    if (this.#world === 'steady') return 1;
    return this.#world === 'drift' || !this.#slow ? drifted : drifted * slowdown[this.#world];
  }

  #pass(ms: number, working: boolean): void {
    this.#nowMs += ms;
    // An Ornstein-Uhlenbeck process.
    const { deviation, ms: forgetsMs } = this.#nature.drift;
    const kept = Math.exp(-ms / forgetsMs);
    this.#drift = kept * this.#drift + deviation * Math.sqrt(1 - kept ** 2) * this.#normal();
    if (this.#world === 'throttling') {
      // Other networks are measured while one waits.
      const towards = working ? (this.#slow ? 0.6 : 1.3) : this.#slow ? 0.4 : 0.95;
      this.#warmth += (towards - this.#warmth) * (1 - Math.exp(-ms / this.#nature.warmingMs));
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
    const mean = this.#nature.meanMs[this.#world][this.#slow ? 'slow' : 'fast'];
    return -mean * Math.log(1 - this.#uniform());
  }

  /** How much of the time it is slow, before anything is known of it. */
  #shareSlow(): number {
    if (this.#world === 'throttling') return 0.5;
    if (this.#world !== 'bursts' && this.#world !== 'clock steps') return 0;
    const { fast, slow } = this.#nature.meanMs[this.#world];
    return slow / (fast + slow);
  }

  #uniform(): number {
    return ((this.#random.next() >>> 0) + 0.5) / 2 ** 32;
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(this.#uniform())) * Math.cos(2 * Math.PI * this.#uniform());
  }
}
