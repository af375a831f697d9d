/** Trained models of a run's candidates, as they are kept in its file, and how the scores order them. */
import type {
  Bridge,
  CallResult,
  LookedAtModelView,
  TrainedGroupView,
  TrainedModelView,
} from '../../preload/contract.ts';
import type { Stated } from '../../main/common/trained.ts';
import { ask, CallError } from '../ground/bridge.ts';

/** A model that was looked at and waits for what it reached. */
export interface PendingModel {
  readonly id: number;
  readonly model: LookedAtModelView;
}

export class TrainedStore {
  #models: ReadonlyMap<number, TrainedModelView> = $state.raw(new Map());
  #groups: readonly TrainedGroupView[] | undefined = $state.raw();
  #pending: PendingModel | null = $state.raw(null);
  #looking: number | null = $state(null);
  #measuring: number | null = $state(null);
  /** What the groups were asked for. */
  #of = NaN;
  readonly #bridge: Bridge;
  readonly #run: string;
  readonly #onError: (error: unknown) => void;

  constructor(bridge: Bridge, run: string, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#run = run;
    this.#onError = onError;
  }

  model(id: number): TrainedModelView | undefined {
    return this.#models.get(id);
  }

  readonly all: readonly TrainedModelView[] = $derived([...this.#models.values()]);

  /** Undefined until the first answer. */
  get groups(): readonly TrainedGroupView[] | undefined {
    return this.#groups;
  }

  /** The model of a candidate that is to be attached. */
  pending(id: number): LookedAtModelView | null {
    return this.#pending?.id === id ? this.#pending.model : null;
  }

  /** The candidate whose model is being looked at, or measured. */
  get looking(): number | null {
    return this.#looking;
  }

  get measuring(): number | null {
    return this.#measuring;
  }

  async load(): Promise<void> {
    await this.#answer(() => ask(this.#bridge, 'trained.list', { run: this.#run }));
  }

  /** Looks whose network a dropped file is. */
  async drop(id: number, file: File): Promise<void> {
    await this.#look(id, async () => {
      const answer: CallResult<LookedAtModelView> = await this.#bridge.dropTrained(
        { run: this.#run, id },
        file,
      );
      if (!answer.ok) throw new CallError(answer.error);
      return answer.value;
    });
  }

  async choose(id: number): Promise<void> {
    await this.#look(id, () => ask(this.#bridge, 'trained.choose', { run: this.#run, id }));
  }

  /** Opens the form for what is attached, to say something else of it. */
  change(id: number): void {
    const model = this.model(id);
    if (!model) return;
    const { digest, name, newHead } = model;
    this.#pending = { id, model: { digest, name, newHead } };
  }

  forget(): void {
    this.#pending = null;
  }

  async attach(id: number, stated: Stated): Promise<void> {
    const model = this.pending(id);
    if (model === null) return;
    const { digest } = model;
    const done = await this.#answer(() =>
      ask(this.#bridge, 'trained.attach', { run: this.#run, id, digest, stated }),
    );
    if (done) this.#pending = null;
  }

  async detach(id: number): Promise<void> {
    await this.#answer(() => ask(this.#bridge, 'trained.detach', { run: this.#run, id }));
  }

  async measure(id: number): Promise<void> {
    if (this.#measuring !== null) return;
    this.#measuring = id;
    await this.#answer(() => ask(this.#bridge, 'trained.measure', { run: this.#run, id }));
    this.#measuring = null;
  }

  async cancel(): Promise<void> {
    try {
      await ask(this.#bridge, 'trained.cancel');
    } catch (error) {
      this.#onError(error);
    }
    // One of the two latencies may have been stored.
    await this.load();
  }

  /** To be called in an effect: follows beta and what is attached. */
  async follow(beta: number): Promise<void> {
    if (beta === this.#of && this.#groups !== undefined) return;
    this.#of = beta;
    try {
      const groups = await ask(this.#bridge, 'trained.order', { run: this.#run, beta });
      if (beta === this.#of) this.#groups = groups;
    } catch (error) {
      this.#onError(error);
    }
  }

  async #look(id: number, looking: () => Promise<LookedAtModelView | null>): Promise<void> {
    if (this.#looking !== null) return;
    this.#looking = id;
    try {
      const model = await looking();
      if (model !== null) this.#pending = { id, model };
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#looking = null;
    }
  }

  /** False where it was cancelled or refused. */
  async #answer(asking: () => Promise<readonly TrainedModelView[] | null>): Promise<boolean> {
    try {
      const models = await asking();
      if (models === null) return false;
      this.#models = new Map(models.map((model) => [model.candidate, model]));
      this.#groups = undefined;
      return true;
    } catch (error) {
      this.#onError(error);
      return false;
    }
  }
}
