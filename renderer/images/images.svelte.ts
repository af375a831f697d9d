/** The images that are being looked at: one batch of a search or of a run, arriving piece by piece. */
import { createContext } from 'svelte';
import type {
  Bridge,
  ErrorReport,
  MethodArguments,
  ShownBatch,
  ShownImage,
} from '../../preload/contract.ts';
import { ask, errorReportOf } from '../ground/bridge.ts';

/** Whose images. */
export type ImagesOf =
  | { readonly kind: 'search'; readonly wanted: MethodArguments<'images.ofSearch'>[0]['wanted'] }
  /** Of one candidate as its network takes them; null for those that the run has drawn. */
  | { readonly kind: 'run'; readonly run: string; readonly candidate: number | null };

/** What is known of the batch without its images. */
export type BatchFacts = Omit<ShownBatch, 'images'>;

export class ImagesStore {
  readonly #bridge: Bridge;
  #of: ImagesOf | null = $state.raw(null);
  #batch = $state(0);
  #facts: BatchFacts | null = $state.raw(null);
  #images: readonly ShownImage[] = $state.raw([]);
  #error: ErrorReport | null = $state.raw(null);
  #reading = $state(false);
  /** Counts what was asked for, so that an answer to something earlier is not taken for one to this. */
  #asked = 0;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Null while nobody looks. */
  get of(): ImagesOf | null {
    return this.#of;
  }

  /** From 0. */
  get batch(): number {
    return this.#batch;
  }

  /** Null until the first images are there. */
  get facts(): BatchFacts | null {
    return this.#facts;
  }

  /** Those of the batch that have arrived. */
  get images(): readonly ShownImage[] {
    return this.#images;
  }

  get error(): ErrorReport | null {
    return this.#error;
  }

  get reading(): boolean {
    return this.#reading;
  }

  async show(of: ImagesOf): Promise<void> {
    this.#of = of;
    this.#facts = null;
    await this.#load(0, false);
  }

  async go(batch: number): Promise<void> {
    if (this.#facts === null || batch < 0 || batch >= this.#facts.batches) return;
    await this.#load(batch, false);
  }

  /** Reads and draws the images again: they may have changed. */
  async again(): Promise<void> {
    await this.#load(this.#batch, true);
  }

  async close(): Promise<void> {
    if (this.#of === null) return;
    this.#of = null;
    this.#asked += 1;
    this.#images = [];
    this.#facts = null;
    this.#error = null;
    this.#reading = false;
    await ask(this.#bridge, 'images.close').catch(() => undefined);
  }

  async #load(batch: number, anew: boolean): Promise<void> {
    const of = this.#of;
    if (of === null) return;
    const asked = ++this.#asked;
    this.#batch = batch;
    this.#images = [];
    this.#error = null;
    this.#reading = true;
    try {
      for (let first = 0; ; first = this.#images.length) {
        const shown = await this.#ask(of, { batch, first, anew: anew && first === 0 });
        if (asked !== this.#asked) return;
        const { images, ...facts } = shown;
        this.#facts = facts;
        this.#images = [...this.#images, ...images];
        if (images.length === 0 || this.#images.length >= facts.batchSize) break;
      }
    } catch (error) {
      // What has arrived stays.
      if (asked === this.#asked) this.#error = errorReportOf(error);
    } finally {
      if (asked === this.#asked) this.#reading = false;
    }
  }

  #ask(
    of: ImagesOf,
    part: { readonly batch: number; readonly first: number; readonly anew: boolean },
  ): Promise<ShownBatch> {
    if (of.kind === 'search') {
      return ask(this.#bridge, 'images.ofSearch', { wanted: of.wanted, ...part });
    }
    const { run, candidate } = of;
    return ask(this.#bridge, 'images.ofRun', { run, candidate, ...part });
  }
}

export const [useImages, provideImages] = createContext<ImagesStore>();
