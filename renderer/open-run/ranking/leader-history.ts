/**
 * The leaders of a run after every one of its generations, kept while candidates arrive: each is compared once
 * with those that lead when it arrives, a hundred or two. One that does not lead then never will, because
 * whatever rules it out is only ever replaced by something that rules it out as well.
 */
import { biasCorrected } from '../../../main/common/zico-bc.ts';
import type { ScoreColumns } from './pareto.ts';

/** What the leaders of a run follow from. */
export interface Leading {
  /** Names the cost. */
  readonly key: string;
  readonly cost: Float64Array;
  /** What costs more does not count; Infinity for everything that has a cost. */
  readonly most: number;
  readonly columns: ScoreColumns & { readonly generation: Int32Array };
  readonly capped: boolean;
  /** Leaders are those that can be on the front at some beta from 0 to this one. */
  readonly highestBeta: number;
}

/** One that led, from one generation on and until another. */
interface Reign {
  readonly index: number;
  readonly cost: number;
  /** Scores at both ends of the range of beta. */
  readonly low: number;
  readonly high: number;
  readonly from: number;
  /** The generation that ruled it out; Infinity while it leads. */
  until: number;
}

export class LeaderHistory {
  #basis = '';
  #length = 0;
  #generation = 0;
  /** In the order of their generations. */
  #reigns: Reign[] = [];
  /** Those that lead now, by rising cost, ties by index. */
  #now: Reign[] = [];
  #changes = 0;

  /** Takes up the rows that came since the last time, or all where the leaders follow from something else. */
  take(leading: Leading): void {
    const { key, most, capped, highestBeta, columns } = leading;
    const basis = `${key} ${most} ${capped} ${highestBeta}`;
    if (basis !== this.#basis || columns.length < this.#length) this.#restart(basis);
    let rows = byGeneration(columns.generation, this.#length, columns.length);
    if (rows.length > 0 && columns.generation[rows[0]!]! < this.#generation) {
      // One of an earlier generation came late: who led since may never have.
      this.#restart(basis);
      rows = byGeneration(columns.generation, 0, columns.length);
    }
    for (const row of rows) this.#add(row, leading);
    this.#length = columns.length;
  }

  /** Incremented when the leaders change. */
  get changes(): number {
    return this.#changes;
  }

  /** The leaders after a generation (Infinity: the last one), by rising cost and then by index. */
  leaders(upTo: number): Uint32Array {
    const those =
      upTo >= this.#generation
        ? this.#now
        : this.#reigns.filter(({ from, until }) => from <= upTo && until > upTo).sort(byCost);
    return Uint32Array.from(those, ({ index }) => index);
  }

  /** Everybody who led after the generation that it came with, by rising generation. */
  all(): Uint32Array {
    const those = this.#reigns.filter(({ from, until }) => until > from);
    return Uint32Array.from(those, ({ index }) => index);
  }

  #restart(basis: string): void {
    this.#basis = basis;
    this.#length = this.#generation = 0;
    this.#reigns = [];
    this.#now = [];
    this.#changes++;
  }

  #add(index: number, { cost: costs, most, columns, capped, highestBeta }: Leading): void {
    const from = columns.generation[index]!;
    this.#generation = from;
    const cost = costs[index]!;
    const low = (capped ? columns.zicoCapped : columns.zico)[index]!;
    const high = biasCorrected(low, columns.bias[index]!, highestBeta);
    if (!Number.isFinite(cost) || cost > most || Number.isNaN(high)) return;
    const now = this.#now;
    // Where those begin that cost the same, and those that cost more.
    const level = placeOf(now, (one) => one.cost >= cost);
    // The dearest of the cheaper ones score highest: most rows are ruled out by the first few.
    for (let k = level - 1; k >= 0; k--) if (now[k]!.low >= low && now[k]!.high >= high) return;
    const above = placeOf(now, (one) => one.cost > cost);
    const place = placeOf(
      now,
      (one) => one.cost > cost || (one.cost === cost && one.index > index),
    );
    let left = above;
    for (let k = above; k < now.length; k++) {
      if (now[k]!.low <= low && now[k]!.high <= high) now[k]!.until = from;
      else now[left++] = now[k]!;
    }
    now.length = left;
    const reign = { index, cost, low, high, from, until: Infinity };
    now.splice(place, 0, reign);
    this.#reigns.push(reign);
    this.#changes++;
  }
}

/** Where the first one stands that `beyond` holds for; it holds for all after it. */
function placeOf(all: readonly Reign[], beyond: (one: Reign) => boolean): number {
  let from = 0;
  let to = all.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (beyond(all[middle]!)) to = middle;
    else from = middle + 1;
  }
  return from;
}

const byCost = (a: Reign, b: Reign): number => a.cost - b.cost || a.index - b.index;

/** Rows `from` up to `to` by rising generation, those of one as they came. */
function byGeneration(generation: Int32Array, from: number, to: number): Uint32Array {
  const rows = new Uint32Array(to - from);
  let sorted = true;
  for (let i = from; i < to; i++) {
    rows[i - from] = i;
    if (i > from && generation[i]! < generation[i - 1]!) sorted = false;
  }
  return sorted ? rows : rows.sort((a, b) => generation[a]! - generation[b]! || a - b);
}
