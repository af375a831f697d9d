/**
 * The searching side of a farm's phones: networks go out as jobs to the queue of a model of phone and come back as
 * latencies, whichever worker has the phone. A phone that is away, hot or taken costs a network nothing.
 */
import os from 'node:os';
import type { FarmPhone, FarmRunner, MeasuringRun, WorkerRecord } from '../common/farm.ts';
import type { PhoneActivity } from '../common/phone-activity.ts';
import { WorkbenchError } from '../errors.ts';
import { LatencySourceLost, type Latency } from '../latency/latency.ts';
import { packBrief, type Brief } from './brief.ts';
import type { Farm } from './connect.ts';
import { Heartbeat } from './heartbeat.ts';
import { JobDesk, type ReadAnswer } from './job-desk.ts';
import { jobId } from './jobs.ts';
import { briefKey, farmFormat, lifetimes, limits, usualHeartbeatMs } from './keys.ts';
import {
  measuredIn,
  measuringQueue,
  type MeasuredJob,
  type MeasuringJob,
} from './measuring-jobs.ts';
import { announceMeasuring, readWorkers, withdrawMeasuring } from './records.ts';
import { farmDigest } from './work.ts';

export interface FarmMeasuringOptions {
  readonly farm: Farm;
  readonly product: string;
  /** Names the run in every session. */
  readonly runId: string;
  readonly brief: Brief;
  /** Of the phones, such as SM-G973F. */
  readonly model: string;
  /** What the run has been measured with so far; null in a new one. */
  readonly kept: FarmRunner | null;
  /** How long no phone may be there, or none at work, before the search is told. */
  readonly awayMs: number;
  readonly onPhones?: ((phones: readonly PhoneActivity[]) => void) | undefined;
  readonly onTrouble?: ((trouble: string | null) => void) | undefined;
  /** Between two signs of life. */
  readonly heartbeatMs?: number;
  /** See `JobDeskOptions`. */
  readonly patienceMs?: number;
}

/** So many answers that are none, or workers that ended with it, and the network has failed. */
const mostLost = 5;

export class FarmMeasuring {
  readonly run: string;
  readonly #options: FarmMeasuringOptions;
  readonly #brief: string;
  readonly #record: MeasuringRun;
  readonly #desk: JobDesk<MeasuredJob>;
  readonly #heartbeat: Heartbeat;
  /** By the digest of their models: those that are the same bytes are measured once. */
  readonly #asked = new Map<string, Promise<Latency>>();
  /** Jobs that may still wait in the farm. */
  readonly #open = new Set<string>();
  readonly #shaOf = new Map<string, string>();
  readonly #lost = new AbortController();
  #kept: FarmRunner | null;
  /** When a phone was seen last that may measure, on performance.now's clock. */
  #seenAt = performance.now();

  constructor(options: FarmMeasuringOptions) {
    this.#options = options;
    const { farm, product, runId, brief, model, kept, heartbeatMs = usualHeartbeatMs } = options;
    this.#kept = kept;
    this.#brief = packBrief(brief);
    const digest = farmDigest(this.#brief);
    this.run = `m${farmDigest(runId, digest).slice(0, 24)}`;
    this.#record = {
      ...{ format: farmFormat, product, run: this.run, space: brief.space.name.slice(0, 200) },
      ...{ host: os.hostname().slice(0, 200), since: Math.max(Date.now() + farm.clockOffsetMs, 0) },
      ...{ model, brief: digest },
    };
    this.#desk = new JobDesk({
      ...{ farm, queue: measuringQueue(model), kind: 'measure', most: limits.measured },
      patienceMs: options.patienceMs,
      read: (text, id) => this.#read(text, id),
    });
    this.#heartbeat = new Heartbeat({
      ...{ farm, everyMs: heartbeatMs, beat: () => this.#beat() },
      onTrouble: (trouble) => {
        // Who cannot be asked cannot be missed.
        this.#seenAt = performance.now();
        options.onTrouble?.(trouble);
      },
    });
  }

  /**
   * A network that has the same model as one that is being measured waits for that one.
   * @param sha256 of the model that the genotype's network becomes on a phone
   * Throws the network's own failure; LatencySourceLost where no phone of the farm is left.
   */
  async measure(genotype: string, sha256: string, signal: AbortSignal): Promise<Latency> {
    const known = this.#asked.get(sha256);
    if (known !== undefined) return known;
    const job = jobId(this.run, 'measure', sha256);
    this.#open.add(job);
    this.#shaOf.set(job, sha256);
    const halt = AbortSignal.any([signal, this.#lost.signal]);
    const latency = this.#measured(job, genotype, sha256, halt);
    this.#asked.set(sha256, latency);
    latency.catch(() => this.#asked.delete(sha256));
    return latency;
  }

  /** Takes back what waits. */
  async close(): Promise<void> {
    await this.#heartbeat.stop();
    const { redis } = this.#options.farm;
    await withdrawMeasuring(redis, this.run).catch(() => undefined);
    await this.#desk.clear([...this.#open]);
    await this.#desk.close();
  }

  async #measured(
    job: string,
    genotype: string,
    sha256: string,
    signal: AbortSignal,
  ): Promise<Latency> {
    const data = (): MeasuringJob => ({
      ...{ format: farmFormat, run: this.run, genotype, sha256 },
      ...{ runner: this.#kept, interruptions: 0 },
    });
    for (let lost = 0; lost < mostLost; lost++) {
      const answer = await this.#desk.ask(job, data, signal);
      if (answer === 'lost') continue;
      this.#open.delete(job);
      this.#shaOf.delete(job);
      if (!answer.ok) throw WorkbenchError.fromReport(answer.failure);
      return answer.latency;
    }
    throw new WorkbenchError(
      'phone-interrupted',
      `${mostLost} times a worker ended while its phone measured this network, or gave no latency for it.`,
      'Look at what the workers say, and at their phones.',
    );
  }

  #read(text: string | null, id: string): ReadAnswer<MeasuredJob> {
    const answer = text === null ? null : measuredIn(text, this.#shaOf.get(id) ?? '');
    if (answer === null) return { answer: 'lost', ours: false };
    if (!answer.ok) return { answer, ours: true };
    const { conditions } = answer.latency;
    const { phone } = conditions;
    const runner = {
      ...{ name: conditions.runner, engine: phone?.engine ?? '' },
      ...{ version: conditions.engineVersion, precision: conditions.precision },
    };
    const kept = this.#kept ?? runner;
    const alike =
      phone?.model === this.#options.model &&
      (Object.keys(kept) as (keyof FarmRunner)[]).every((key) => kept[key] === runner[key]);
    // The first phone to answer decides for all what runs the networks.
    if (alike) this.#kept = kept;
    return { answer: alike ? answer : 'lost', ours: alike };
  }

  async #beat(): Promise<void> {
    const { farm, onTrouble } = this.#options;
    const { redis } = farm;
    const key = briefKey(this.#record.brief);
    if ((await redis.expire(key, lifetimes.work)) === 0) {
      await redis.set(key, this.#brief, 'EX', lifetimes.work);
    }
    await announceMeasuring(redis, this.#record, Date.now() + farm.clockOffsetMs);
    this.#look((await readWorkers(redis)).records);
    await this.#desk.lookAfter();
    onTrouble?.(null);
  }

  #look(workers: readonly WorkerRecord[]): void {
    const { model, product, awayMs, onPhones, farm } = this.#options;
    const found = workers
      .filter((worker) => worker.format === farmFormat && worker.product === product)
      .flatMap(({ name, state, phones, unfit }) =>
        phones
          .filter((phone) => phone.model === model)
          .map((phone) => ({ name, phone, fit: state !== 'draining' && !(this.run in unfit) })),
      );
    const now = Date.now() + farm.clockOffsetMs;
    const waiting = this.#desk.waiting;
    onPhones?.(found.map(({ name, phone }) => activityOf(name, phone, waiting, now)));
    const able = found.some(({ phone, fit }) => fit && worksAt(phone, now, awayMs));
    if (able || waiting === 0) this.#seenAt = performance.now();
    if (performance.now() - this.#seenAt < awayMs || this.#lost.signal.aborted) return;
    this.#lost.abort(noneLeft(model, found, awayMs));
  }
}

/** One that has waited for something, other than to come back, is still there. */
function worksAt({ state, since }: FarmPhone, now: number, awayMs: number): boolean {
  if (state === 'away') return false;
  return (state !== 'waiting' && state !== 'taken') || now - since < awayMs;
}

function activityOf(worker: string, phone: FarmPhone, queued: number, now: number): PhoneActivity {
  const { serial, model, state, message, hint, since, measured, failed, recentMs } = phone;
  const waits = message !== null;
  return {
    ...{ serial: `${serial} on ${worker}`, model, message, hint },
    state: state === 'taken' ? 'waiting' : state,
    ...{ waitedMs: waits ? Math.max(now - since, 0) : null, limitMs: null, queued },
    ...{ measured, failed, lastMs: recentMs.at(-1) ?? null, recentMs },
    conditions: phone.conditions,
  };
}

function noneLeft(
  model: string,
  found: readonly { readonly name: string; readonly phone: FarmPhone }[],
  awayMs: number,
): LatencySourceLost {
  const said = found.map(
    ({ name, phone }) => `${phone.serial} on ${name} is ${phone.message ?? phone.state}`,
  );
  return new LatencySourceLost(
    'farm-phones-gone',
    `For ${Math.round(awayMs / 1000)} s no phone ${model} of the farm has measured. ${said.slice(0, 5).join('; ')}`.trim(),
    'Plug one into the computer of a worker, or wait until it is free and cool; then resume the search.',
  );
}
