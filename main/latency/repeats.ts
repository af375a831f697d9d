/**
 * Repeats of one measurement, spaced in time: which count, which are measured again, and when it is finished.
 * The same for phones and for this computer. Pure.
 */
import { percentile } from './percentiles.ts';

/** If medians of repeats are further apart than this, the device was not in the same state. */
export const driftLimit = 0.05;

/** What is found for every source: repeats that contradict one another. */
export type Drifting = 'medians-drift';

/** One start of the timed runs; sources add what else they record. */
export interface TimedRepeat<Reason extends string> {
  /** Every run in order. Some runners print no more than one average. */
  readonly latenciesMs: readonly number[];
  /** Null where it counts. */
  readonly discarded: Reason | Drifting | null;
}

export class Repeats<Reason extends string, Repeat extends TimedRepeat<Reason>> {
  readonly #wanted: number;
  #requeues: number;
  #all: readonly Repeat[] = [];
  #unsteady: readonly (Reason | Drifting)[] = [];
  #done = false;

  /**
   * @param wanted how many have to count and agree
   * @param requeues how often one that went wrong is measured again before the figure is unsteady
   */
  constructor(wanted: number, requeues: number) {
    this.#wanted = wanted;
    this.#requeues = requeues;
  }

  get done(): boolean {
    return this.#done;
  }

  /** So far, including those that were discarded. */
  get all(): readonly Repeat[] {
    return this.#all;
  }

  /** Why the figure never became steady; empty where it did. */
  get unsteady(): readonly (Reason | Drifting)[] {
    return this.#unsteady;
  }

  /** The runs of each repeat that counts. */
  get counting(): readonly (readonly number[])[] {
    return this.#all.flatMap(({ discarded, latenciesMs }) =>
      discarded === null ? [latenciesMs] : [],
    );
  }

  /** @returns why a repeat has to be measured again, this one or an earlier one; null where none has */
  add(repeat: Repeat): Reason | Drifting | null {
    this.#all = [...this.#all, repeat];
    let reason = repeat.discarded;
    if (reason === null && this.counting.length === this.#wanted) {
      const drifting = driftingRepeat(this.#all);
      if (drifting === null) {
        this.#done = true;
        return null;
      }
      reason = 'medians-drift';
      this.#all = this.#all.map((one, place) =>
        place === drifting ? { ...one, discarded: 'medians-drift' } : one,
      );
    }
    if (reason === null) return null;
    if (this.#requeues-- > 0) return reason;
    const { repeats, reasons } = unsteady<Reason, Repeat>(this.#all);
    this.#all = repeats;
    this.#unsteady = reasons;
    this.#done = true;
    return null;
  }
}

/**
 * @returns the place of the repeat to measure again, because medians of those that count are too far apart:
 *   the one furthest from their median; null where they agree
 */
export function driftingRepeat(repeats: readonly TimedRepeat<string>[]): number | null {
  const counting = repeats
    .map(({ latenciesMs, discarded }, place) => ({ place, discarded, latenciesMs }))
    .filter(({ discarded }) => discarded === null)
    .map(({ place, latenciesMs }) => ({ place, median: percentile(latenciesMs, 0.5) }));
  if (counting.length < 2) return null;
  const medians = counting.map(({ median }) => median);
  const least = Math.min(...medians);
  if (Math.max(...medians) - least <= driftLimit * least) return null;
  const middle = percentile(medians, 0.5);
  const distance = ({ median }: { median: number }) => Math.abs(median - middle);
  return counting.reduce((far, one) => (distance(one) > distance(far) ? one : far)).place;
}

/**
 * Ends a measurement that did not become steady: all discarded repeats count again, so that nothing makes the
 * figure look better than it is.
 */
export function unsteady<Reason extends string, Repeat extends TimedRepeat<Reason>>(
  repeats: readonly Repeat[],
): { readonly repeats: readonly Repeat[]; readonly reasons: readonly (Reason | Drifting)[] } {
  const reasons = repeats.flatMap(({ discarded }) => (discarded === null ? [] : [discarded]));
  return {
    repeats: repeats.map((repeat) => ({ ...repeat, discarded: null })),
    reasons: [...new Set(reasons)],
  };
}
