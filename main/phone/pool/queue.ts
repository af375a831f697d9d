/**
 * Models that wait for a phone: each is measured once or fails for a reason, whatever happens to the phones.
 */
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
  /** How often a phone was lost while measuring this model. */
  interruptions: number;
  readonly resolve: (measured: Measured) => void;
  readonly reject: (error: Error) => void;
}

/**
 * If a phone was lost this often while measuring a model, the model is probably the cause: it may crash the
 * phone.
 */
const mostInterruptions = 5;

export class MeasuringQueue {
  readonly #waiting: Job[] = [];
  readonly #known = new Map<string, Promise<Measured>>();
  readonly #running = new Set<Job>();
  readonly #wake = new Set<() => void>();
  #lost: Error | null = null;

  /** Models that are waiting, without those being measured. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * A model with the same bytes is measured only once. A model that failed is tried again for the next caller.
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

  /** Removes a model that is still waiting from the queue; one that is being measured is finished. */
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

  /** Digests of models that a phone had begun when it was lost: they may still be on it. */
  interrupted(): readonly string[] {
    return this.#waiting
      .filter(({ interruptions }) => interruptions > 0)
      .map(({ model }) => model.sha256);
  }

  /** One result per job, in their order. */
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

  /** The phone was lost: they come next, in their order. */
  putBack(jobs: readonly Job[], cause: Error): void {
    const again: Job[] = [];
    for (const job of jobs) {
      this.#running.delete(job);
      // The others measured with it were not at fault: measuring it alone shows whether it is.
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

  /**
   * No phone is left to measure: everything that is waiting fails with this, and so does whatever comes later.
   */
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
