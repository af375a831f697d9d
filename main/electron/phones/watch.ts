/**
 * The phones as the window shows them: which are connected, reported as it changes; how they are doing, asked
 * now and then; and the self-test. Everything that talks to adb runs in children (phone/adb/child.ts).
 */
import type { PhonesView } from '../../../preload/contract.ts';
import { reportOf, WorkbenchError } from '../../errors.ts';
import { serverPort, type AdbChoice } from '../../phone/adb/find-adb.ts';
import { udev } from '../../phone/adb/udev.ts';
import type { Device } from '../../phone/device.ts';
import { lockPhone, type PhoneLock } from '../../phone/lock.ts';
import type { RunnerIdentity } from '../../common/phones.ts';
import type { Phones, PhonesState } from '../../phone/phones.ts';
import type { PhoneActivity } from '../../common/phone-activity.ts';
import { defaultGates } from '../../phone/protocol/gates.ts';
import { isOfPhone, type ChooseOptions } from '../../phone/runners/choose.ts';
import type { Proofs } from './proofs.ts';
import { WatchedPhone } from './watched-phone.ts';

export type WatchedPhones = Pick<Phones, 'onChange' | 'device' | 'close'>;

export interface PhoneWatchOptions {
  readonly open: (choice: AdbChoice) => WatchedPhones;
  readonly adb: () => AdbChoice;
  readonly preferred: () => string | null;
  readonly version: (file: string) => Promise<string | null>;
  readonly check: (
    device: Device,
    options: Pick<ChooseOptions, 'onTry' | 'onPush' | 'signal'>,
  ) => Promise<RunnerIdentity>;
  readonly proofs: Pick<Proofs, 'of' | 'remember' | 'forget'>;
  /** What is measuring on it, null if nothing is: any request would disturb that. */
  readonly measuring: (serial: string) => PhoneActivity | null;
  /**
   * Keeps others away from a phone that is being checked; throws `phone-in-use` where somebody is measuring on
   * it.
   */
  readonly lock?: (phone: string, purpose: string) => PhoneLock;
  /** Somebody looked at the phones for the first time since the start. */
  readonly firstWatched: () => void;
  readonly changed: () => void;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Milliseconds between two requests to a phone: while a person is looking, and otherwise. */
const askMs = { watched: 2000, unwatched: 15_000 };
/** A visible page asks at every change; one that has not asked for this long is gone. */
const watchedForMs = 6000;
const tickMs = 500;

export class PhoneWatch {
  readonly #options: PhoneWatchOptions;
  readonly #closed = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #known = new Map<string, WatchedPhone>();
  readonly #checks = new Map<string, AbortController>();
  /** Serial -> when it was last asked; Infinity while it is being asked. */
  readonly #askedMs = new Map<string, number>();
  /** Null until somebody wants to know, since following phones starts an adb server. */
  #phones: WatchedPhones | null = null;
  #unfollow = (): void => undefined;
  #adb: { file: string | null; version: string | null } = { file: null, version: null };
  #trouble: PhonesView['trouble'] = null;
  #looking = false;
  #watchedMs = -Infinity;

  constructor(options: PhoneWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  /** Starts to follow the phones, once. */
  begin(): void {
    if (this.#phones || this.#closed.signal.aborted) return;
    this.#looking = true;
    this.#phones = this.#options.open(this.#options.adb());
    this.#unfollow = this.#follow(this.#phones);
  }

  /** @param watched the page is in sight */
  view(watched: boolean): PhonesView {
    if (watched) {
      this.#watchedMs = Date.now();
      if (!this.#phones) this.#options.firstWatched();
      this.begin();
    }
    const { adb, preferred, proofs, measuring, environment = process.env } = this.#options;
    const { file, port } = adb();
    return {
      adb: { ...this.#adb, port: port ?? serverPort(environment), chosen: file !== null },
      trouble: this.#trouble,
      looking: this.#looking,
      phones: [...this.#known.values()].map((phone) =>
        phone.row(proofs.of(phone.number), measuring(phone.serial)),
      ),
      preferred: preferred(),
      maxBatteryC: defaultGates.maxBatteryC,
      udev,
    };
  }

  /** Another adb or another port: start looking all over again. */
  async reopen(): Promise<void> {
    const old = this.#phones;
    if (!old) return;
    this.#unfollow();
    for (const check of this.#checks.values()) check.abort();
    this.#known.clear();
    this.#adb = { file: null, version: null };
    this.#trouble = null;
    this.#phones = null;
    this.begin();
    this.#options.changed();
    await old.close();
  }

  /**
   * Starts the self-test; the view shows how far it has got.
   * @throws WorkbenchError `phone-not-seen`, `phone-busy`
   */
  check(serial: string): void {
    const phone = this.#known.get(serial);
    if (!phone?.ready) {
      throw new WorkbenchError(
        'phone-not-seen',
        `The phone ${serial} is not ready.`,
        'Plug it in and allow USB debugging on it.',
      );
    }
    if (this.#options.measuring(serial) !== null) {
      throw new WorkbenchError(
        'phone-busy',
        `The phone ${serial} is measuring for a search.`,
        'Wait until the search has finished, or stop it.',
      );
    }
    if (!this.#checks.has(serial)) void this.#check(phone);
  }

  /** Takes readings from whatever is measuring, since nobody else asks the phone meanwhile. */
  observe(phones: readonly PhoneActivity[]): void {
    for (const { serial, conditions } of phones) {
      if (conditions !== null) this.#known.get(serial)?.observe(conditions);
    }
    this.#options.changed();
  }

  stopCheck(serial: string): void {
    this.#checks.get(serial)?.abort();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    clearInterval(this.#timer);
    this.#unfollow();
    for (const check of this.#checks.values()) check.abort();
    await this.#phones?.close();
  }

  #follow(phones: WatchedPhones): () => void {
    return phones.onChange((state) => {
      this.#hear(state);
      this.#options.changed();
    });
  }

  #hear({ adbFile, phones, trouble }: PhonesState): void {
    // First of all which adb it is; lists and troubles follow.
    if (adbFile !== null && adbFile !== this.#adb.file) this.#found(adbFile);
    else this.#looking = false;
    this.#trouble = trouble;
    const now = Date.now();
    const listed = new Set(phones.map(({ serial }) => serial));
    for (const serial of this.#known.keys()) if (!listed.has(serial)) this.#gone(serial);
    for (const listing of phones) {
      const known = this.#known.get(listing.serial);
      if (known) known.hear(listing.state, now);
      else this.#known.set(listing.serial, new WatchedPhone(listing, now));
      if (listing.state !== 'ready') this.#askedMs.delete(listing.serial);
    }
    this.#tick();
  }

  async #device(serial: string): Promise<Device> {
    if (this.#phones) return this.#phones.device(serial);
    throw new Error('No phones are known before they are followed.');
  }

  #found(file: string): void {
    this.#adb = { file, version: null };
    void this.#options.version(file).then((version) => {
      if (this.#adb.file !== file) return;
      this.#adb = { file, version };
      this.#options.changed();
    });
  }

  #gone(serial: string): void {
    this.#known.delete(serial);
    this.#askedMs.delete(serial);
    this.#checks.get(serial)?.abort();
  }

  #tick(): void {
    const now = Date.now();
    const everyMs = now - this.#watchedMs < watchedForMs ? askMs.watched : askMs.unwatched;
    for (const phone of this.#known.values()) {
      const { serial, ready } = phone;
      if (!ready || this.#checks.has(serial) || this.#options.measuring(serial) !== null) continue;
      if (now - (this.#askedMs.get(serial) ?? -Infinity) >= everyMs) void this.#ask(phone);
    }
  }

  async #ask(phone: WatchedPhone): Promise<void> {
    const { serial } = phone;
    this.#askedMs.set(serial, Infinity);
    try {
      await phone.ask(await this.#device(serial), this.#closed.signal);
    } catch {
      // adb itself went away; the list says so.
    }
    if (this.#closed.signal.aborted || this.#known.get(serial) !== phone) return;
    this.#askedMs.set(serial, Date.now());
    this.#options.changed();
  }

  async #check(phone: WatchedPhone): Promise<void> {
    const { serial } = phone;
    const { check, proofs, changed, lock = lockPhone } = this.#options;
    const end = new AbortController();
    this.#checks.set(serial, end);
    const show = (change: Partial<NonNullable<WatchedPhone['check']>>): void => {
      const none = {
        running: true,
        step: 'asking',
        runner: null,
        share: null,
        error: null,
      } as const;
      phone.check = { ...(phone.check ?? none), ...change };
      changed();
    };
    phone.check = null;
    show({});
    let held: PhoneLock | null = null;
    try {
      // The phone's own number names the lock, because other programs know it by that, whatever adb calls it.
      if (!phone.asked) await phone.ask(await this.#device(serial), end.signal);
      end.signal.throwIfAborted();
      held = lock(phone.number, 'the check of the phone in the window');
      const runner = await check(await this.#device(serial), {
        onTry: (name) => show({ step: 'trying', runner: name, share: null }),
        onPush: (share) =>
          show(share < 1 ? { step: 'pushing', share } : { step: 'trying', share: null }),
        signal: end.signal,
      });
      proofs.remember(phone.number, runner, Date.now());
      phone.check = null;
    } catch (error) {
      if (end.signal.aborted) phone.check = null;
      else {
        const report = reportOf(error);
        // What has been proven once is not proven for ever.
        if (!isOfPhone(report)) proofs.forget(phone.number);
        show({ running: false, error: report });
      }
    } finally {
      held?.release();
      this.#checks.delete(serial);
      if (!this.#closed.signal.aborted) changed();
    }
  }
}
