/**
 * Repeats of one measurement, spaced in time: which count, which are measured again, and when it is finished.
 * The same for phones and for this computer. Pure.
 */
import { WorkbenchError } from '../errors.ts';
import { latencyInterval, leastRepeats } from './interval.ts';
import { percentile } from './percentiles.ts';

/** If medians of repeats are further apart than this, the device was not in the same state. */
export const driftLimit = 0.05;

/**
 * What every source finds by itself: repeats that contradict each other, or an interval that is still wider than
 * asked after as many repeats as may be.
 */
export type Drifting = 'medians-drift' | 'interval-not-reached';

/** When a measurement is over. */
export interface WantedPrecision {
  /** How many repeats have to count; where an interval is asked for, how many may at most. */
  readonly repeats: number;
  /**
   * Half the width of the interval, as a share of the median, that ends a measurement. Null: a fixed number of
   * repeats whose medians agree, as in version 0.1.
   */
  readonly interval: number | null;
  /** How often one that went wrong is measured again before the figure is unsteady. */
  readonly requeues: number;
}

/** One start of the timed runs; sources add what else they record. */
export interface TimedRepeat<Reason extends string> {
  /** Every run in order. Some runners print no more than one average. */
  readonly latenciesMs: readonly number[];
  /** Null where it counts. */
  readonly discarded: Reason | Drifting | null;
}

export class Repeats<Reason extends string, Repeat extends TimedRepeat<Reason>> {
  readonly #wanted: WantedPrecision;
  readonly #contradicts: Contradicts<Reason, Repeat>;
  #requeues: number;
  #all: readonly Repeat[] = [];
  #unsteady: readonly (Reason | Drifting)[] = [];
  #done = false;

  /** @param contradicts what of a repeat that counts is told by the others; nothing unless stated */
  constructor(wanted: WantedPrecision, contradicts: Contradicts<Reason, Repeat> = () => null) {
    this.#wanted = wanted;
    this.#contradicts = contradicts;
    this.#requeues = wanted.requeues;
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
    return this.#counting.map(({ latenciesMs }) => latenciesMs);
  }

  get #counting(): readonly Repeat[] {
    return this.#all.filter(({ discarded }) => discarded === null);
  }

  /**
   * @returns why a repeat has to be measured again, this one or an earlier one; null where none has
   * @throws WorkbenchError `latency-not-positive` for times that are none
   */
  add(repeat: Repeat): Reason | Drifting | null {
    assertDurations(repeat.latenciesMs);
    this.#all = [...this.#all, repeat];
    const reasons: (Reason | Drifting)[] = repeat.discarded === null ? [] : [repeat.discarded];
    reasons.push(...this.#putAside());
    if (reasons.length === 0) {
      const drifting = this.#look();
      if (drifting === null) return null;
      reasons.push(drifting);
    }
    this.#requeues -= reasons.length;
    if (this.#requeues >= 0) return reasons[0]!;
    const { repeats, reasons: unsteadyFor } = unsteady<Reason, Repeat>(this.#all);
    this.#all = repeats;
    this.#end(unsteadyFor);
    return null;
  }

  /** Those that others contradict no longer count. */
  #putAside(): readonly Reason[] {
    const counting = this.#counting;
    const reasons = new Map(counting.map((one) => [one, this.#contradicts(one, counting)]));
    this.#all = this.#all.map((one) => ({ ...one, discarded: reasons.get(one) ?? one.discarded }));
    return [...reasons.values()].filter((reason) => reason !== null);
  }

  /** Ends the measurement where enough is known. @returns why a repeat was put aside instead */
  #look(): Drifting | null {
    const { repeats, interval } = this.#wanted;
    const { length } = this.counting;
    if (interval !== null) {
      if (length < Math.min(leastRepeats, repeats)) return null;
      const known = latencyInterval(this.counting);
      if (known !== null && known.halfWidth <= interval) this.#end([]);
      else if (length >= repeats) this.#end(['interval-not-reached']);
      return null;
    }
    if (length < repeats) return null;
    const drifting = driftingRepeat(this.#all);
    if (drifting === null) {
      this.#end([]);
      return null;
    }
    this.#all = this.#all.map((one, place) =>
      place === drifting ? { ...one, discarded: 'medians-drift' } : one,
    );
    return 'medians-drift';
  }

  #end(reasons: readonly (Reason | Drifting)[]): void {
    this.#unsteady = reasons;
    this.#done = true;
  }
}

/** Why a repeat does not count beside the others that do, itself among them; null where it does. */
export type Contradicts<Reason extends string, Repeat> = (
  one: Repeat,
  counting: readonly Repeat[],
) => Reason | null;

/** A clock that stands, a unit mistaken, an output misread: no run takes no time. */
function assertDurations(latenciesMs: readonly number[]): void {
  const odd = latenciesMs.find((ms) => !(ms > 0 && ms < Infinity));
  if (odd === undefined && latenciesMs.length > 0) return;
  throw new WorkbenchError(
    'latency-not-positive',
    odd === undefined
      ? 'A repeat was measured without a single run.'
      : `A run was reported to have taken ${odd} ms, which is impossible.`,
    'Check the program that measures, the pattern that reads its output and the unit.',
  );
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
