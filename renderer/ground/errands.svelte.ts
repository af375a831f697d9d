/**
 * What was begun on a page and goes on for a while, wherever one looks meanwhile: listed with the running tasks. A
 * search, models and benchmarks have stores of their own that outlive their pages.
 */
export interface Errand {
  readonly run: string;
  readonly kind: 'export' | 'front';
  /** 0 to 1; null where that is not known. */
  readonly share: () => number | null;
  readonly cancel: () => void;
}

export class ErrandStore {
  #all: readonly Errand[] = $state.raw([]);

  get all(): readonly Errand[] {
    return this.#all;
  }

  /** Returns the function that says that it has ended. */
  begin(errand: Errand): () => void {
    this.#all = [...this.#all, errand];
    return () => {
      this.#all = this.#all.filter((one) => one !== errand);
    };
  }
}
