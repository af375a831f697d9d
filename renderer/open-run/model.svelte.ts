/** What the model of the run's scores expects: asked for while somebody looks at it, and again as scores arrive. */
import type { Bridge, MeasuredNetwork, RunModel } from '../../preload/contract.ts';
import type { ExportStore } from './export.svelte.ts';
import { ask } from '../ground/bridge.ts';
import type { RunData } from './columns/run-data.svelte.ts';
import type { DetailStore } from './detail.svelte.ts';
import type { Pins } from './pins.svelte.ts';
import { EstimatedScores } from './ranking/estimates.ts';
import type { RunRanking } from './ranking/ranking.svelte.ts';

/** Candidates that have to arrive before it is fitted anew. */
const enoughNews = 10;

/** What is being done about a network of the expected front that is no candidate. */
export interface NetworkWork {
  readonly genotype: string;
  readonly kind: 'score' | 'measure' | 'export';
}

/** What came of it, where there is something to say. */
export type NetworkOutcome =
  | { readonly kind: 'exported'; readonly folder: string }
  | { readonly kind: 'measured'; readonly genotype: string; readonly latency: MeasuredNetwork };

/** What else of an open run knows of its networks. */
export interface BesideModel {
  readonly details: DetailStore;
  readonly pins: Pins;
}

export class ModelStore {
  #model: RunModel | null | undefined = $state.raw();
  #asking = $state(false);
  #working: NetworkWork | null = $state.raw(null);
  #done: NetworkOutcome | null = $state.raw(null);
  #chosen: string | null = $state(null);
  /** The beta that the model was asked for. */
  #answered = $state(NaN);
  /** Candidates and beta that the latest one is of. */
  #of = { candidates: -1, beta: NaN };
  readonly #bridge: Bridge;
  readonly #data: RunData;
  readonly #ranking: RunRanking;
  readonly #onError: (error: unknown) => void;

  readonly #beside: BesideModel;

  constructor(
    bridge: Bridge,
    data: RunData,
    ranking: RunRanking,
    onError: (error: unknown) => void,
    beside: BesideModel,
  ) {
    this.#bridge = bridge;
    this.#data = data;
    this.#ranking = ranking;
    this.#onError = onError;
    this.#beside = beside;
  }

  /** Undefined until the first answer; null where nothing was scored. */
  get model(): RunModel | null | undefined {
    return this.#model;
  }

  get asking(): boolean {
    return this.#asking;
  }

  /** What it expects of the candidates' scores. */
  readonly #estimates = $derived.by(() =>
    this.#model ? new EstimatedScores(this.#answered, this.#model) : null,
  );

  /** To be called in an effect: has the ranking go by estimates, where it is to, as soon as there are any. */
  async followRanking(): Promise<void> {
    if (!this.#ranking.wantsEstimates) return;
    this.#ranking.estimates = this.#estimates;
    await this.follow();
  }

  /** What is being done about a network now; one thing at a time. */
  get working(): NetworkWork | null {
    return this.#working;
  }

  /** What came of the latest. */
  get done(): NetworkOutcome | null {
    return this.#done;
  }

  /** Genotype of the network that was chosen among those that are no candidates. */
  get chosen(): string | null {
    return this.#chosen;
  }

  /** Scores a network of the front that the search did not try; the model then knows it. */
  async score(genotype: string): Promise<boolean> {
    return await this.#work({ genotype, kind: 'score' }, async () => {
      const asked = { run: this.#data.run, genotype };
      return (await ask(this.#bridge, 'candidate.scoreNetwork', asked)) !== null;
    });
  }

  /** Chooses a network by its mark in the chart: it is scored, unless something computes that would be in the way. */
  async choose(genotype: string): Promise<void> {
    this.#chosen = genotype;
    const scored = this.#isScored(genotype);
    if (!scored && this.#data.progress?.state !== 'searching') await this.score(genotype);
  }

  /** Takes its latency; scores it before where that was not done. */
  async measure(genotype: string): Promise<void> {
    await this.#work({ genotype, kind: 'measure' }, async () => {
      const asked = { run: this.#data.run, genotype };
      const latency = await ask(this.#bridge, 'candidate.measureNetwork', asked);
      if (latency) this.#done = { kind: 'measured', genotype, latency };
      return latency !== null;
    });
  }

  /** Puts it among the networks that are compared, or takes it out again; scores it where that was not done. */
  async compare(genotype: string): Promise<void> {
    const { pins } = this.#beside;
    const ready = pins.has(genotype) || this.#isScored(genotype) || (await this.score(genotype));
    if (ready) pins.toggle(genotype);
  }

  /** Writes its files into a folder that the person chooses; scores it before where that was not done. */
  async export(genotype: string, wanted: ExportStore['asked']): Promise<void> {
    await this.#work({ genotype, kind: 'export' }, async () => {
      const asked = { run: this.#data.run, genotype, ...wanted };
      const written = await ask(this.#bridge, 'candidate.exportNetwork', asked);
      if (written) this.#done = { kind: 'exported', folder: written.folder };
      return written !== null;
    });
  }

  #isScored(genotype: string): boolean {
    return this.#model?.front.find((one) => one.genotype === genotype)?.scored === true;
  }

  async cancel(): Promise<void> {
    try {
      await ask(this.#bridge, 'candidate.cancelAgain');
    } catch (error) {
      this.#onError(error);
    }
  }

  /** False where it was cancelled, refused, or something else is being done. */
  async #work(work: NetworkWork, does: () => Promise<boolean>): Promise<boolean> {
    if (this.#working !== null) return false;
    this.#working = work;
    this.#done = null;
    try {
      const done = await does();
      this.#beside.details.forget(work.genotype);
      this.#of = { candidates: -1, beta: NaN };
      await this.follow();
      return done;
    } catch (error) {
      this.#onError(error);
      return false;
    } finally {
      this.#working = null;
    }
  }

  /** To be called in an effect: follows beta, and the candidates that arrive. */
  async follow(): Promise<void> {
    const { length: candidates } = this.#data.columns;
    const { beta } = this.#ranking;
    const news = Math.abs(candidates - this.#of.candidates);
    const ended = this.#data.progress?.state !== 'searching';
    const current = beta === this.#of.beta && (news === 0 || (news < enoughNews && !ended));
    if (this.#asking || current) return;
    this.#asking = true;
    this.#of = { candidates, beta };
    try {
      const model = await ask(this.#bridge, 'runs.model', { run: this.#data.run, beta });
      [this.#model, this.#answered] = [model, beta];
    } catch (error) {
      this.#onError(error);
    }
    this.#asking = false;
  }
}
