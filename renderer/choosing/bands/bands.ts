/** Bands of cost, equally wide on a logarithmic axis, and the highest scores in each. */

export interface Band {
  readonly from: number;
  readonly to: number;
  /** Indices, the highest score first. */
  readonly best: readonly number[];
  /** How many candidates are in it. */
  readonly members: number;
}

export interface BandsInput {
  /** Indices of those that count, by rising cost. */
  readonly order: ArrayLike<number>;
  readonly cost: ArrayLike<number>;
  readonly score: ArrayLike<number>;
}

/** @param each how many of a band are listed */
export function bestOfBands(
  { order, cost, score }: BandsInput,
  bands: number,
  each: number,
): Band[] {
  if (order.length === 0) return [];
  const low = Math.log(cost[order[0]!]!);
  const high = Math.log(cost[order[order.length - 1]!]!);
  const width = (high - low) / bands;
  const all: number[][] = Array.from({ length: bands }, () => []);
  const members = new Array<number>(bands).fill(0);
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!;
    const band = width > 0 ? Math.floor((Math.log(cost[i]!) - low) / width) : 0;
    const at = Math.min(bands - 1, Math.max(0, band));
    members[at]!++;
    insert(all[at]!, i, score, each);
  }
  return all.map((best, band) => ({
    from: Math.exp(low + band * width),
    to: Math.exp(low + (band + 1) * width),
    best,
    members: members[band]!,
  }));
}

/** Keeps `best` sorted and short; of equal scores the cheaper one, which came first, stays before. */
function insert(best: number[], index: number, score: ArrayLike<number>, each: number): void {
  if (Number.isNaN(score[index])) return;
  let place = best.length;
  while (place > 0 && score[best[place - 1]!]! < score[index]!) place--;
  if (place >= each) return;
  best.splice(place, 0, index);
  if (best.length > each) best.pop();
}
