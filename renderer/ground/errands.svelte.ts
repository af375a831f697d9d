/**
 * What was begun on a page and goes on for a while, wherever one looks meanwhile: listed with the running tasks. A
 * search, models and benchmarks have stores of their own that outlive their pages.
 */
export interface Errand {
  readonly run: string;
  readonly kind: 'export' | 'front';
  /** 0 to 1; null where that is not known. */
  readonly share: () => number | null;
  /** Whether it can be stopped: not where one file is written at a stroke, nor twice. */
  readonly stoppable: () => boolean;
  readonly cancel: () => void;
}

/** Told apart from others by its number, for as long as the window is open. */
type Begun = Errand & { readonly id: number };

export class ErrandStore {
  #all: readonly Begun[] = $state.raw([]);
  #last = 0;

  get all(): readonly Begun[] {
    return this.#all;
  }

  /** A run goes by another name. */
  renamed(from: string, to: string): void {
    this.#all = this.#all.map((one) => (one.run === from ? { ...one, run: to } : one));
  }

  /** Returns the function that says that it has ended. */
  begin(errand: Errand): () => void {
    const id = ++this.#last;
    this.#all = [...this.#all, { ...errand, id }];
    return () => {
      this.#all = this.#all.filter((one) => one.id !== id);
    };
  }
}
