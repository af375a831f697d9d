/** What the model of the run's scores expects: asked for while somebody looks at it, and again as scores arrive. */
import type { Bridge, ExportFormat, RunModel } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';
import type { RunData } from './columns/run-data.svelte.ts';
import { Estimates } from './ranking/estimates.ts';
import type { Ranking } from './ranking/ranking.svelte.ts';

/** Candidates that have to arrive before it is fitted anew. */
const enoughNews = 10;

export class ModelStore {
  #model: RunModel | null | undefined = $state.raw();
  #asking = $state(false);
  #scoring: string | null = $state(null);
  #exported: string | null = $state(null);
  /** The beta that the model was asked for. */
  #answered = $state(NaN);
  /** Candidates and beta that the latest one is of. */
  #of = { candidates: -1, beta: NaN };
  readonly #bridge: Bridge;
  readonly #data: RunData;
  readonly #ranking: Ranking;
  readonly #onError: (error: unknown) => void;

  constructor(bridge: Bridge, data: RunData, ranking: Ranking, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#data = data;
    this.#ranking = ranking;
    this.#onError = onError;
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
    this.#model ? new Estimates(this.#answered, this.#model) : null,
  );

  /** To be called in an effect: has the ranking go by estimates, where it is to, as soon as there are any. */
  async followRanking(): Promise<void> {
    if (!this.#ranking.wantsEstimates) return;
    this.#ranking.estimates = this.#estimates;
    await this.follow();
  }

  /** Genotype of the network that is being scored. */
  get scoring(): string | null {
    return this.#scoring;
  }

  /** Scores a network of the front that the search did not try; the model then knows it. */
  async score(genotype: string): Promise<void> {
    await this.#working(genotype, async () => {
      await ask(this.#bridge, 'candidate.scoreNetwork', { run: this.#data.run, genotype });
    });
  }

  /** Writes its files into a folder that the person chooses; scores it before where that was not done. */
  async export(genotype: string, formats: readonly ExportFormat[]): Promise<void> {
    await this.#working(genotype, async () => {
      const asked = { run: this.#data.run, genotype, formats: [...formats] };
      const written = await ask(this.#bridge, 'candidate.exportNetwork', asked);
      if (written) this.#exported = written.folder;
    });
  }

  /** Folder of the latest export. */
  get exported(): string | null {
    return this.#exported;
  }

  async cancel(): Promise<void> {
    try {
      await ask(this.#bridge, 'candidate.cancelAgain');
    } catch (error) {
      this.#onError(error);
    }
  }

  async #working(genotype: string, work: () => Promise<void>): Promise<void> {
    if (this.#scoring !== null) return;
    this.#scoring = genotype;
    this.#exported = null;
    try {
      await work();
      this.#of = { candidates: -1, beta: NaN };
      await this.follow();
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#scoring = null;
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
