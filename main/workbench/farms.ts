/** Farms, as searches, workers and people who look use them. What speaks to Redis is loaded when it is needed. */
import type { settledForFarm as settled } from './farm-session.ts';
import { availableParallelism } from 'node:os';
import {
  placesOf,
  unfitness,
  type FarmStatus,
  type NeededEngine,
  type Offer,
} from '../common/farm.ts';
import { plural } from '../common/figures.ts';
import { costOfMoreInFlight, idlePlaces } from '../common/farm-places.ts';
import type { EngineWish } from '../common/engines.ts';
import type { PrecisionWish } from '../engine/precision.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { WorkbenchError } from '../errors.ts';
import type { FarmAccess } from '../farm/address.ts';
import type { Farm } from '../farm/connect.ts';
import type { FarmWorker } from '../farm/worker.ts';
import type { Warning } from '../warning.ts';
import type { Engines } from './engines.ts';
import type { FarmLatencyOptions } from './farm-latency.ts';
import type { FarmPhones, OwnRunners } from './farm-phones.ts';
import type { FarmWish } from './farm-wish.ts';
import type { LatencySource } from '../latency/latency.ts';
import type { AdbChoice } from '../phone/adb/find-adb.ts';
import type { Phones } from '../phone/phones.ts';
import type { ScoringParts, ScoringSession } from './scoring-session.ts';
import type { ChosenEngine } from './start-scoring.ts';

/** A farm that a search is about to use. */
export interface JoinedFarm {
  readonly chosen: ChosenEngine;
  /** What is stored with the run. */
  readonly warnings: readonly Warning[];
  startScoring(parts: ScoringParts, signal: AbortSignal): Promise<ScoringSession>;
  /** Where the search does not begin after all. */
  close(): Promise<void>;
}

/** A look at a farm that lasts. */
export interface FarmWatch {
  status(): Promise<FarmStatus>;
  /** Asks a worker to take nothing more, or lets it go on. */
  drain(worker: string, drain: boolean): Promise<void>;
  /** Why nothing comes through at the moment; null while all is well. */
  trouble(): WorkbenchError | null;
  close(): Promise<void>;
}

/** What a run's measuring on phones of a farm is opened with. */
export type FarmPhonesWish = Omit<FarmLatencyOptions, 'farm' | 'product'>;

export interface WorkerWish {
  /** For scoring, all candidates together; by default one a processor. */
  readonly threads: number | null;
  readonly leaseMs: number | null;
  /** adb's names of phones that are offered; empty: none, null: all that are plugged in. */
  readonly phones: readonly string[] | null;
  /** What the person set up to run networks with on them. */
  readonly runners: OwnRunners;
}

export interface OpenedWorker {
  readonly worker: FarmWorker;
  readonly farm: Farm;
  /** Null where none are offered. */
  readonly phones: FarmPhones | null;
  readonly warning: string | null;
}

export class Farms {
  readonly #engines: Engines;
  readonly #product: string;
  readonly #openPhones: (adb?: AdbChoice) => Phones;

  constructor(engines: Engines, product: string, openPhones: (adb?: AdbChoice) => Phones) {
    this.#engines = engines;
    this.#product = product;
    this.#openPhones = openPhones;
  }

  /** Throws what `openFarm` throws, and `farm-host-latency`. */
  async join(
    wish: FarmWish,
    settings: SearchSettings,
    asked: ChosenEngine,
    threads: Parameters<typeof settled>[1],
  ): Promise<JoinedFarm> {
    const { assertFitsFarm, neededEngine, scoreOnFarm, settledForFarm } =
      await import('./farm-session.ts');
    assertFitsFarm(settings, wish);
    const chosen = settledForFarm(asked, threads);
    const { clockWarning, openFarm } = await import('../farm/connect.ts');
    const farm = await openFarm(wish.access);
    try {
      const clock = clockWarning(farm);
      if (clock !== null) wish.onNote?.(clock);
      const run = {
        engine: neededEngine(chosen, this.#engines),
        any: wish.any,
        product: this.#product,
      };
      const idle = await placesNote(farm, run, settings, wish.only ? 0 : availableParallelism());
      if (idle !== null) wish.onNote?.(idle);
    } catch (error) {
      await farm.close();
      const { farmFailure } = await import('../farm/failures.ts');
      throw farmFailure(error, farm.url);
    }
    return {
      chosen,
      warnings: wish.any ? [mixedEngines] : [],
      startScoring: (parts, signal) =>
        scoreOnFarm(parts, wish, farm, this.#engines, this.#product, signal),
      close: () => farm.close(),
    };
  }

  /** Phones of a farm as a search's source of latencies. Throws what `openFarm` and `openFarmLatency` throw. */
  async openLatency(
    access: FarmAccess,
    wish: FarmPhonesWish,
  ): Promise<{ readonly settings: SearchSettings; readonly source: LatencySource }> {
    const { openFarm } = await import('../farm/connect.ts');
    const { openFarmLatency } = await import('./farm-latency.ts');
    const farm = await openFarm(access);
    try {
      return await openFarmLatency({ ...wish, farm, product: this.#product });
    } catch (error) {
      await farm.close();
      const { farmFailure } = await import('../farm/failures.ts');
      throw farmFailure(error, farm.url);
    }
  }

  /** What this computer offers to farms. */
  async offer(threads: number | null = null): Promise<Offer> {
    const { offerOf } = await import('./farm-offer.ts');
    return offerOf(this.#engines, threads ?? availableParallelism());
  }

  /** A worker of this computer, which begins with `run`; the caller closes the farm and the phones after it. */
  async openWorker(
    access: FarmAccess,
    { threads, leaseMs, phones: serials, runners }: WorkerWish,
  ): Promise<OpenedWorker> {
    const { openFarm, clockWarning } = await import('../farm/connect.ts');
    const { FarmWorker } = await import('../farm/worker.ts');
    const { openingRuns } = await import('./farm-offer.ts');
    const farm = await openFarm(access);
    const offer = await this.offer(threads);
    const { FarmPhones } = await import('./farm-phones.ts');
    const phones =
      serials !== null && serials.length === 0
        ? null
        : new FarmPhones({ phones: this.#openPhones(), serials, own: runners });
    const worker = new FarmWorker({
      ...{ farm, product: this.#product, offer, open: openingRuns(this.#engines, offer) },
      ...(leaseMs !== null && { leaseMs }),
      ...(phones !== null && { phones: () => phones.offered() }),
    });
    return { worker, farm, phones, warning: clockWarning(farm) };
  }

  /** What a search on this computer needs of workers, as far as it is known before its space is. */
  async needed(
    asked: { readonly engine: EngineWish; readonly precision: PrecisionWish },
    any: boolean,
  ): Promise<Parameters<typeof unfitness>[0]> {
    const { neededEngine, settledForFarm } = await import('./farm-session.ts');
    const { farmFormat } = await import('../farm/keys.ts');
    const { usual } = this.#engines;
    const name = asked.engine === 'auto' ? usual.name : asked.engine;
    const precision = asked.precision === 'auto' ? 'float32' : asked.precision;
    const version = this.#engines.versionOf(name, precision) ?? usual.version;
    const chosen = { name, version, precision, threads: null } as ChosenEngine;
    const engine: NeededEngine = neededEngine(settledForFarm(chosen, {}), this.#engines);
    return { format: farmFormat, product: this.#product, engine, any };
  }

  /** Throws what `openFarm` throws. */
  async status(access: FarmAccess): Promise<FarmStatus> {
    const watch = await this.watch(access);
    try {
      return await watch.status();
    } finally {
      await watch.close();
    }
  }

  /** Looks more than once by one connection. Throws what `openFarm` throws. */
  async watch(access: FarmAccess): Promise<FarmWatch> {
    const { openFarm } = await import('../farm/connect.ts');
    const { readStatus, setDraining } = await import('../farm/status.ts');
    const { farmFailure } = await import('../farm/failures.ts');
    const farm = await openFarm(access);
    const named = (error: unknown): never => {
      throw farmFailure(error, farm.url);
    };
    return {
      status: () => readStatus(farm).catch(named),
      drain: (worker, drain) => setDraining(farm, worker, drain).catch(named),
      trouble: () => farm.trouble(),
      close: () => farm.close(),
    };
  }
}

const mixedEngines: Warning = {
  code: 'farm-mixed-engines',
  message:
    'Workers with different engines score this run: each score names its own, and last digits differ.',
  hint: 'Use it for screening; score what you choose again on one computer.',
  count: 0,
  examples: [],
};

/** Where fewer candidates are in flight than there are places; null where all have work. */
async function placesNote(
  farm: Farm,
  run: {
    readonly engine: Parameters<typeof placesOf>[1] & object;
    readonly any: boolean;
    readonly product: string;
  },
  settings: SearchSettings,
  own: number,
): Promise<string | null> {
  const { readWorkers } = await import('../farm/records.ts');
  const { farmFormat } = await import('../farm/keys.ts');
  const asked = { ...run, format: farmFormat } as Parameters<typeof unfitness>[0];
  const fitting = (await readWorkers(farm.redis)).records.filter(
    (worker) => worker.state !== 'draining' && unfitness(asked, worker) === null,
  );
  const others = fitting.reduce((sum, { offer }) => sum + placesOf(offer, asked.engine), 0);
  const idle = idlePlaces(settings, others + own);
  if (idle === null) return null;
  const { atOnce, places } = idle;
  if (idle.generations) {
    return `A generation has ${atOnce} candidates and the farm ${places} places: some stand idle. Raise --population, or search with --search guided --in-flight ${places}.`;
  }
  return `${plural(atOnce, 'candidate is', 'candidates are')} in flight and the farm has ${places} places: ${idle.idle} stand idle. --in-flight ${places} uses them all. ${costOfMoreInFlight}`;
}
