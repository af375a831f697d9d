/** The steps of scores over costs of any number of networks that are added one after the other. */

export interface RisingStep<Of> {
  readonly cost: number;
  readonly score: number;
  readonly of: Of;
}

/** How many steps are kept before those that a cheaper one beats are dropped. */
const fewKept = 2_000;

export class Rising<Of> {
  #steps: RisingStep<Of>[] = [];
  #most = fewKept;

  add(step: RisingStep<Of>): void {
    this.#steps.push(step);
    if (this.#steps.length < this.#most) return;
    this.#steps = risingOf(this.#steps);
    // If there are many steps left, they are not gone through again for every new one.
    this.#most = Math.max(fewKept, 2 * this.#steps.length);
  }

  /**
   * In ascending order of cost, each with a higher score than all cheaper ones; of equal ones the first that
   * came.
   */
  rising(): readonly RisingStep<Of>[] {
    return (this.#steps = risingOf(this.#steps));
  }
}

/** The steps that no other one beats, in ascending order of cost. */
export function risingOf<One extends { readonly cost: number; readonly score: number }>(
  steps: readonly One[],
): One[] {
  let best = -Infinity;
  return steps
    .toSorted((a, b) => a.cost - b.cost || b.score - a.score)
    .filter(({ score }) => {
      if (score <= best) return false;
      best = score;
      return true;
    });
}
