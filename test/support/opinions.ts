/** How often ZiCo-BC is wrong where NEAR disagrees with it about a network of the front. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { averageRanks } from '../../main/common/rank-correlation.ts';
import { drawDistinct } from '../../main/draw.ts';
import { generatorFor } from '../../main/random.ts';

/** The networks of a space, in arrays of the same order. */
export interface Opinions {
  readonly name: string;
  /** ZiCo-BC. */
  readonly score: readonly number[];
  readonly near: readonly number[];
  readonly macs: readonly number[];
  /** Accuracies, by data set. */
  readonly columns: readonly (readonly number[])[];
}

/** By how much ranks have to differ, as shares of all networks. */
const limits = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4] as const;
/** Networks that a search scores. */
const sampleSize = 120;
const samples = 300;
const splits = 40;
/** Fewer marks than this say nothing about a limit. */
const leastMarked = 30;

interface Tally {
  /** Networks of fronts that were looked at. */
  seen: number;
  /** Of these, data set by data set, those that are marked, and those of them of which ZiCo-BC is wrong. */
  marked: number;
  wrong: number;
}

/**
 * Samples of networks, as a search scores them: of those of the front whose ranks lie far apart, how often the rank of
 * the true accuracy lies nearer to NEAR's than to ZiCo-BC's. @returns by limit
 */
function tallies(
  { score, near, macs, columns }: Opinions,
  among: readonly number[],
  draws: number,
): ReadonlyMap<number, Tally> {
  const found = new Map(limits.map((limit) => [limit as number, { seen: 0, marked: 0, wrong: 0 }]));
  const size = Math.min(sampleSize, among.length);
  for (let draw = 0; draw < draws; draw++) {
    const random = generatorFor('opinions', among.length, draw);
    const places = Array.from(
      { length: size },
      () => among[uniformInt(random, 0, among.length - 1)]!,
    );
    const share = (values: readonly number[]): number[] =>
      averageRanks(places.map((i) => values[i]!)).map((rank) => (rank - 1) / (size - 1));
    const [byScore, byNear, truths] = [share(score), share(near), columns.map(share)];
    const order = places.map((_, k) => k).sort((a, b) => macs[places[a]!]! - macs[places[b]!]!);
    let best = -Infinity;
    for (const k of order) {
      if (byScore[k]! <= best) continue;
      best = byScore[k]!;
      for (const [limit, tally] of found) {
        tally.seen++;
        if (Math.abs(byScore[k]! - byNear[k]!) <= limit) continue;
        for (const truth of truths) {
          tally.marked++;
          if (Math.abs(truth[k]! - byNear[k]!) < Math.abs(truth[k]! - byScore[k]!)) tally.wrong++;
        }
      }
    }
  }
  return found;
}

const wrongShare = ({ marked, wrong }: Tally): number => (marked === 0 ? NaN : wrong / marked);

/**
 * Prints the tally of each limit over all networks, and then what a limit is worth that was chosen on one half of the
 * networks of both spaces, the smallest one with which ZiCo-BC is wrong more often than right in each, and judged on
 * the other halves.
 */
export function reportOpinions(spaces: readonly Opinions[]): void {
  for (const space of spaces) {
    const all = tallies(
      space,
      space.score.map((_, i) => i),
      samples,
    );
    for (const [limit, tally] of all) {
      const marked = (100 * tally.marked) / space.columns.length / tally.seen;
      console.log(
        `${space.name}: ranks more than ${limit} apart: ${marked.toFixed(1)} % of the front marked, ZiCo-BC wrong in ${wrongShare(tally).toFixed(3)}`,
      );
    }
  }
  const chosen = new Map<number | null, number>();
  const judged = spaces.map((): number[] => []);
  for (let split = 0; split < splits; split++) {
    const halves = spaces.map(({ score }) => {
      const order = drawDistinct(generatorFor('halves', split), score.length, score.length);
      const middle = order.length >> 1;
      return [order.slice(0, middle), order.slice(middle)] as const;
    });
    const first = spaces.map((space, s) => tallies(space, halves[s]![0], samples / 3));
    const limit =
      limits.find((one) =>
        first.every((tally) => {
          const own = tally.get(one)!;
          return own.marked >= leastMarked && wrongShare(own) > 0.5;
        }),
      ) ?? null;
    chosen.set(limit, (chosen.get(limit) ?? 0) + 1);
    if (limit === null) continue;
    for (const [s, space] of spaces.entries()) {
      const share = wrongShare(tallies(space, halves[s]![1], samples / 3).get(limit)!);
      if (!Number.isNaN(share)) judged[s]!.push(share);
    }
  }
  console.log(
    `limits chosen on halves, of ${splits}: ${[...chosen].map(([limit, times]) => `${limit ?? 'none'} ${times} times`).join(', ')}`,
  );
  for (const [s, { name }] of spaces.entries()) {
    const sorted = judged[s]!.toSorted((a, b) => a - b);
    if (sorted.length === 0) continue;
    const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
    const at = (share: number): string =>
      sorted[Math.round(share * (sorted.length - 1))]!.toFixed(3);
    const half = sorted.filter((share) => share > 0.5).length / sorted.length;
    console.log(
      `${name}: on the other halves ZiCo-BC wrong in ${mean.toFixed(3)} [${at(0.025)}, ${at(0.975)}] of what is marked, in more than half of it in ${(100 * half).toFixed(0)} % of the splits`,
    );
  }
}
