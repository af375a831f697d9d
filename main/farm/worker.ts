/**
 * A computer of a farm at work: it announces what it offers, follows which searches have suitable jobs, shares its
 * places among them, and gives back what it cannot finish. The scorer is passed in.
 */
import os from 'node:os';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  mostPhones,
  unfitness,
  placesOf,
  type FarmRun,
  type Offer,
  type WorkerRecord,
} from '../common/farm.ts';
import type { Farm } from './connect.ts';
import { drainKey, farmFormat, lifetimes, usualHeartbeatMs } from './keys.ts';
import type { OfferedPhone } from './offered-phone.ts';
import { PhoneAtWork } from './phone-at-work.ts';
import { announceWorker, readRuns, withdrawWorker } from './records.ts';
import { ServedRun, type OpenRun } from './served-run.ts';
import { sweep } from './sweep.ts';
import { WorkerTally } from './tally.ts';

export interface FarmWorkerOptions {
  readonly farm: Farm;
  readonly product: string;
  readonly offer: Offer;
  readonly open: OpenRun;
  /** Phones of this computer as they are known now; one that was named once stays. */
  readonly phones?: () => readonly OfferedPhone[];
  /** See `PhoneAtWorkOptions`. */
  readonly phonePauseMs?: number;
  /** Milliseconds after its last sign of life until its jobs go to another worker. */
  readonly leaseMs?: number;
  /** Milliseconds between two signs of life. */
  readonly heartbeatMs?: number;
  /** The only run to serve, for a searching computer's own worker. */
  readonly only?: string;
  readonly name?: string;
  /** Milliseconds that jobs in progress may take after the worker was told to stop. */
  readonly graceMs?: number;
}

export const usualLeaseMs = 30_000;
/** Jobs in progress may take this long after a worker was told to stop; then they are given back. */
const usualGraceMs = 10_000;

export class FarmWorker {
  readonly id: string;
  readonly name: string;
  readonly #options: FarmWorkerOptions;
  readonly #tally: WorkerTally;
  readonly #runs = new Map<string, ServedRun>();
  readonly #phones = new Map<
    string,
    { readonly at: PhoneAtWork; readonly working: Promise<void> }
  >();
  readonly #since: number;
  readonly #now: () => number;
  #unfit: Record<string, string> = {};
  #draining = false;
  #ended = false;
  #looked = 0;

  constructor(options: FarmWorkerOptions) {
    this.#options = options;
    this.id = `w${randomBytes(8).toString('hex')}`;
    this.name = (options.name ?? `${os.hostname()}:${process.pid}`).slice(0, 200);
    const { clockOffsetMs } = options.farm;
    this.#now = () => Math.max(Date.now() + clockOffsetMs, 0);
    this.#since = this.#now();
    this.#tally = new WorkerTally(this.#now);
  }

  get tally(): WorkerTally {
    return this.#tally;
  }

  /** The worker's record in the farm. */
  record(): WorkerRecord {
    const { product, offer } = this.#options;
    const current = [...this.#runs.values()].flatMap((run) => run.current());
    const phones = [...this.#phones.values()].map(({ at }) => at);
    const busy = current.length > 0 || phones.some((at) => at.record().run !== null);
    return {
      ...{ format: farmFormat, product, id: this.id, since: this.#since, offer },
      name: this.name,
      state: this.#draining ? 'draining' : busy ? 'working' : 'waiting',
      phones: phones.map((at) => at.record()),
      current: current.slice(0, 300),
      ...this.#tally.record(),
      unfit: Object.fromEntries(
        [...Object.entries(this.#unfit), ...phones.flatMap((at) => [...at.unfit])].slice(0, 100),
      ),
    };
  }

  /** Works until the signal aborts; then jobs in progress are finished soon or given back. */
  async run(signal: AbortSignal): Promise<void> {
    const { farm, heartbeatMs = usualHeartbeatMs } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#look(signal);
      } catch (error) {
        this.#tally.error(error instanceof Error ? error.message : String(error));
      }
      await sleep(heartbeatMs, undefined, { signal }).catch(() => undefined);
    }
    this.#draining = this.#ended = true;
    const { graceMs = usualGraceMs } = this.#options;
    await Promise.all([
      ...[...this.#runs.values()].map((run) => run.close(graceMs)),
      ...[...this.#phones.values()].map(({ working }) => working),
    ]);
    this.#runs.clear();
    await Promise.race([withdrawWorker(farm.redis, this.id).catch(() => undefined), sleep(2000)]);
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { farm, only } = this.#options;
    this.#followPhones(signal);
    await announceWorker(farm.redis, this.record());
    if (only === undefined) {
      this.#draining = this.#ended || (await farm.redis.exists(drainKey(this.id))) === 1;
    }
    const { records } = await readRuns(farm.redis);
    const runs = only === undefined ? records : records.filter(({ run }) => run === only);
    this.#follow(this.#draining ? [] : runs);
    // Now and then, clears what nobody will come back for.
    if (only === undefined && this.#looked++ % 1800 === 10)
      await sweep(farm, this.#now(), lifetimes.queue);
  }

  #followPhones(signal: AbortSignal): void {
    const { farm, product, phones, phonePauseMs, leaseMs = usualLeaseMs } = this.#options;
    for (const phone of phones?.() ?? []) {
      if (this.#phones.has(phone.serial) || this.#phones.size >= mostPhones) continue;
      const at = new PhoneAtWork({
        ...{ farm, phone, product, leaseMs, tally: this.#tally, worker: this.id },
        ...{ name: this.name, now: this.#now, resting: () => this.#draining },
        ...(phonePauseMs !== undefined && { pauseMs: phonePauseMs }),
      });
      this.#phones.set(phone.serial, { at, working: at.run(signal) });
    }
  }

  #follow(announced: readonly FarmRun[]): void {
    const { offer, product } = this.#options;
    const self = { format: farmFormat, product, offer };
    const unfit: Record<string, string> = {};
    const fitting = announced.filter((run) => {
      const why = unfitness(run, self) ?? this.#runs.get(run.run)?.refusal ?? null;
      if (why !== null) unfit[run.run] = why.slice(0, 500);
      return why === null;
    });
    this.#unfit = unfit;
    const shares = shared(fitting, offer);
    for (const [name, run] of this.#runs) {
      if (shares.has(name)) continue;
      // A run that this computer cannot score stays known, so that it is not tried again.
      if (run.refusal !== null && announced.some((one) => one.run === name)) run.take(0);
      else {
        this.#runs.delete(name);
        void run.close(Infinity);
      }
    }
    for (const run of fitting) {
      const places = shares.get(run.run);
      if (places === undefined) continue;
      const { farm, open, leaseMs = usualLeaseMs } = this.#options;
      const most = placesOf(offer, run.engine);
      const served =
        this.#runs.get(run.run) ??
        new ServedRun({
          farm,
          run,
          open,
          leaseMs,
          most,
          tally: this.#tally,
          worker: this.id,
          now: this.#now,
        });
      this.#runs.set(run.run, served);
      served.take(places);
    }
  }
}

/** Places for each run: equal shares, the oldest first if there are fewer places than runs. */
export function shared(runs: readonly FarmRun[], offer: Offer): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  let threads = offer.threads;
  for (let left = true; left;) {
    left = false;
    for (const { run, engine } of runs) {
      const own = engine.threads ?? 1;
      if (own > threads) continue;
      threads -= own;
      shares.set(run, (shares.get(run) ?? 0) + 1);
      left = true;
    }
  }
  return shares;
}
