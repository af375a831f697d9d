/**
 * The phones of this computer: which are connected, reported as it changes, and each as a device to work with.
 */
import type { ChildProcesses } from '../child/process.ts';
import { WorkbenchError, type ErrorReport } from '../errors.ts';
import { AdbDevice, defaultDeviceLimits, type DeviceLimits } from './adb/adb-device.ts';
import type { AdbAddress } from './adb/channel.ts';
import { findAdb, serverPort } from './adb/find-adb.ts';
import { Link } from './adb/link.ts';
import type { PhoneListing } from './adb/listing.ts';
import type { Tracking, TrackRequest } from './adb/track.ts';
import type { Device } from './device.ts';

export interface PhonesOptions {
  readonly processes: ChildProcesses;
  /** Script of the adb child. */
  readonly entry: string;
  /** The adb that a person named. */
  readonly adbFile?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits?: Partial<PhonesLimits>;
}

/** In milliseconds; these are the defaults. */
export interface PhonesLimits extends DeviceLimits {
  /** Starting the adb server, and the first list. */
  readonly serverMs: number;
}

export const defaultLimits: PhonesLimits = { ...defaultDeviceLimits, serverMs: 15_000 };

export interface PhonesState {
  /** Null until adb was found. */
  readonly adbFile: string | null;
  readonly phones: readonly PhoneListing[];
  /** Why there is no list at present; it is tried again where that can help. */
  readonly trouble: ErrorReport | null;
}

const againMs = 1000;

export class Phones {
  readonly #options: PhonesOptions;
  readonly #limits: PhonesLimits;
  readonly #links = new Map<string, Link>();
  readonly #listeners = new Set<(state: PhonesState) => void>();
  readonly #closed = new AbortController();
  #following: Promise<void> | null = null;
  #known = false;
  #state: PhonesState = { adbFile: null, phones: [], trouble: null };

  constructor(options: PhonesOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
  }

  get state(): PhonesState {
    return this.#state;
  }

  /**
   * Calls back with every change from now on, and starts looking; returns the function that ends the
   * subscription.
   */
  onChange(listener: (state: PhonesState) => void): () => void {
    this.#listeners.add(listener);
    this.#following ??= this.#follow();
    return () => void this.#listeners.delete(listener);
  }

  /**
   * The phones that are plugged in.
   * @throws WorkbenchError why there is no list: `adb-missing`, `adb-unusable`, `adb-version-conflict`,
   *   `adb-server`
   */
  async list(signal?: AbortSignal): Promise<readonly PhoneListing[]> {
    const state = await this.until(
      ({ phones, trouble }) =>
        trouble !== null || (this.#known && phones.every(({ state: one }) => one !== 'connecting')),
      this.#limits.serverMs,
      signal,
    );
    if (state.trouble !== null) throw WorkbenchError.fromReport(state.trouble);
    return state.phones;
  }

  /**
   * Waits for a state, up to a limit.
   * @returns the first one that passes, or the last one when the time is up
   */
  async until(
    passes: (state: PhonesState) => boolean,
    limitMs: number,
    signal?: AbortSignal,
  ): Promise<PhonesState> {
    signal?.throwIfAborted();
    const end = AbortSignal.any([
      AbortSignal.timeout(Math.ceil(Math.min(limitMs, 0x7fff_ffff))),
      this.#closed.signal,
      ...(signal ? [signal] : []),
    ]);
    let stop = (): void => undefined;
    try {
      await new Promise<void>((resolve) => {
        if (end.aborted) resolve();
        end.addEventListener('abort', () => resolve(), { once: true });
        stop = this.onChange((state) => {
          if (passes(state)) resolve();
        });
        if (passes(this.#state)) resolve();
      });
    } finally {
      stop();
    }
    signal?.throwIfAborted();
    return this.#state;
  }

  /**
   * A phone to work with; the first request shows whether it is there.
   * @throws WorkbenchError `adb-missing`, `adb-unusable`
   */
  async device(serial: string): Promise<Device> {
    let link = this.#links.get(serial);
    if (!link) {
      const { processes, entry } = this.#options;
      link = new Link({ processes, entry, name: `phone ${serial}` });
      this.#links.set(serial, link);
    }
    return new AdbDevice(serial, await this.#address(), link, this.#limits);
  }

  /** The process that talks to a phone, while there is one. */
  processOf(serial: string): number | undefined {
    return this.#links.get(serial)?.pid;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    for (const link of this.#links.values()) link.close();
    await this.#following;
  }

  async #address(): Promise<AdbAddress> {
    const { adbFile, environment } = this.#options;
    const file =
      this.#state.adbFile ??
      (await findAdb({ file: adbFile, environment, platform: process.platform }));
    this.#change({ adbFile: file });
    return { file, port: serverPort(environment) };
  }

  /** Follows the phones until everything is closed; neither a crash nor an adb that is found late ends it. */
  async #follow(): Promise<void> {
    const { processes, entry } = this.#options;
    const link = new Link({ processes, entry, name: 'phone tracking' });
    const { signal } = this.#closed;
    while (!signal.aborted) {
      try {
        const payload: TrackRequest = {
          adb: await this.#address(),
          serverLimitMs: this.#limits.serverMs,
        };
        const onEvent = (tracking: Tracking) => this.#hear(tracking);
        await link.request({ method: 'track', payload, limitMs: Infinity, signal, onEvent });
      } catch (error) {
        if (signal.aborted) break;
        // adb may be installed meanwhile; if the tracking child died, the last list is kept.
        if (error instanceof WorkbenchError && error.code.startsWith('adb-')) {
          this.#hear({ kind: 'trouble', error: error.toReport() });
        }
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, againMs);
        signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      });
    }
    link.close();
  }

  #hear(tracking: Tracking): void {
    if (tracking.kind === 'phones') {
      this.#known = true;
      this.#change({ phones: tracking.phones, trouble: null });
    } else {
      this.#change({ phones: [], trouble: tracking.error });
    }
  }

  #change(change: Partial<PhonesState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}
