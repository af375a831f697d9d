/** A data set in several groups, such as folders, whose images are numbered consecutively. */

export interface Group {
  /** How many images. */
  readonly count: number;
}

/** Finds the group and the place in it of image number `index` by bisection. */
export class Groups<G extends Group> {
  readonly groups: readonly G[];
  readonly count: number;
  /** Number of images before each group. */
  private readonly starts: readonly number[];

  constructor(groups: readonly G[]) {
    const starts: number[] = [];
    let count = 0;
    for (const group of groups) {
      starts.push(count);
      count += group.count;
    }
    this.groups = groups;
    this.starts = starts;
    this.count = count;
  }

  locate(index: number): { readonly group: G; readonly number: number; readonly at: number } {
    if (index < 0 || index >= this.count) {
      throw new RangeError(`image ${index} is outside the data set`);
    }
    let low = 0;
    let high = this.groups.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return { group: this.groups[low]!, number: low, at: index - this.starts[low]! };
  }
}

/** `wanted` numbers from 0 to `count` - 1, evenly spaced; all of them where there are not more. */
export function spread(count: number, wanted: number): number[] {
  if (count <= wanted) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: wanted }, (_, i) => Math.floor((i * count) / wanted));
}
