/** The phones that measure for this app: for which run, and what they do. */
import type { AdbChoice } from '../../phone/adb/find-adb.ts';
import type { PhoneActivity } from '../../common/phone-activity.ts';
import type { PhoneSession as SessionOfPhones } from '../../workbench/latency-sources.ts';

/** In the window nothing is left to the environment. */
export type PhoneSession = Required<SessionOfPhones>;

export interface PhonesAtWorkOptions {
  /** Which adb the person means. */
  readonly adb: () => AdbChoice;
  /** A phone does something else; null where it was for no run but for one candidate of one. */
  readonly changed: (run: string | null, phones: readonly PhoneActivity[]) => void;
}

/** Only one thing measures at a time: a search, or one candidate again. */
export class PhonesAtWork {
  readonly #options: PhonesAtWorkOptions;
  #run: string | null = null;
  #phones: readonly PhoneActivity[] = [];

  constructor(options: PhonesAtWorkOptions) {
    this.#options = options;
  }

  /** @param run whose search it is; null for one candidate again */
  begin(run: string | null): PhoneSession {
    this.#run = run;
    return { adb: this.#options.adb(), onPhones: (phones) => this.#hear(phones) };
  }

  /** Nobody measures any more. */
  end(): void {
    if (this.#phones.length > 0) this.#hear([]);
    this.#run = null;
  }

  /** Of a run that is being searched; empty for every other. */
  ofRun(run: string): readonly PhoneActivity[] {
    return this.#run === run ? this.#phones : [];
  }

  /** What a phone does; null where nothing of this app measures on it. */
  activityOf(serial: string): PhoneActivity | null {
    return this.#phones.find((one) => one.serial === serial) ?? null;
  }

  #hear(phones: readonly PhoneActivity[]): void {
    this.#phones = phones;
    this.#options.changed(this.#run, phones);
  }
}
