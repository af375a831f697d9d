/** The results of a sweep: its runs side by side, and groups of runs that differ only in their seeds. */
import { hypervolume, type Point } from '../common/hypervolume.ts';
import { spreadOf, type Spread } from '../common/order-statistics.ts';
import type { ErrorReport } from '../errors.ts';
import type { Candidate } from '../run/candidate.ts';
import { costOf, figuresByCandidate, frontOf, rankingOf } from '../run/ranking.ts';
import type { RunContents } from '../workbench/run-contents.ts';

export interface SweepRow {
  readonly name: string;
  /** The run file. */
  readonly run: string;
  readonly group: string;
  readonly seed: number | null;
  /** `waiting` if it was not reached, `failed` if it could not be started or resumed. */
  readonly status: 'finished' | 'stopped' | 'waiting' | 'failed';
  readonly evaluated: number;
  readonly failed: number;
  /** Networks on the front of the scores. */
  readonly front: number;
  readonly bestScore: number | null;
  /** Hypervolume of the front, relative to the worst of the group; null without a front, or if ranks are compared. */
  readonly hypervolume: number | null;
  readonly elapsedSeconds: number;
  readonly error: ErrorReport | null;
}

export interface SweepGroup {
  readonly group: string;
  readonly runs: readonly string[];
  readonly front: Spread;
  readonly bestScore: Spread;
  /** Hypervolumes as shares of the group's best. */
  readonly hypervolume: Spread;
}

/** What is known about a search of the sweep. */
export interface Swept {
  readonly name: string;
  readonly run: string;
  readonly group: string;
  readonly contents: RunContents | null;
  readonly error: ErrorReport | null;
}

export function sweepResults(searches: readonly Swept[]): {
  readonly searches: readonly SweepRow[];
  readonly groups: readonly SweepGroup[];
} {
  const rows = searches.map((one) => ({ ...rowOf(one), points: pointsOf(one.contents) }));
  const byGroup = byGroupOf(rows);
  const measured = rows.map(({ points, ...row }): SweepRow => {
    const all = byGroup.get(row.group)!.flatMap((one) => one.points);
    return { ...row, hypervolume: points.length === 0 ? null : hypervolume(points, worst(all)) };
  });
  const groups = [...byGroupOf(measured)].flatMap(([group, runs]) => {
    const scored = runs.filter((run) => run.bestScore !== null && run.hypervolume !== null);
    if (scored.length < 2) return [];
    const best = Math.max(...scored.map((run) => run.hypervolume!));
    return [
      {
        ...{ group, runs: scored.map(({ name }) => name) },
        front: spreadOf(scored.map(({ front }) => front)),
        bestScore: spreadOf(scored.map((run) => run.bestScore!)),
        hypervolume: spreadOf(scored.map((run) => (best > 0 ? run.hypervolume! / best : 1))),
      },
    ];
  });
  return { searches: measured, groups };
}

function byGroupOf<Row extends { readonly group: string }>(rows: readonly Row[]) {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  return groups;
}

function rowOf({ name, run, group, contents, error }: Swept): Omit<SweepRow, 'hypervolume'> {
  const info = contents?.info ?? null;
  const candidates: readonly Candidate[] = contents?.candidates ?? [];
  const scored = candidates.filter((one) => one.status === 'evaluated');
  const ranking = info && rankingOf(info.settings);
  const scores = ranking ? [...figuresByCandidate(candidates, ranking).values()] : [];
  const reached = info?.status === 'finished' ? 'finished' : info ? 'stopped' : 'waiting';
  return {
    ...{ name, run, group, error },
    seed: info?.settings.seed ?? null,
    status: error === null ? reached : 'failed',
    evaluated: scored.length,
    failed: candidates.length - scored.length,
    front: ranking ? frontOf(candidates, ranking).length : 0,
    bestScore: bestOf(scores),
    elapsedSeconds: info?.elapsedSeconds ?? 0,
  };
}

/**
 * The front, both objectives minimised, with logarithms of costs, so that ratios count. Empty if several
 * scores rank by their ranks within a run, which cannot be compared with those of another.
 */
function pointsOf(contents: RunContents | null): readonly Point[] {
  if (contents === null) return [];
  const ranking = rankingOf(contents.info.settings);
  if (ranking.parts.length > 1) return [];
  const figures = figuresByCandidate(contents.candidates, ranking);
  return frontOf(contents.candidates, ranking).flatMap((candidate): Point[] => {
    const [cost, figure] = [costOf(candidate, ranking), figures.get(candidate)];
    if (cost === null || figure === undefined || !Number.isFinite(figure)) return [];
    return [[-figure, Math.log(cost)]];
  });
}

/** Null if nothing was scored, or if everything ranks last. */
function bestOf(scores: readonly number[]): number | null {
  const best = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  return Number.isFinite(best) ? best : null;
}

/** A point slightly worse than all others, so that the ends of fronts count. */
function worst(points: readonly Point[]): Point {
  const beyond = (axis: 0 | 1): number => {
    const values = points.map((point) => point[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return high + Math.max((high - low) / 10, 1e-9);
  };
  return [beyond(0), beyond(1)];
}
