/** Models that wait for a phone: each is measured once or fails with a reason, whatever happens to phones. */
import { WorkbenchError } from '../../errors.ts';
import type { PhoneMeasurement } from '../../latency/phone-measurement.ts';
import type { MeasuredModel } from '../measurement.ts';
import type { WaitingModel } from './model-files.ts';
import type { PhoneIdentity } from '../../common/phones.ts';

/** A measurement and the phone that made it. */
export interface Measured {
  readonly measurement: PhoneMeasurement;
  readonly serial: string;
  readonly identity: PhoneIdentity;
}

export interface Job {
  readonly model: WaitingModel;
  /** How often a phone was lost while it measured this model. */
  interruptions: number;
  readonly resolve: (measured: Measured) => void;
  readonly reject: (error: Error) => void;
}

/** A model during which the phone was lost so often is the likely cause: it may crash the phone. */
const mostInterruptions = 5;

export class MeasuringQueue {
  readonly #waiting: Job[] = [];
  readonly #known = new Map<string, Promise<Measured>>();
  readonly #running = new Set<Job>();
  readonly #wake = new Set<() => void>();
  #lost: Error | null = null;

  /** Models that wait, without those that a phone measures at present. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * A model of the same bytes is measured once. A model that failed is asked for anew by the next caller.
   * @returns its measurement; rejects with its own failure, or with why there is no phone left
   */
  measure(model: WaitingModel): Promise<Measured> {
    if (this.#lost) return Promise.reject(this.#lost);
    const known = this.#known.get(model.sha256);
    if (known) return known;
    const measuring = new Promise<Measured>((resolve, reject) => {
      this.#waiting.push({ model, interruptions: 0, resolve, reject });
    });
    this.#known.set(model.sha256, measuring);
    measuring.catch(() => this.#known.delete(model.sha256));
    this.#tell();
    return measuring;
  }

  /** Takes a model that still waits out of the queue; one that is being measured is left to its end. */
  forget(sha256: string, reason: Error): void {
    const place = this.#waiting.findIndex(({ model }) => model.sha256 === sha256);
    if (place < 0) return;
    const job = this.#waiting.splice(place, 1)[0]!;
    job.reject(reason);
  }

  /** At most this many of those that have waited longest; empty if none wait. */
  take(most: number): readonly Job[] {
    const jobs = this.#waiting.splice(0, most);
    for (const job of jobs) this.#running.add(job);
    return jobs;
  }

  /** Digests of models that a phone began with and lost: they may lie on it. */
  interrupted(): readonly string[] {
    return this.#waiting
      .filter(({ interruptions }) => interruptions > 0)
      .map(({ model }) => model.sha256);
  }

  /** One result a job, in their order. */
  settle(
    jobs: readonly Job[],
    results: readonly MeasuredModel[],
    by: Omit<Measured, 'measurement'>,
  ): void {
    for (const [i, job] of jobs.entries()) {
      this.#running.delete(job);
      const result = results[i]!;
      if (result.ok) job.resolve({ measurement: result.measurement, ...by });
      else job.reject(WorkbenchError.fromReport(result.failure));
    }
  }

  /** The phone was lost meanwhile: they are next, in their order. */
  putBack(jobs: readonly Job[], cause: Error): void {
    const again: Job[] = [];
    for (const job of jobs) {
      this.#running.delete(job);
      // Those beside it were not at fault: one that goes on alone shows whether it is.
      if (++job.interruptions < mostInterruptions) again.push(job);
      else job.reject(interrupted(cause));
    }
    if (this.#lost) for (const job of again) job.reject(this.#lost);
    else this.#waiting.unshift(...again);
    this.#tell();
  }

  /** Resolves when something waits, or the signal aborts. */
  async work(signal: AbortSignal): Promise<void> {
    while (this.#waiting.length === 0 && !signal.aborted) {
      let wake: () => void = () => undefined;
      const woken = new Promise<void>((resolve) => (wake = resolve));
      this.#wake.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      await woken;
      // A search waits as often as it measures, and its signal lives as long as it does.
      signal.removeEventListener('abort', wake);
      this.#wake.delete(wake);
    }
  }

  /** There is nobody left to measure: all that waits fails with this, and whatever comes. */
  lose(error: Error): void {
    this.#lost = error;
    for (const job of this.#waiting.splice(0)) job.reject(error);
  }

  #tell(): void {
    for (const wake of this.#wake) wake();
    this.#wake.clear();
  }
}

function interrupted(cause: Error): WorkbenchError {
  const hint = cause instanceof WorkbenchError ? cause.hint : 'Check the phone and its cable.';
  return new WorkbenchError(
    'phone-interrupted',
    `The phone was lost ${mostInterruptions} times while it measured this network. The last time: ${cause.message}`,
    hint,
  );
}
