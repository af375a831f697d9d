/** How the candidates of a run are ranked at this moment: beta, term cap, cost axis, generation. */
import { cheapest, kneeOf, lastUnder, paretoFront, scoreAll, SomeScores } from '../lib/pareto.ts';
import { CostOrder } from '../lib/cost-order.ts';
import { hypervolumeByGeneration } from '../lib/hypervolume.ts';
import { leadersOf } from '../lib/leaders.ts';
import type { RunData } from './run-data.svelte.ts';

export const costAxes = ['latency', 'macs', 'parameters'] as const;
export type CostAxis = (typeof costAxes)[number];

export const isCost = (key: string): key is CostAxis =>
  (costAxes as readonly string[]).includes(key);

/** Caps in ms, multiply-accumulates and parameters. */
export type Caps = Readonly<Partial<Record<CostAxis, number>>>;

export interface Ghost {
  readonly beta: number;
  /** Members of the front as it was; they are drawn where they stand now. */
  readonly front: Uint32Array;
}

/** The highest beta that a search can be set up with. */
const highestBeta = 10;

export class Ranking {
  readonly #data: RunData;
  #beta = $state(1);
  #capped = $state(false);
  #axis: CostAxis = $state('latency');
  #generation: number | null = $state(null);
  #mostLatencyMs: number | null = $state(null);
  #caps: Caps = $state.raw({});
  #ghost: Ghost | null = $state.raw(null);

  constructor(data: RunData) {
    this.#data = data;
  }

  readonly scores = $derived.by(() => scoreAll(this.#data.columns, this.#beta, this.#capped));
  readonly costs = $derived.by(() => {
    const { columns } = this.#data;
    return { latency: columns.latencyMs, macs: columns.macs, parameters: columns.parameters }[
      this.#axis
    ];
  });
  readonly #costOrder = new CostOrder();
  readonly order = $derived.by(() =>
    this.#costOrder.of(this.#axis, this.costs, this.#data.columns.length),
  );
  /** Those that may be on the front, by rising cost. */
  readonly within = $derived.by(() => {
    if (this.#mostLatencyMs === null || this.#axis !== 'latency') return this.order;
    return cheapest(this.order, this.costs, this.#mostLatencyMs);
  });
  /** Scratch: neither outlives the call that asks for it. */
  readonly #some = new SomeScores();
  readonly #highest = new SomeScores();
  /** Those of them that can be on the front at any beta. */
  readonly #leaders = $derived.by(() => {
    const { columns } = this.#data;
    const order = this.within;
    return leadersOf({
      ...{ order, cost: this.costs },
      low: this.#capped ? columns.zicoCapped : columns.zico,
      high: this.#highest.of(columns, order, highestBeta, this.#capped),
      ...{ generation: columns.generation, upTo: this.upTo },
    });
  });
  readonly front = $derived.by(() => this.#frontFor(this.scores));
  readonly plainFront = $derived.by(() => this.frontAt(0));
  readonly knee = $derived.by(() => kneeOf(this.front, this.costs, this.scores));
  readonly hypervolumes = $derived.by((): number[] => {
    const { generation, lastGeneration } = this.#data.columns;
    const input = { order: this.within, cost: this.costs, score: this.scores, generation };
    return hypervolumeByGeneration(input, lastGeneration);
  });
  /** The member of the front with the highest score that costs no more than the cap. */
  readonly underCap = $derived.by(() => {
    const { cap } = this;
    return cap === null ? null : lastUnder(this.front, this.costs, cap);
  });
  readonly onFront: ReadonlySet<number> = $derived.by(() => new Set(this.front));

  /** The front for another beta, with everything else as it is. */
  frontAt(beta: number): Uint32Array {
    const { columns } = this.#data;
    return this.#frontFor(this.#some.of(columns, this.#leaders, beta, this.#capped));
  }

  get beta(): number {
    return this.#beta;
  }

  set beta(beta: number) {
    this.#beta = beta;
  }

  get capped(): boolean {
    return this.#capped;
  }

  set capped(capped: boolean) {
    this.#capped = capped;
  }

  /** The latency that the search was limited to. */
  get mostLatencyMs(): number | null {
    return this.#mostLatencyMs;
  }

  set mostLatencyMs(mostLatencyMs: number | null) {
    this.#mostLatencyMs = mostLatencyMs;
  }

  get axis(): CostAxis {
    return this.#axis;
  }

  set axis(axis: CostAxis) {
    this.#axis = axis;
  }

  /** What the person wants to pay at most, in the unit of the cost; null where that was not said. */
  get cap(): number | null {
    return this.#caps[this.#axis] ?? null;
  }

  set cap(cap: number | null) {
    const others = Object.entries(this.#caps).filter(([axis]) => axis !== this.#axis);
    this.#caps = Object.fromEntries(cap === null ? others : [...others, [this.#axis, cap]]);
  }

  get caps(): Caps {
    return this.#caps;
  }

  /** Takes up caps that were stored, where they are numbers that make sense. */
  restoreCaps(stored: object): void {
    const valid = Object.entries(stored).filter(
      ([axis, cap]) => isCost(axis) && Number.isFinite(cap) && cap > 0,
    );
    this.#caps = Object.fromEntries(valid);
  }

  /** The last generation shown; null follows the search. */
  get generation(): number | null {
    return this.#generation;
  }

  set generation(generation: number | null) {
    this.#generation = generation;
  }

  get upTo(): number {
    return this.#generation ?? Infinity;
  }

  get ghost(): Ghost | null {
    return this.#ghost;
  }

  /** Remembers the front before beta moves. */
  grasp(): void {
    this.#ghost ??= { beta: this.#beta, front: this.front };
  }

  release(): void {
    this.#ghost = null;
  }

  #frontFor(score: Float64Array): Uint32Array {
    const { generation } = this.#data.columns;
    const order = this.#leaders;
    return paretoFront({ order, cost: this.costs, score, generation, upTo: this.upTo });
  }
}
