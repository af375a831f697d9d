/** One phone of a search: takes models from the queue, and survives absences of its phone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkbenchError } from '../../errors.ts';
import { obstacle, type PhoneListing } from '../adb/listing.ts';
import type { PhoneIdentity } from '../../common/phones.ts';
import type { MeasuringEvent, MeasuringSession } from '../measurement.ts';
import { gateHints } from '../protocol/gates.ts';
import { isOfPhone } from '../runners/choose.ts';
import { mostRecent, type PhoneActivity } from '../../common/phone-activity.ts';
import { withModelFiles } from './model-files.ts';
import type { Job, MeasuringQueue } from './queue.ts';

export interface WorkerOptions {
  readonly serial: string;
  readonly identity: PhoneIdentity;
  readonly queue: MeasuringQueue;
  /** Models whose repeats are interleaved. */
  readonly together: number;
  /** How many milliseconds the phone may be away before this worker counts as given up. */
  readonly awayMs: number;
  /**
   * Opens a session on the phone, which was ready a moment ago; `keep` lists the digests of models to keep
   * there.
   */
  readonly open: (keep: readonly string[], signal: AbortSignal) => Promise<MeasuringSession>;
  /**
   * Waits until adb lists the phone as ready, up to a limit; returns its last listing, null where there is
   * none.
   */
  readonly ready: (limitMs: number, signal: AbortSignal) => Promise<PhoneListing | null>;
  readonly onActivity: (activity: PhoneActivity) => void;
  /** The phone did not come back, cool down or find a runner within its limit; attempts continue. */
  readonly onGivenUp: (error: WorkbenchError) => void;
  readonly signal: AbortSignal;
  /** Milliseconds between two attempts to start again. */
  readonly pauseMs?: number;
}

export class PhoneWorker {
  readonly #options: WorkerOptions;
  #session: MeasuringSession | null = null;
  /** When trouble began, on performance.now's clock; null while all is well. */
  #troubleSince: number | null = null;
  /** Once a session has been open, a runner is known to work, so obstacles to the next one may be temporary. */
  #proven = false;
  #givenUp = false;
  #activity: PhoneActivity;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { serial, identity } = options;
    this.#activity = {
      ...{ serial, model: identity.model, state: 'idle', message: null, hint: null },
      ...{ waitedMs: null, limitMs: null, queued: 0, measured: 0, failed: 0, lastMs: null },
      recentMs: [],
      conditions: null,
    };
  }

  get givenUp(): boolean {
    return this.#givenUp;
  }

  /** Works until the signal aborts; never rejects. */
  async run(): Promise<void> {
    const { queue, signal } = this.#options;
    while (!signal.aborted) {
      await queue.work(signal);
      if (signal.aborted) break;
      let jobs: readonly Job[] = [];
      try {
        const session = (this.#session ??= await this.#open());
        jobs = queue.take(this.#options.together);
        if (jobs.length === 0) continue;
        await this.#measure(session, jobs);
        this.#troubleSince = null;
        this.#givenUp = false;
      } catch (error) {
        await this.#trouble(jobs, error);
      }
    }
    await this.#session?.close().catch(() => undefined);
  }

  async #open(): Promise<MeasuringSession> {
    await this.#back();
    this.#tell({ state: 'starting', message: null, hint: null, waitedMs: null, limitMs: null });
    const { queue, open, signal } = this.#options;
    const session = await open(queue.interrupted(), signal);
    this.#proven = true;
    return session;
  }

  /** Waits for the phone, and reports meanwhile what it is waiting for. Throws `phone-gone`. */
  async #back(): Promise<void> {
    const { serial, ready, signal, awayMs, pauseMs = 1000 } = this.#options;
    const limitMs = this.#givenUp ? awayMs : Math.max(awayMs - this.#troubleMs(), 0);
    const end = performance.now() + limitMs;
    for (let leftMs = limitMs; ; leftMs = end - performance.now()) {
      const listing = await ready(Math.min(Math.max(leftMs, 0), pauseMs), signal);
      if (listing?.state === 'ready') return;
      signal.throwIfAborted();
      if (leftMs <= 0) throw notBack(serial, listing, awayMs);
      this.#troubleSince ??= performance.now();
      const { message, hint } = (listing && obstacle(listing)) ?? unplugged(serial);
      const waited = { waitedMs: this.#troubleMs(), limitMs: awayMs };
      this.#tell({ state: 'away', message, hint, ...waited });
    }
  }

  async #measure(session: MeasuringSession, jobs: readonly Job[]): Promise<void> {
    const { queue, serial, identity, signal } = this.#options;
    this.#tell({ state: 'measuring', message: null, hint: null, waitedMs: null, limitMs: null });
    const results = await withModelFiles(
      jobs.map(({ model }) => model),
      (files) => {
        signal.throwIfAborted(); // it may have come while the files were written
        return session.measure(files, { onEvent: (event) => this.#hear(event), signal });
      },
    );
    queue.settle(jobs, results, { serial, identity });
    const medians = results.flatMap((one) => (one.ok ? [one.measurement.medianMs] : []));
    this.#tell({
      state: queue.waiting > 0 ? 'measuring' : 'idle',
      measured: this.#activity.measured + medians.length,
      failed: this.#activity.failed + results.length - medians.length,
      lastMs: medians.at(-1) ?? this.#activity.lastMs,
      recentMs: [...this.#activity.recentMs, ...medians].slice(-mostRecent),
    });
  }

  /** Puts back what was begun. Nothing that happens to a phone ends its worker. */
  async #trouble(jobs: readonly Job[], error: unknown): Promise<void> {
    const { queue, signal, awayMs, pauseMs = 1000 } = this.#options;
    const reason = error instanceof Error ? error : new Error(String(error));
    if (jobs.length > 0) queue.putBack(jobs, reason);
    if (signal.aborted) return;
    const known = error instanceof WorkbenchError ? error : unforeseen(reason);
    this.#troubleSince ??= performance.now();
    // A session that lost its phone abandons it: the next one cleans up there.
    this.#session?.abandon();
    this.#session = null;
    this.#tell({
      state: known.code === 'phone-gone' ? 'away' : 'waiting',
      ...{ message: known.message, hint: known.hint },
      ...{ waitedMs: this.#troubleMs(), limitMs: awayMs },
    });
    const final = !this.#proven && !isOfPhone(known);
    if (final || isGate(known) || this.#troubleMs() >= awayMs) {
      this.#givenUp = true;
      this.#options.onGivenUp(known);
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }

  #troubleMs(): number {
    return this.#troubleSince === null ? 0 : performance.now() - this.#troubleSince;
  }

  #hear(event: MeasuringEvent): void {
    if (event.kind === 'waiting') {
      const { message, waitedMs, limitMs, conditions } = event;
      const hint = gateHints[event.reason];
      this.#tell({ state: 'waiting', message, hint, waitedMs, limitMs, conditions });
    } else if (event.kind === 'running' || event.kind === 'ran') {
      const works = { state: 'measuring', message: null, hint: null } as const;
      this.#tell({ ...works, waitedMs: null, limitMs: null, conditions: event.conditions });
    }
  }

  #tell(change: Partial<PhoneActivity>): void {
    this.#activity = { ...this.#activity, ...change, queued: this.#options.queue.waiting };
    this.#options.onActivity(this.#activity);
  }
}

/** The gatekeeper has waited for as long as it may. */
function isGate({ code }: WorkbenchError): boolean {
  return Object.keys(gateHints).some((reason) => code === `phone-${reason}`);
}

function unplugged(serial: string): Pick<WorkbenchError, 'message' | 'hint'> {
  return {
    message: `The phone ${serial} is not plugged in.`,
    hint: 'Plug it in: the search then continues by itself.',
  };
}

function notBack(serial: string, listing: PhoneListing | null, limitMs: number): WorkbenchError {
  const state = listing === null ? 'adb does not see it' : `adb lists it as ${listing.state}`;
  return new WorkbenchError(
    'phone-gone',
    `The phone ${serial} did not come back within ${Math.round(limitMs / 1000)} s: ${state}.`,
    'Plug it in, unlock it and allow USB debugging; then resume the search.',
  );
}

function unforeseen(error: Error): WorkbenchError {
  return new WorkbenchError(
    'internal',
    error.message,
    'This is a fault of the program. Please report it with the run file.',
    { cause: error },
  );
}
