/**
 * One phone of a worker: it takes networks from the queue of its model when it is there, free and cool, and gives
 * back what it cannot finish, so that another phone measures it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FarmPhone, FarmRunner, MeasuringRun } from '../common/farm.ts';
import { mostRecent } from '../common/phone-activity.ts';
import type { PhoneConditions } from '../common/phone-conditions.ts';
import { reportOf, type ErrorReport } from '../errors.ts';
import type { Latency } from '../latency/latency.ts';
import { storeAnswer } from './answers.ts';
import { unpackBrief, type Brief } from './brief.ts';
import type { Farm } from './connect.ts';
import { isPassing } from './failures.ts';
import { briefKey, limits } from './keys.ts';
import type { MeasuredJob } from './measuring-jobs.ts';
import type { Obstacle, OfferedPhone, OpenedPhone } from './offered-phone.ts';
import { PhoneJobs, type Held } from './phone-jobs.ts';
import { readRunPart, type RunPart } from './run-parts.ts';
import type { WorkerTally } from './tally.ts';

export interface PhoneAtWorkOptions {
  readonly farm: Farm;
  readonly phone: OfferedPhone;
  readonly product: string;
  readonly tally: WorkerTally;
  /** The worker's id and name. */
  readonly worker: string;
  readonly name: string;
  readonly leaseMs: number;
  readonly now: () => number;
  /** True while nothing more should be taken. */
  readonly resting: () => boolean;
  /** Between two looks at the queue, or at a phone that cannot measure. */
  readonly pauseMs?: number;
  /** Without work, after which others may have the phone. */
  readonly restMs?: number;
}

/** Models whose repeats are interleaved. */
const together = 4;
/** A phone that was lost this often while it measured a network was probably lost to the network. */
const mostInterruptions = 5;
const usualPauseMs = 1000;
const usualRestMs = 20_000;

export class PhoneAtWork {
  readonly #options: PhoneAtWorkOptions;
  readonly #jobs: PhoneJobs;
  readonly #unfit = new Map<string, string>();
  #record: FarmPhone;
  #lock: { release(): void } | null = null;
  #session: { readonly run: string; readonly opened: OpenedPhone } | null = null;
  #workedAt = 0;

  constructor(options: PhoneAtWorkOptions) {
    this.#options = options;
    const { farm, phone, leaseMs, now } = options;
    const { serial, model, chip, android, runners } = phone;
    this.#record = {
      ...{ serial, model, chip, android, runners: [...runners], state: 'idle', since: now() },
      ...{ message: null, hint: null, run: null, measured: 0, failed: 0, givenBack: 0 },
      ...{ recentMs: [], conditions: null },
    };
    this.#jobs = new PhoneJobs({
      ...{ farm, model, leaseMs, owner: `${options.worker}:${serial}` },
      onError: (message) => options.tally.error(message),
    });
  }

  /** As it stands in the farm. */
  record(): FarmPhone {
    return this.#record;
  }

  /** Runs that this phone cannot measure, and why. */
  get unfit(): ReadonlyMap<string, string> {
    return this.#unfit;
  }

  /** Works until the signal aborts, then gives back what it has; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { pauseMs = usualPauseMs } = this.#options;
    while (!signal.aborted) {
      try {
        if (await this.#turn(signal)) continue;
      } catch (error) {
        await this.#trouble(error, signal);
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
    await this.#back();
    await this.#letGo();
    await this.#jobs.close();
  }

  /** True where there may be more to do at once. */
  async #turn(signal: AbortSignal): Promise<boolean> {
    const { phone, resting, name, restMs = usualRestMs } = this.#options;
    const obstacle = await phone.ready(0, signal);
    if (obstacle !== null) {
      await this.#letGo();
      this.#tell('away', obstacle);
      return false;
    }
    if (resting() || (await this.#jobs.waiting()) === 0) {
      if (resting() || performance.now() - this.#workedAt > restMs) await this.#letGo();
      this.#tell('idle');
      return false;
    }
    this.#lock ??= phone.take(`a farm's worker, ${name}`);
    await phone.pass((...seen) => this.#see(...seen), signal);
    // It may have waited for minutes until the phone was cool.
    const batch = resting() ? [] : await this.#jobs.pull(together, (run) => this.#takes(run));
    if (batch.length === 0) {
      this.#tell('idle');
      return false;
    }
    await this.#measure(batch, signal);
    this.#workedAt = performance.now();
    return true;
  }

  #takes({ run, model, product }: MeasuringRun): boolean {
    const { phone } = this.#options;
    if (model !== phone.model || product !== this.#options.product) {
      this.#unfit.set(run, `the search is of version ${product} and for phones ${model}`);
    }
    return !this.#unfit.has(run);
  }

  async #measure(batch: readonly Held[], signal: AbortSignal): Promise<void> {
    const { run, announced, runner } = batch[0]!;
    const begun = new Set<string>();
    try {
      this.#tell('starting', null, run);
      const opened = await this.#opened(announced, runner, batch, signal);
      if (opened === null) return await this.#back(batch);
      this.#tell('measuring', null, run);
      const outcomes = await opened.measure(
        batch.map(({ genotype }) => genotype),
        {
          onBegun: (sha256) => begun.add(sha256),
          onConditions: (...seen) => this.#see(...seen),
        },
        signal,
      );
      for (const [i, held] of batch.entries()) await this.#answer(held, outcomes[i]!);
    } catch (error) {
      this.#session?.opened.abandon();
      this.#session = null;
      const lost = this.#options.phone.blames(error) === 'away' && !signal.aborted;
      for (const held of batch) {
        if (lost && begun.has(held.sha256)) await this.#interrupted(held, error);
        else await this.#back([held]);
      }
      throw error;
    }
  }

  /** The session for a run; null where this phone cannot measure it. */
  async #opened(
    announced: MeasuringRun,
    kept: FarmRunner | null,
    batch: readonly Held[],
    signal: AbortSignal,
  ): Promise<OpenedPhone | null> {
    const { phone } = this.#options;
    const { run } = announced;
    if (this.#session?.run !== run) {
      await this.#session?.opened.close();
      this.#session = null;
      const brief = await this.#brief(announced);
      const keep = batch.filter((one) => one.interruptions > 0).map(({ sha256 }) => sha256);
      try {
        this.#session = { run, opened: await phone.open(brief, kept, keep, signal) };
      } catch (error) {
        signal.throwIfAborted();
        if (phone.blames(error) !== null) throw error;
        return this.#refuse(run, reportOf(error).message);
      }
    }
    const { opened } = this.#session;
    const contradicts = (Object.keys(kept ?? {}) as (keyof FarmRunner)[]).some(
      (key) => kept?.[key] !== opened.runner[key],
    );
    if (contradicts) return this.#refuse(run, 'another runner measured the networks before');
    const odd = batch.find(({ genotype, sha256 }) => opened.digestOf(genotype) !== sha256);
    if (odd !== undefined) return this.#refuse(run, 'its networks are others here');
    return opened;
  }

  #brief({ brief }: MeasuringRun): Promise<Brief> {
    const { farm, tally } = this.#options;
    const key = briefKey(brief);
    const part: RunPart<string, Brief> = {
      ...{ name: 'settings', key, unpack: (text) => unpackBrief(text, brief) },
      read: async () => (await farm.redis.getrange(key, 0, limits.brief)) || null,
    };
    return readRunPart(part, farm, tally);
  }

  #refuse(run: string, why: string): null {
    this.#unfit.set(run, why.slice(0, 300));
    this.#options.tally.error(`${this.#record.serial}: ${why}`);
    return null;
  }

  async #answer(held: Held, outcome: Latency | ErrorReport): Promise<void> {
    const { farm, tally, worker, name } = this.#options;
    const { measured, failed, recentMs } = this.#record;
    if ('code' in outcome) {
      await storeAnswer(farm, held.id, { ok: false, worker, failure: outcome }, tally);
      tally.error(`${this.#record.serial}: ${outcome.message}`);
      this.#record = { ...this.#record, failed: failed + 1 };
    } else {
      const latency = named(outcome, name);
      const answer: MeasuredJob = { ok: true, worker, latency };
      await storeAnswer(farm, held.id, answer, tally);
      const recent = [...recentMs, latency.latencyMs].slice(-mostRecent);
      this.#record = { ...this.#record, measured: measured + 1, recentMs: recent };
    }
    await this.#jobs.done(held);
  }

  /** The phone was lost with it. */
  async #interrupted(held: Held, cause: unknown): Promise<void> {
    const interruptions = held.interruptions + 1;
    if (interruptions < mostInterruptions) {
      return await this.#jobs.interrupted(held, interruptions);
    }
    const { message, hint } = reportOf(cause);
    await this.#answer(held, {
      code: 'phone-interrupted',
      message: `The phone was lost ${mostInterruptions} times while it measured this network. The last time: ${message}`,
      hint,
    });
  }

  async #back(jobs?: readonly Held[]): Promise<void> {
    const givenBack = this.#record.givenBack + (await this.#jobs.back(jobs));
    this.#record = { ...this.#record, givenBack };
  }

  async #trouble(error: unknown, signal: AbortSignal): Promise<void> {
    await this.#back();
    if (signal.aborted) return;
    const { phone, tally } = this.#options;
    const report = reportOf(error);
    const state = phone.blames(error);
    if (state === 'away' || state === 'taken') await this.#letGo();
    // Nothing of the phone: the farm is away, or a fault of the program.
    if (state === null && !isPassing(error)) tally.error(report.message);
    this.#tell(state ?? 'waiting', report);
  }

  /** Others may have the phone. */
  async #letGo(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.opened.close().catch(() => undefined);
    this.#lock?.release();
    this.#lock = null;
  }

  #see(conditions: PhoneConditions, obstacle: Obstacle | null): void {
    this.#record = { ...this.#record, conditions: { ...conditions, zones: [] } };
    const { run } = this.#record;
    if (obstacle !== null) this.#tell('waiting', obstacle, run);
    else if (this.#session !== null && run !== null) this.#tell('measuring', null, run);
  }

  #tell(
    state: FarmPhone['state'],
    obstacle: Obstacle | null = null,
    run: string | null = null,
  ): void {
    const same = this.#record.state === state;
    this.#record = {
      ...{ ...this.#record, state, run },
      since: same ? this.#record.since : this.#options.now(),
      message: obstacle?.message.slice(0, 500) ?? null,
      hint: obstacle?.hint.slice(0, 500) ?? null,
    };
  }
}

/** With the name of the worker that has the phone. */
function named(latency: Latency, worker: string): Latency {
  const { conditions } = latency;
  if (conditions.phone === undefined) return latency;
  return { ...latency, conditions: { ...conditions, phone: { ...conditions.phone, worker } } };
}
