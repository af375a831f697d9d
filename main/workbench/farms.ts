/** Farms, as searches, workers and people who look use them. What speaks to Redis is loaded when it is needed. */
import type { settledForFarm as settled } from './farm-session.ts';
import { availableParallelism } from 'node:os';
import { placesOf, unfitness, type FarmStatus, type Offer } from '../common/farm.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { WorkbenchError } from '../errors.ts';
import type { FarmAccess } from '../farm/address.ts';
import type { Farm } from '../farm/connect.ts';
import type { FarmWorker } from '../farm/worker.ts';
import type { Warning } from '../warning.ts';
import type { Engines } from './engines.ts';
import type { FarmWish } from './farm-wish.ts';
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

export interface WorkerWish {
  /** For scoring, all candidates together; by default one a processor. */
  readonly threads: number | null;
  readonly leaseMs: number | null;
}

export class Farms {
  readonly #engines: Engines;
  readonly #product: string;

  constructor(engines: Engines, product: string) {
    this.#engines = engines;
    this.#product = product;
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

  /** What this computer offers to farms. */
  async offer(threads: number | null = null): Promise<Offer> {
    const { offerOf } = await import('./farm-offer.ts');
    return offerOf(this.#engines, threads ?? availableParallelism());
  }

  /** A worker of this computer, which begins with `run`; the caller closes the farm after it. */
  async openWorker(
    access: FarmAccess,
    { threads, leaseMs }: WorkerWish,
  ): Promise<{
    readonly worker: FarmWorker;
    readonly farm: Farm;
    readonly warning: string | null;
  }> {
    const { openFarm, clockWarning } = await import('../farm/connect.ts');
    const { FarmWorker } = await import('../farm/worker.ts');
    const { openingRuns } = await import('./farm-offer.ts');
    const farm = await openFarm(access);
    const offer = await this.offer(threads);
    const worker = new FarmWorker({
      ...{ farm, product: this.#product, offer, open: openingRuns(this.#engines, offer) },
      ...(leaseMs !== null && { leaseMs }),
    });
    return { worker, farm, warning: clockWarning(farm) };
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
    return {
      status: () =>
        readStatus(farm).catch((error: unknown) => {
          throw farmFailure(error, farm.url);
        }),
      drain: (worker, drain) => setDraining(farm, worker, drain),
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
  const places = others + own;
  const { inFlight, population } = settings;
  if (inFlight === null) {
    if (population >= places) return null;
    return `A generation has ${population} candidates and the farm ${places} places: some stand idle. Raise --population, or search with --search guided --in-flight ${places}.`;
  }
  if (inFlight >= places) return null;
  return `${inFlight} candidates are in flight and the farm has ${places} places: ${places - inFlight} stand idle. --in-flight ${places} uses them all; a search that learns then chooses by older results: with 64 in flight instead of 16, a guided search over nats-sss had .937 instead of .976 of the hypervolume after 80 candidates, .989 instead of .993 after 200 (docs/validation.md).`;
}
