/** The stairs of scores over costs, of any number of networks one after the other. */

export interface Step<Of> {
  readonly cost: number;
  readonly score: number;
  readonly of: Of;
}

/** Steps that are kept before those are thrown away that a cheaper one beats. */
const fewKept = 2_000;

export class Rising<Of> {
  #steps: Step<Of>[] = [];
  #most = fewKept;

  add(step: Step<Of>): void {
    this.#steps.push(step);
    if (this.#steps.length < this.#most) return;
    this.#steps = risingOf(this.#steps);
    // Stairs that are long by themselves are not gone through again for every step.
    this.#most = Math.max(fewKept, 2 * this.#steps.length);
  }

  /** From cheap to dear, each with a higher score than all cheaper ones; of equals the one that came first. */
  rising(): readonly Step<Of>[] {
    return (this.#steps = risingOf(this.#steps));
  }
}

/** The steps that no other one beats, from cheap to dear. */
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
