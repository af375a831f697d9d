/** How the candidates of a run are ranked at this moment: beta, term cap, cost axis, generation. */
import { untrack } from 'svelte';
import type { PageRow } from '../../../preload/contract.ts';
import { objectiveLabel, partsOfObjective, valueOfPart } from '../../../main/common/objectives.ts';
import { paretoFront } from '../../../main/common/pareto-front.ts';
import { fixed } from '../../ground/words/format.ts';
import type { BiasWay } from '../../../main/common/zico-bc.ts';
import { scoreName } from '../../ground/words/score-name.ts';
import { frontGrowth } from './hypervolume.ts';
import type { EstimatedScores, RankedBy } from './estimates.ts';
import { kept, KeptColumn, KeptExtent } from '../columns/kept-column.ts';
import { KeptOrder } from '../columns/kept-order.ts';
import { LeaderHistory } from './leader-history.ts';
import type { MeasureKey } from '../measures/measures.ts';
import { cheapest, kneeOf, lastUnder, scoreRows, SomeScores } from './pareto.ts';
import { rankedColumns, ranksByBeta } from './ranked-columns.ts';
import type { RunData } from '../columns/run-data.svelte.ts';

export const costAxes = ['latency', 'macs', 'parameters'] as const;
export type CostAxis = (typeof costAxes)[number];

export const isCost = (key: string): key is CostAxis =>
  (costAxes as readonly string[]).includes(key);

type CostField = 'latencyMs' | 'macs' | 'parameters';

/** Caps in ms, multiply-accumulates and parameters. */
export type Caps = Readonly<Partial<Record<CostAxis, number>>>;

/** The parts of a score. */
type ScoredRow = Pick<PageRow, 'zico' | 'zicoCapped' | 'bias' | 'biases' | 'proxies'>;

export interface Ghost {
  readonly beta: number;
  /** Members of the previous front, drawn where they are now. */
  readonly front: Uint32Array;
}

/** The highest beta that a search can be set up with. */
const highestBeta = 10;

export class RunRanking {
  readonly #data: RunData;
  #by: RankedBy | null = $state(null);
  #estimates: EstimatedScores | null = $state.raw(null);
  /** What ranks, as the settings of a search name it. */
  #score = $state('zico-bc');
  /** How the bias is counted; null as the run counts it. */
  #way: BiasWay | null = $state(null);
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

  /** Sums of ranks are others with every candidate that arrives. */
  readonly #rankedColumns = $derived.by(() => {
    const { columns } = this.#data;
    return rankedColumns(this.#score, columns, this.#beta, this.#capped, this.#way);
  });
  readonly #scores = new KeptColumn();
  /** The score of every candidate; a view of memory that the next scores are written to. */
  readonly rawScores = $derived.by(() => {
    if (!this.byBeta) return this.#ranked.zico;
    const columns = this.#ranked;
    const [beta, capped] = [this.#beta, this.#capped];
    const basis = [beta, capped, this.#way, this.#data.columns.changes];
    return this.#scores.of(basis, columns.length, (scores, from, to) =>
      scoreRows(scores, columns, beta, capped, from, to),
    );
  });
  /** The score of a network that is no candidate; NaN where the score is a rank among the candidates. */
  scoreOf({ zico, zicoCapped, bias, biases, proxies }: ScoredRow): number {
    const [part, ...more] = partsOfObjective(this.#score);
    if (part === undefined || more.length > 0) return NaN;
    const counted = this.#way === null ? bias : (biases[this.#way] ?? bias);
    const ranking = { beta: this.#beta, termCap: this.#capped ? 1 : null };
    const scored = { zico, zicoCapped, bias: counted, proxies };
    return valueOfPart(part, scored, ranking) ?? NaN;
  }

  readonly #estimated = new KeptColumn();
  /** The estimates that candidates are ranked by; null where they are ranked by their scores. */
  readonly estimated: EstimatedScores | null = $derived.by(() => {
    const estimates = this.#estimates;
    // The model is that of the run's own way of counting.
    if (!this.wantsEstimates || this.#way !== null || estimates?.beta !== this.#beta) return null;
    return this.#capped === this.#searchedCapped ? estimates : null;
  });
  /** What candidates are ranked by: scores or estimates, NaN where there is none yet. */
  readonly scores = $derived.by(() => {
    const { estimated } = this;
    if (estimated === null) return this.rawScores;
    const { ids, length } = this.#data.columns;
    return this.#estimated.of([estimated], length, (scores, from, to) => {
      for (let i = from; i < to; i++) scores[i] = estimated.score(ids[i]!);
    });
  });
  readonly costs = $derived.by(() => {
    const { columns } = this.#data;
    return { latency: columns.latencyMs, macs: columns.macs, parameters: columns.parameters }[
      this.#axis
    ];
  });
  /** Of a network that is no candidate; NaN where it was not measured. */
  costOf({ latencyMs, macs, parameters }: Pick<PageRow, CostField>): number {
    return { latency: latencyMs, macs, parameters }[this.#axis] ?? NaN;
  }

  readonly #costOrder = new KeptOrder();
  readonly order = $derived.by(() =>
    this.#costOrder.of([this.#axis], this.costs, this.#data.columns.length),
  );
  /** The highest cost of candidates that may be on the front. */
  readonly #most = $derived.by(() =>
    this.#mostLatencyMs === null || this.#axis !== 'latency'
      ? Number.MAX_VALUE
      : this.#mostLatencyMs,
  );
  readonly #searchedCapped = $derived.by(
    () => (this.#data.view?.summary.settings.termCap ?? null) !== null,
  );
  /** Those that may be on the front, by rising cost. */
  readonly within = $derived.by(() => cheapest(this.order, this.costs, this.#most));
  readonly #history = new LeaderHistory();
  /** Incremented when other candidates than before can be on the front at some beta. */
  readonly #leaderChanges = $derived.by(() => {
    this.#history.take({
      ...{ key: [this.#axis, ...this.#basis].join(' '), cost: this.costs, most: this.#most },
      ...{ columns: this.#ranked, capped: this.#capped, highestBeta },
    });
    return this.#history.changes;
  });
  readonly #leaders = $derived.by(() => {
    void this.#leaderChanges;
    return this.#history.leaders(this.upTo);
  });
  /** Scratch memory that is only valid during the call that asks for it. */
  readonly #some = new SomeScores();
  #fronts: Record<'chosen' | 'plain', Uint32Array | null> = { chosen: null, plain: null };
  /** The same array as long as the same candidates are on it: most that arrive change nothing here. */
  readonly front: Uint32Array = $derived.by(
    () => (this.#fronts.chosen = kept(this.#fronts.chosen, this.#frontOfRanking())),
  );
  readonly plainFront: Uint32Array = $derived.by(
    () => (this.#fronts.plain = kept(this.#fronts.plain, this.frontAt(0))),
  );
  readonly knee = $derived.by(() => kneeOf(this.front, this.costs, this.scores));
  readonly #worstScoreSoFar = new KeptExtent();
  readonly #worstScore = $derived.by(() => {
    const { rawScores: scores, costs } = this;
    const basis = [this.#beta, this.#capped, this.#axis, this.#most, ...this.#basis];
    const so = this.#worstScoreSoFar.of(basis, scores.length, scores, costs, this.#most);
    return so?.low ?? NaN;
  });
  readonly #worstCost = $derived.by(() => this.costs[this.within[this.within.length - 1]!]!);
  readonly #lastGeneration = $derived.by(() => this.#data.columns.lastGeneration);
  readonly hypervolumes = $derived.by((): number[] => {
    void this.#leaderChanges;
    const worst = { cost: this.#worstCost, score: this.#worstScore };
    const columns = this.#columns;
    const candidates = this.#history.all();
    const score = this.#some.of(columns, candidates, this.#beta, this.#capped);
    const { generation } = columns;
    return frontGrowth(
      { candidates, cost: this.costs, score, generation, worst },
      this.#lastGeneration,
    );
  });
  /** The member of the front with the highest score that costs no more than the cap. */
  readonly underCap = $derived.by(() => {
    const { cap } = this;
    return cap === null ? null : lastUnder(this.front, this.costs, cap);
  });
  readonly onFront: ReadonlySet<number> = $derived.by(() => new Set(this.front));

  #frontOfRanking(): Uint32Array {
    if (this.estimated === null) return this.frontAt(this.#beta);
    const { scores: score, costs: cost, within: order, upTo } = this;
    const { generation } = this.#data.columns;
    return paretoFront({ order, cost, score, generation, upTo });
  }

  /** The front of the scores for another beta, with everything else as it is. */
  frontAt(beta: number): Uint32Array {
    const order = this.#leaders;
    const columns = this.#columns;
    const score = this.#some.of(columns, order, beta, this.#capped);
    const { generation } = columns;
    return paretoFront({ order, cost: this.costs, score, generation, upTo: this.upTo });
  }

  /** What the values of a measure follow from beside the candidate. */
  basisOf(measure: MeasureKey): readonly unknown[] {
    if (measure === 'score') {
      return [this.#beta, this.#capped, this.estimated, ...this.#basis];
    }
    const { changes } = this.#data.columns;
    if (measure === 'bias') return [this.#way, changes];
    return measure === 'zico' ? [this.#capped, changes] : [];
  }

  /**
   * What ranks as columns. Mostly they are those of the run, the same object that grows: who reads it follows what
   * arrives, which a derived value that stays the same would hide.
   */
  get #ranked() {
    void this.#data.columns;
    return this.#rankedColumns;
  }

  /** Without following new candidates: for what was told already which of them matter. */
  get #columns() {
    return untrack(() => this.#ranked);
  }

  /** What figures follow from beside beta and term cap: sums of ranks from how many are compared. */
  get #basis(): readonly unknown[] {
    const { changes, length } = this.#data.columns;
    if (this.byBeta) return [this.#score, this.#way, changes];
    return [this.#score, this.#beta, length, changes];
  }

  /** The bias of every candidate, as it is counted now. */
  get biases(): Float64Array {
    return this.byBeta ? this.#ranked.bias : this.#data.columns.bias;
  }

  get way(): BiasWay | null {
    return this.#way;
  }

  set way(way: BiasWay | null) {
    this.#way = way;
  }

  get score(): string {
    return this.#score;
  }

  set score(score: string) {
    this.#score = score;
  }

  /** Whether another beta is another ranking. */
  get byBeta(): boolean {
    return ranksByBeta(this.#score);
  }

  /** What the score is called. */
  get name(): string {
    return this.byBeta ? scoreName(this.#beta, this.#capped) : objectiveLabel(this.#score);
  }

  /** The same, with beta where that decides it. */
  get fullName(): string {
    return this.byBeta ? `${this.name}, β ${fixed(this.#beta, 2)}` : this.name;
  }

  /** Chosen by a person; null: estimates of a guided search that has ended, else scores. */
  get by(): RankedBy | null {
    return this.#by;
  }

  set by(by: RankedBy | null) {
    this.#by = by;
  }

  /** No model is fitted where the window has no code to make networks with. */
  get hasEstimates(): boolean {
    return (this.#data.view?.space.code ?? null) === null;
  }

  get wantsEstimates(): boolean {
    if (!this.hasEstimates) return false;
    if (this.#by !== null) return this.#by === 'estimates';
    const { view, progress } = this.#data;
    const { state } = progress ?? {};
    // While it lasts the latest candidates have no estimate yet.
    if (state === 'searching' || state === 'paused' || state === 'stopping') return false;
    return view?.summary.settings.search === 'guided';
  }

  set estimates(estimates: EstimatedScores | null) {
    this.#estimates = estimates;
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

  /** The most that the person wants to pay, in the unit of the cost; null where they did not say. */
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

  /** Restores stored caps, where they are sensible numbers. */
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
}
