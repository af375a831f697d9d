/** The phones that measure for this app: for which run, and what they are doing. */
import type { AdbChoice } from '../../phone/adb/find-adb.ts';
import type { PhoneActivity } from '../../common/phone-activity.ts';
import type { PhoneSession } from '../../workbench/latency-sources.ts';

/** In the window nothing depends on the environment. */
export type WindowPhoneSession = Required<PhoneSession>;

export interface PhonesAtWorkOptions {
  /** Which adb the person means. */
  readonly adb: () => AdbChoice;
  /** A phone is doing something else; null where it measures a single candidate again, and not for a search. */
  readonly changed: (run: string | null, phones: readonly PhoneActivity[]) => void;
}

/** Only one thing measures at a time: a search, or a candidate that is measured again. */
export class PhonesAtWork {
  readonly #options: PhonesAtWorkOptions;
  #run: string | null = null;
  #phones: readonly PhoneActivity[] = [];

  constructor(options: PhonesAtWorkOptions) {
    this.#options = options;
  }

  /** @param run whose search it is; null for a candidate that is measured again */
  begin(run: string | null): WindowPhoneSession {
    this.#run = run;
    return { adb: this.#options.adb(), onPhones: (phones) => this.#hear(phones) };
  }

  /** Measuring has ended. */
  end(): void {
    if (this.#phones.length > 0) this.#hear([]);
    this.#run = null;
  }

  /** The phones of a run that is being searched; empty for every other run. */
  ofRun(run: string): readonly PhoneActivity[] {
    return this.#run === run ? this.#phones : [];
  }

  /** What a phone is doing; null where this app is not measuring on it. */
  activityOf(serial: string): PhoneActivity | null {
    return this.#phones.find((one) => one.serial === serial) ?? null;
  }

  #hear(phones: readonly PhoneActivity[]): void {
    this.#phones = phones;
    this.#options.changed(this.#run, phones);
  }
}
