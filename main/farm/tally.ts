/** What a worker has done, as it reports to the farm. */
import type { WorkerRecord } from '../common/farm.ts';
import type { ErrorReport } from '../errors.ts';

const rateMs = 300_000;
const mostErrors = 5;
const mostReasons = 50;

export class WorkerTally {
  readonly #now: () => number;
  readonly #since: number;
  #done = 0;
  #failed = 0;
  #givenBack = 0;
  readonly #recent: number[] = [];
  readonly #reasons = new Map<string, number>();
  #errors: { readonly at: number; readonly message: string }[] = [];

  /** @param now milliseconds by the server's clock */
  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  done(): void {
    this.#done++;
    this.#recent.push(this.#now());
  }

  failed({ code, message }: Pick<ErrorReport, 'code' | 'message'>): void {
    this.#failed++;
    const known = this.#reasons.has(code) || this.#reasons.size < mostReasons;
    const reason = known ? code.slice(0, 100) : 'other';
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    this.error(message);
  }

  givenBack(): void {
    this.#givenBack++;
  }

  error(message: string): void {
    const said = message.slice(0, 500);
    if (this.#errors[0]?.message === said) this.#errors.shift();
    this.#errors = [{ at: this.#now(), message: said }, ...this.#errors].slice(0, mostErrors);
  }

  record(): Pick<WorkerRecord, 'done' | 'failed' | 'givenBack' | 'rate' | 'reasons' | 'errors'> {
    const now = this.#now();
    while (this.#recent.length > 0 && this.#recent[0]! < now - rateMs) this.#recent.shift();
    const minutes = Math.max(Math.min(now - this.#since, rateMs), 1000) / 60_000;
    return {
      ...{ done: this.#done, failed: this.#failed, givenBack: this.#givenBack },
      rate: Math.round((this.#recent.length / minutes) * 10) / 10,
      reasons: Object.fromEntries(this.#reasons),
      errors: this.#errors,
    };
  }
}
