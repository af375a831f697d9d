/** Two runs whose fronts are compared, ranked by one beta and one cost. */
import type { Bridge } from '../../../preload/contract.ts';
import { betaFor } from '../../../main/common/objectives.ts';
import { compareFronts, contradictions, type FrontSide } from './front-comparison.ts';
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

  get side(): FrontSide {
    const { costs, scores, front } = this.ranking;
    const { length } = this.data.columns;
    return { cost: costs.subarray(0, length), score: scores.subarray(0, length), front };
  }
}

export class FrontsStore {
  readonly first: ComparedRun;
  readonly second: ComparedRun;
  #failed = $state(false);
  #opened = $state(false);

  constructor(bridge: Bridge, runs: readonly [string, string], onError: (error: unknown) => void) {
    this.first = new ComparedRun(bridge, runs[0], onError);
    this.second = new ComparedRun(bridge, runs[1], onError);
  }

  /** Both are read, and ranked alike. */
  get ready(): boolean {
    return this.#opened;
  }
  readonly comparison = $derived.by(() =>
    this.#opened ? compareFronts(this.first.side, this.second.side) : null,
  );
  readonly contradictions = $derived.by(() => {
    const [a, b] = [this.first.data.view, this.second.data.view];
    return a && b ? contradictions(a, b) : [];
  });

  get failed(): boolean {
    return this.#failed;
  }

  get axis(): CostAxis {
    return this.first.ranking.axis;
  }

  get beta(): number {
    return this.first.ranking.beta;
  }

  set beta(beta: number) {
    for (const { ranking } of [this.first, this.second]) ranking.beta = beta;
  }

  /** Whether another beta is another ranking. */
  get byBeta(): boolean {
    return this.first.ranking.byBeta;
  }

  get capped(): boolean {
    return this.first.ranking.capped;
  }

  set capped(capped: boolean) {
    for (const { ranking } of [this.first, this.second]) ranking.capped = capped;
  }

  /** Ranked as the first one was; by latency where both have one of the same source. */
  async open(): Promise<void> {
    const both = [this.first, this.second];
    const opened = await Promise.all(both.map(({ data }) => data.open(() => undefined)));
    this.#failed = opened.includes(false);
    const [one, other] = both.map(({ data }) => data.view?.summary.settings);
    if (!one || !other) return;
    const timed = one.latency === other.latency && hasLatency(one);
    for (const { ranking } of both) ranking.axis = timed ? 'latency' : 'macs';
    for (const { ranking } of both) ranking.score = one.score;
    this.beta = betaFor(one.score, one.beta);
    this.capped = one.termCap !== null;
    this.#opened = !this.#failed;
  }

  close(): void {
    this.first.data.close();
    this.second.data.close();
  }
}
