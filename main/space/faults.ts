/** Several faults of one description, so that its author sees all of them at once. */
import { DescriptionError } from './description-error.ts';

export class Faults {
  readonly #found: DescriptionError[] = [];

  /**
   * Runs a check and keeps the fault that it throws; anything else that is thrown passes through.
   * @param otherwise the value to continue with where the check found a fault
   */
  check<T>(work: () => T, otherwise: T): T;
  check(work: () => void): void;
  check<T>(work: () => T, otherwise?: T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof DescriptionError)) throw error;
      for (const fault of error.faults) this.add(fault);
      return otherwise;
    }
  }

  /** One sentence per place: the first fault is the one to fix first. */
  add(fault: DescriptionError): void {
    if (this.#found.every(({ path }) => path !== fault.path)) this.#found.push(fault);
  }

  /** Throws the first fault, which carries all of them; does nothing where there is none. */
  end(): void {
    const [first, ...others] = this.#found;
    if (first === undefined) return;
    throw others.length === 0 ? first : first.with(others);
  }
}
