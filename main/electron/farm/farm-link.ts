/** The farm of this window: where it is, what it does while somebody looks, and how its searches use it. */
import { availableParallelism } from 'node:os';
import type { FarmChoice, FarmPlaces, FarmView } from '../../../preload/contract.ts';
import { placesOf, unfitness, type FarmNews } from '../../common/farm.ts';
import type { EngineWish, PrecisionWish } from '../../common/engines.ts';
import { reportOf, WorkbenchError } from '../../errors.ts';
import { farmAddress, type FarmAccess } from '../../farm/address.ts';
import { readCertificates } from '../../farm/pem-file.ts';
import type { FarmWish } from '../../workbench/farm-wish.ts';
import type { Farms, FarmWatch } from '../../workbench/farms.ts';
import type { FarmFile } from './farm-file.ts';
import { saidInWindow, thrownInWindow } from './said-in-window.ts';
import type { Secrets } from './secrets.ts';

export interface FarmLinkOptions {
  readonly file: FarmFile;
  readonly secrets: Secrets;
  readonly farms: Pick<Farms, 'watch' | 'needed'>;
  /** The password of the environment, where nothing is kept. */
  readonly password: string | null;
  readonly changed: () => void;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
}

/** A visible page asks at every change; one that has not asked for this long is gone. */
const watchedForMs = 15_000;
const usualEveryMs = 2000;
const againMs = 5000;

type Shown = Pick<FarmView, 'state' | 'error' | 'status' | 'trouble'>;
const off: Shown = { state: 'off', error: null, status: null, trouble: null };

export class FarmLink {
  readonly #options: FarmLinkOptions;
  #watch: FarmWatch | null = null;
  #shown: Shown = off;
  #news: FarmNews | null = null;
  #notes: readonly string[] = [];
  #watchedAt = -Infinity;
  #timer: NodeJS.Timeout | null = null;
  /** Of the connection that is meant; what an earlier one says is not heard. */
  #epoch = 0;
  #closed = false;

  constructor(options: FarmLinkOptions) {
    this.#options = options;
  }

  /** @param watched somebody is looking */
  view(watched: boolean): FarmView {
    if (watched) {
      this.#watchedAt = Date.now();
      this.#begin();
    }
    const { file, secrets, password } = this.#options;
    const { url, insecure, caFile, password: sealed } = file.current;
    return {
      ...{ url, insecure, caFile, keeping: secrets.obstacle() },
      password: sealed !== null ? 'kept' : password !== null ? 'environment' : 'none',
      ...this.#shown,
      ...{ news: this.#news, notes: this.#notes },
    };
  }

  /** Throws what `farmAddress` throws, `farm-password-unsafe`, `preferences-not-saved`. */
  async connect(url: string, insecure: boolean, password: string | null): Promise<void> {
    const { file, secrets } = this.#options;
    const address = said(() => farmAddress(url.trim(), insecure));
    if (password !== null && password !== '') {
      const obstacle = secrets.obstacle();
      if (obstacle !== null) throw WorkbenchError.fromReport(obstacle);
    }
    const sealed =
      password === null ? file.current.password : password === '' ? null : secrets.seal(password);
    // A password is that of one farm.
    const kept = password === null && address.url !== file.current.url ? null : sealed;
    file.change({ url: address.url, insecure, password: kept });
    await this.#again();
  }

  async useCa(caFile: string | null): Promise<void> {
    if (caFile !== null) await readCertificates(caFile).catch(thrownInWindow);
    this.#options.file.change({ caFile });
    await this.#again();
  }

  async forget(): Promise<void> {
    this.#options.file.change({ url: null, insecure: false, caFile: null, password: null });
    await this.#again();
  }

  /** Throws `farm-not-connected`, and what the Redis answers. */
  async drain(worker: string, drain: boolean): Promise<void> {
    if (this.#watch === null) throw notConnected();
    await this.#watch.drain(worker, drain).catch(thrownInWindow);
    await this.#look(this.#epoch);
  }

  async places(
    wish: { readonly engine: EngineWish; readonly precision: PrecisionWish } & FarmChoice,
  ): Promise<FarmPlaces> {
    const run = await this.#options.farms.needed(wish, wish.any);
    const workers = this.#shown.status?.workers ?? [];
    const judged = workers
      .filter(({ state }) => state !== 'draining')
      .map((worker) => ({ worker, why: unfitness(run, worker) }));
    const fitting = judged.filter(({ why }) => why === null);
    const others = fitting.reduce((sum, { worker }) => sum + placesOf(worker.offer, run.engine), 0);
    return {
      ...{ workers: fitting.length, others, own: wish.only ? 0 : availableParallelism() },
      unfit: judged.flatMap(({ worker, why }) => (why ? [{ worker: worker.name, why }] : [])),
    };
  }

  /** For a search that begins. Throws `farm-not-named`, `farm-certificate-file`, `farm-password-lost`. */
  async wish(choice: FarmChoice): Promise<FarmWish> {
    this.#news = null;
    this.#notes = [];
    return {
      ...{ access: await this.#access(), only: choice.only, any: choice.any },
      onNews: (news) => {
        this.#news = news;
        this.#options.changed();
      },
      onNote: (note) => {
        this.#notes = [...this.#notes, note];
        this.#options.changed();
      },
    };
  }

  /** A search that used the farm has ended. */
  ended(): void {
    if (this.#news === null && this.#notes.length === 0) return;
    this.#news = null;
    this.#notes = [];
    this.#options.changed();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  async #access(): Promise<FarmAccess> {
    const { file, secrets, password: environment } = this.#options;
    const { url, insecure, caFile, password: sealed } = file.current;
    if (url === null) {
      throw new WorkbenchError(
        'farm-not-named',
        'No farm is set up in this window.',
        'Name one on the page Computers.',
      );
    }
    let password = environment;
    try {
      if (sealed !== null) password = secrets.open(sealed);
    } catch (cause) {
      throw new WorkbenchError(
        'farm-password-lost',
        'The password that was kept cannot be read any more: the keyring is locked, or another one.',
        'Type it again on the page Computers.',
        { cause },
      );
    }
    const ca = caFile === null ? null : await readCertificates(caFile);
    return {
      address: farmAddress(url, insecure),
      ...{ password, ca, certificate: null, key: null },
    };
  }

  #begin(): void {
    if (this.#timer !== null || this.#closed || this.#options.file.current.url === null) return;
    if (this.#shown.state === 'off') this.#shown = { ...off, state: 'connecting' };
    this.#schedule(0);
  }

  #schedule(afterMs: number): void {
    const epoch = this.#epoch;
    this.#timer = setTimeout(() => void this.#turn(epoch), afterMs);
  }

  async #turn(epoch: number): Promise<void> {
    const { everyMs = usualEveryMs } = this.#options;
    if (Date.now() - this.#watchedAt > watchedForMs) return await this.#end();
    await this.#look(epoch);
    if (epoch !== this.#epoch || this.#closed) return;
    this.#schedule(this.#watch === null ? againMs : everyMs);
  }

  async #look(epoch: number): Promise<void> {
    let shown: Shown;
    try {
      if (this.#watch === null) {
        const watch = await this.#options.farms.watch(await this.#access());
        if (epoch !== this.#epoch || this.#closed) return await watch.close();
        this.#watch = watch;
      }
      // A Redis that is away makes a look wait; the page says meanwhile why.
      const status = await Promise.race([this.#watch.status(), patience()]);
      const trouble = this.#watch.trouble()?.message ?? null;
      shown = {
        ...{ state: 'connected', error: null, status: status ?? this.#shown.status },
        trouble: status === null ? (trouble ?? 'The farm does not answer.') : trouble,
      };
    } catch (error) {
      shown = {
        ...this.#shown,
        state: 'failed',
        error: saidInWindow(reportOf(error)),
        trouble: null,
      };
    }
    if (epoch !== this.#epoch) return;
    this.#shown = shown;
    this.#options.changed();
  }

  /** Another farm, or another way in. */
  async #again(): Promise<void> {
    await this.#end();
    if (Date.now() - this.#watchedAt <= watchedForMs) this.#begin();
    this.#options.changed();
  }

  async #end(): Promise<void> {
    this.#epoch++;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#shown = off;
    const watch = this.#watch;
    this.#watch = null;
    await watch?.close();
  }
}

const patienceMs = 3000;

function patience(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), patienceMs).unref());
}

function said<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return thrownInWindow(error);
  }
}

function notConnected(): WorkbenchError {
  return new WorkbenchError(
    'farm-not-connected',
    'There is no connection to the farm at the moment.',
    'Look at what the page Computers says about it.',
  );
}
