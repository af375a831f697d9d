/** The one filter of a run: a range of values for each of some measures, all of which have to hold. */

/** Both ends belong to it, in the measure's own values. */
export interface FilterRange {
  readonly from: number;
  readonly to: number;
}

export interface Condition {
  readonly values: ArrayLike<number>;
  readonly range: FilterRange;
}

/** 1 for each of the first `length` candidates that meets every condition. What has no value meets none. */
export function maskOf(conditions: readonly Condition[], length: number): Uint8Array {
  const mask = new Uint8Array(length).fill(1);
  for (const { values, range } of conditions) {
    const { from, to } = range;
    for (let i = 0; i < length; i++) {
      const value = values[i]!;
      if (!(value >= from && value <= to)) mask[i] = 0;
    }
  }
  return mask;
}

/** How many of the first `length` meet it, of those no later than generation `upTo`. */
export function countMeeting(
  { values, range }: Condition,
  generation: Int32Array,
  upTo: number,
  length: number,
): number {
  let n = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    if (value >= range.from && value <= range.to && generation[i]! <= upTo) n++;
  }
  return n;
}

/** The range between two values in whichever order; null where it is empty or not a number. */
export function rangeBetween(a: number, b: number): FilterRange | null {
  return Number.isNaN(a) || Number.isNaN(b) ? null : { from: Math.min(a, b), to: Math.max(a, b) };
}
