/** Runs whose fronts are compared, ranked by one beta and one cost. */
import type { Bridge } from '../../../preload/contract.ts';
import { betaFor } from '../../../main/common/objectives.ts';
import { compareFronts, contradictions, referenceOf, type FrontSide } from './front-comparison.ts';
import { differencesOf, frontAfter, overlapOf, type RankedRun } from './front-differences.ts';
import { hasLatency } from '../../runs/settings-words.ts';
import { RunRanking, type CostAxis } from '../../open-run/ranking/ranking.svelte.ts';
import { RunData } from '../../open-run/columns/run-data.svelte.ts';

class ComparedRun {
  readonly data: RunData;
  readonly ranking: RunRanking;

  constructor(bridge: Bridge, run: string, onError: (error: unknown) => void) {
    this.data = new RunData(bridge, run, onError);
    this.ranking = new RunRanking(this.data);
  }

  get length(): number {
    return this.data.columns.length;
  }

  readonly whole: RankedRun = $derived.by(() => {
    const { costs, scores, front, order } = this.ranking;
    const { length } = this;
    return { cost: costs.subarray(0, length), score: scores.subarray(0, length), front, order };
  });

  /** Its first candidates alone. */
  after(length: number): FrontSide {
    const { cost, score } = this.whole;
    const front = frontAfter(this.whole, length);
    return { cost: cost.subarray(0, length), score: score.subarray(0, length), front };
  }

  readonly tried: ReadonlySet<string> = $derived.by(() => {
    const { columns } = this.data;
    return new Set(Array.from({ length: columns.length }, (_, i) => columns.genotypeOf(i)));
  });
  readonly #onFront: ReadonlySet<string> = $derived.by(() => {
    const { columns } = this.data;
    return new Set(Array.from(this.ranking.front, (i) => columns.genotypeOf(i)));
  });

  get networks() {
    const space = this.data.view?.summary.settings.space ?? '';
    return { space, tried: this.tried, onFront: this.#onFront };
  }
}

export class FrontsStore {
  readonly runs: readonly ComparedRun[];
  #failed = $state(false);
  #opened = $state(false);
  #equalLength = $state(false);

  constructor(bridge: Bridge, runs: readonly string[], onError: (error: unknown) => void) {
    this.runs = runs.map((run) => new ComparedRun(bridge, run, onError));
  }

  /** All are read, and ranked alike. */
  get ready(): boolean {
    return this.#opened;
  }

  /** How many candidates the shortest run has. */
  readonly shortest = $derived.by(() => Math.min(...this.runs.map(({ length }) => length)));

  get unequal(): boolean {
    return this.runs.some(({ length }) => length !== this.shortest);
  }

  /** Whether the fronts are those after as many candidates as the shortest run has. */
  get equalLength(): boolean {
    return this.#equalLength && this.unequal;
  }

  set equalLength(equalLength: boolean) {
    this.#equalLength = equalLength;
  }

  /** As they are shown: whole, or as far as the shortest got. */
  readonly sides: readonly FrontSide[] = $derived.by(() =>
    this.runs.map((run) => (this.equalLength ? run.after(this.shortest) : run.whole)),
  );
  readonly #reference = $derived.by(() => referenceOf(this.runs.map(({ whole }) => whole)));
  readonly comparison = $derived.by(() =>
    this.#opened ? compareFronts(this.sides, this.#reference) : null,
  );
  readonly differences = $derived.by(() =>
    differencesOf(
      this.runs.map(({ whole }) => whole),
      this.#reference,
    ),
  );
  readonly overlaps = $derived.by(() => {
    const networks = this.runs.map((run) => run.networks);
    return networks.map((one, a) =>
      networks.map((other, b) => (a === b ? null : overlapOf(one, other))),
    );
  });
  readonly contradictions = $derived.by(() => {
    const views = this.runs.flatMap(({ data }) => data.view ?? []);
    return views.length === this.runs.length ? contradictions(views) : [];
  });

  get failed(): boolean {
    return this.#failed;
  }

  get #first(): RunRanking {
    return this.runs[0]!.ranking;
  }

  get axis(): CostAxis {
    return this.#first.axis;
  }

  get beta(): number {
    return this.#first.beta;
  }

  set beta(beta: number) {
    for (const { ranking } of this.runs) ranking.beta = beta;
  }

  /** Whether another beta is another ranking. */
  get byBeta(): boolean {
    return this.#first.byBeta;
  }

  get capped(): boolean {
    return this.#first.capped;
  }

  set capped(capped: boolean) {
    for (const { ranking } of this.runs) ranking.capped = capped;
  }

  /** Ranked as the first one was; by latency where all have one of the same source. */
  async open(): Promise<void> {
    const opened = await Promise.all(this.runs.map(({ data }) => data.open(() => undefined)));
    this.#failed = opened.includes(false);
    const settings = this.runs.flatMap(({ data }) => data.view?.summary.settings ?? []);
    const [first] = settings;
    if (!first || settings.length < this.runs.length) return;
    const timed = hasLatency(first) && settings.every(({ latency }) => latency === first.latency);
    for (const { ranking } of this.runs) {
      ranking.axis = timed ? 'latency' : 'macs';
      ranking.score = first.score;
    }
    this.beta = betaFor(first.score, first.beta);
    this.capped = first.termCap !== null;
    this.#opened = !this.#failed;
  }

  close(): void {
    for (const { data } of this.runs) data.close();
  }
}
