/**
 * Who computes: a search, models, a benchmark or a repeat, and never two at a time. They would share the cores,
 * and each would distort the other's latencies. Everything in the window that computes takes this turn first,
 * so that nothing new can forget about the others.
 */
import { WorkbenchError } from '../errors.ts';

export type Computation = 'search' | 'models' | 'benchmark' | 'repeat' | 'conversion' | 'network';

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What is said to somebody who wants to compute while something else does. */
const refusals: Readonly<Record<Computation, Refusal>> = {
  search: {
    code: 'search-running',
    message: 'A search is running, and computing at the same time would distort its latencies.',
    hint: 'Stop the search or wait until it has finished.',
  },
  models: {
    code: 'models-being-scored',
    message: 'Models are being scored.',
    hint: 'Wait until they have been scored, or cancel that on the page “Score a model”.',
  },
  benchmark: {
    code: 'benchmark-running',
    message: 'A benchmark is running.',
    hint: 'Wait until it has finished, or stop it on the page “Benchmarks”.',
  },
  repeat: {
    code: 'candidate-being-repeated',
    message: 'A candidate is being scored or measured again.',
    hint: 'Wait a moment, or cancel that on the candidate’s page.',
  },
  conversion: {
    code: 'model-being-converted',
    message: 'A model is being converted.',
    hint: 'Wait until it has been written, or cancel that on the page “Score a model”.',
  },
  network: {
    code: 'network-being-scored',
    message: 'A network of a space is being scored.',
    hint: 'Wait a moment, or cancel that in the editor of the space.',
  },
};

const secondSearch: Refusal = {
  code: 'search-already-running',
  message: 'Another search is running.',
  hint: 'Stop it or wait until it has finished: two searches would distort each other’s latencies.',
};

/** The error that says what is computing. */
export function busyError(holder: Computation, wanted?: Computation): WorkbenchError {
  const both = holder === 'search' && wanted === 'search';
  const { code, message, hint } = both ? secondSearch : refusals[holder];
  return new WorkbenchError(code, message, hint);
}

const busyCodes: ReadonlySet<string> = new Set([
  secondSearch.code,
  ...Object.values(refusals).map(({ code }) => code),
]);

/** Whether an error says no more than that something else computes. */
export function isBusy(error: unknown): boolean {
  return error instanceof WorkbenchError && busyCodes.has(error.code);
}

export class ComputeTurn {
  #holder: Computation | null = null;
  readonly #waiting: (() => void)[] = [];
  /** Ends what computes until somebody wants to. */
  #yield: (() => void) | null = null;

  isWith(computation: Computation): boolean {
    return this.#holder === computation;
  }

  get isFree(): boolean {
    return this.#holder === null;
  }

  /** Hears each time that the turn was given back, once whoever gave it back has finished doing so. */
  whenFree(listener: () => void): void {
    this.#waiting.push(listener);
  }

  /**
   * For what nobody waits for: it has the turn until anything else takes it.
   * @param giveUp called then
   * @returns the function that gives it back; null where something computes
   */
  takeYielding(giveUp: () => void): (() => void) | null {
    if (this.#holder !== null || this.#yield !== null) return null;
    this.#yield = giveUp;
    return () => {
      if (this.#yield === giveUp) this.#yield = null;
    };
  }

  /**
   * Takes the turn and returns the function that gives it back.
   * Throws `search-already-running`, `search-running`, `models-being-scored`, `benchmark-running`,
   * `candidate-being-repeated`, `network-being-scored`.
   */
  take(wanted: Computation): () => void {
    if (this.#holder !== null) throw busyError(this.#holder, wanted);
    this.#holder = wanted;
    this.#yield?.();
    this.#yield = null;
    let given = false;
    return () => {
      if (given) return; // whoever has the turn by now keeps it
      given = true;
      this.#holder = null;
      for (const listener of this.#waiting) queueMicrotask(listener);
    };
  }

  /** Throws as `take` does where another computation has the turn. */
  assertNoOther(wanted: Computation): void {
    if (this.#holder !== null && this.#holder !== wanted) throw busyError(this.#holder, wanted);
  }
}
