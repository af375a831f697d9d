/** How far the latencies of a run may be off: what chart and table draw of it, and what a front can tell apart. Pure. */
import {
  halfWidthOf,
  indistinct,
  latencyBases,
  type LatencyBounds,
} from '../../main/common/latency-bounds.ts';
import { fixed, fromTo } from '../ground/words/format.ts';
import { latencyBoundsText as words } from '../ground/words/latency-bounds-text.ts';
import type { CandidateColumns } from './columns/columns.ts';

/** Up to so many candidates all have their bars; beyond that, bars would hide the points. */
export const mostWithBars = 300;

export interface LatencyBar {
  readonly index: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly doubtful: boolean;
}

/**
 * The bars of a chart: of everything in a small run, else of the front.
 * @param upTo the last generation that is shown
 */
export function latencyBars(
  columns: CandidateColumns,
  front: Uint32Array,
  upTo: number,
): readonly LatencyBar[] {
  if (!columns.anyLatencyError) return [];
  const shown =
    columns.length > mostWithBars
      ? [...front]
      : Array.from({ length: columns.length }, (_, i) => i).filter(
          (i) => columns.generation[i]! <= upTo,
        );
  return shown.flatMap((index) => {
    const bounds = columns.latencyBounds(index);
    const doubtful = columns.isLatencyDoubtful(index);
    return bounds === null ? [] : [{ index, lowMs: bounds.lowMs, highMs: bounds.highMs, doubtful }];
  });
}

/** What the bars of these candidates stand for, each once. */
export function basesOf(
  columns: CandidateColumns,
  bars: readonly Pick<LatencyBar, 'index'>[],
): readonly LatencyBounds['basis'][] {
  const found = new Set(bars.map(({ index }) => columns.latencyBounds(index)?.basis));
  return latencyBases.filter((basis) => found.has(basis));
}

/** Pairs of neighbours on the front whose latencies differ by less than their errors. */
export function indistinctOn(columns: CandidateColumns, front: Uint32Array): number {
  if (!columns.anyLatencyError) return 0;
  return indistinct(
    Array.from(front, (index) => {
      const bounds = columns.latencyBounds(index);
      const [low, high] = [bounds?.lowMs ?? null, bounds?.highMs ?? null];
      return { cost: columns.latencyMs[index]!, low, high };
    }),
  );
}

/** Half of the width in percent of the latency, marked where it is doubtful. */
export function errorCell(columns: CandidateColumns, index: number): string {
  const bounds = columns.latencyBounds(index);
  const mark = columns.isLatencyDoubtful(index) ? ' ?' : '';
  if (bounds === null) return mark === '' ? '–' : '?';
  const percent = 100 * halfWidthOf(bounds, columns.latencyMs[index]!);
  return `${fixed(percent, percent < 9.95 ? 1 : 0)} %${mark}`;
}

/** The same in words, with the bounds; null where nothing is known and nothing wrong. */
export function latencyErrorText(
  columns: CandidateColumns,
  index: number,
  decimals: number,
): string | null {
  const bounds = columns.latencyBounds(index);
  const doubtful = columns.isLatencyDoubtful(index);
  if (bounds === null) return doubtful ? words.doubtful.none : null;
  const range = fromTo(fixed(bounds.lowMs, decimals), fixed(bounds.highMs, decimals));
  const said = `${words.basis[bounds.basis]}: ${range} ms`;
  return doubtful ? `${said}. ${words.doubtful[bounds.basis]}` : said;
}
