/**
 * Hypervolumes for the list of runs. A run is read only once as long as it does not change: the values are kept
 * by the file's size and time, across sessions, and a long run is read piece by piece.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { frontTrend } from '../analysis/trend.ts';
import type { GenerationPoint } from '../common/hypervolume.ts';
import { figuresAmong, rankingOf } from '../run/ranking.ts';
import type { RunInfo, RunPoint } from '../run/run-store.ts';
import { fileStampOf } from './file-stamp.ts';

export interface TrendReader {
  info(): RunInfo;
  points(after: number, most: number): readonly RunPoint[];
}

interface Kept {
  readonly stamp: string;
  readonly values: readonly number[];
}

/** How many rows are read at a time: some ten milliseconds. */
const piece = 1000;
/** How many runs have their values kept. */
const mostKept = 500;

export class Trends {
  readonly #file: string;
  #kept: Map<string, Kept> | null = null;

  /** @param file where the values are kept between sessions */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * @param path the run's file
   * @param compute reads it
   * Throws what reading the run throws.
   */
  async of(path: string, compute: () => Promise<readonly number[]>): Promise<readonly number[]> {
    const stamp = fileStampOf(path);
    const kept = this.#read().get(path);
    if (kept && stamp !== null && kept.stamp === stamp) return kept.values;
    const values = await compute();
    if (stamp !== null && stamp === fileStampOf(path)) this.#keep(path, { stamp, values });
    return values;
  }

  #read(): Map<string, Kept> {
    this.#kept ??= new Map(Object.entries(parsed(this.#file)));
    return this.#kept;
  }

  #keep(path: string, kept: Kept): void {
    const all = this.#read();
    all.delete(path);
    all.set(path, kept);
    for (const oldest of all.keys()) {
      if (all.size <= mostKept) break;
      all.delete(oldest);
    }
    try {
      writeFileSync(this.#file, JSON.stringify(Object.fromEntries(all)));
    } catch {
      // It only caches what can be computed again.
    }
  }
}

/**
 * The hypervolumes of one run.
 * @param reading looks into it, several times
 */
export async function trendOf(
  reading: <T>(read: (reader: TrendReader) => T) => Promise<T>,
): Promise<readonly number[]> {
  const { settings } = await reading((reader) => reader.info());
  const ranking = rankingOf(settings);
  const rows: RunPoint[] = [];
  for (let after = 0; ;) {
    const some = await reading((reader) => reader.points(after, piece));
    for (const row of some) rows.push(row);
    const last = some.at(-1);
    if (!last || some.length < piece) break;
    after = last.id;
    await breathe(); // SQLite reads are synchronous: a long run must not hold up the window
  }
  const scores = figuresAmong(rows, ranking);
  const points = rows.flatMap(({ generation, latencyMs, macs }, i): GenerationPoint[] => {
    const [cost, score] = [ranking.cost === 'macs' ? macs : latencyMs, scores[i]!];
    return cost !== null && cost > 0 && score > -Infinity ? [{ generation, score, cost }] : [];
  });
  return frontTrend(points);
}

/** Anything that is not a cache of ours is ignored. */
function parsed(file: string): Record<string, Kept> {
  try {
    const stored: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof stored !== 'object' || stored === null) return {};
    return Object.fromEntries(
      Object.entries(stored as Record<string, Partial<Kept>>).flatMap(([path, kept]) =>
        typeof kept.stamp === 'string' && Array.isArray(kept.values)
          ? [[path, { stamp: kept.stamp, values: kept.values.map(Number) }]]
          : [],
      ),
    );
  } catch {
    return {};
  }
}
