/** The results of a sweep: its runs side by side, and groups of runs that differ only in their seeds. */
import { hypervolume, type Point } from '../common/hypervolume.ts';
import { spreadOf, type Spread } from '../common/order-statistics.ts';
import type { ErrorReport } from '../common/report.ts';
import type { RunStatus } from '../common/run-states.ts';
import type { Candidate } from '../run/candidate.ts';
import { costOf, figuresByCandidate, frontOf, rankingOf } from '../run/ranking.ts';
import type { RunInfo } from '../run/run-store.ts';

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

/** What a run has come to, in a few figures, as far as it got. */
export interface SweptRun {
  readonly seed: number;
  readonly status: RunStatus;
  readonly evaluated: number;
  readonly failed: number;
  /** Networks on the front of the scores. */
  readonly front: number;
  readonly bestScore: number | null;
  /** The front, as `hypervolume` takes it; empty if ranks are compared. */
  readonly points: readonly Point[];
  readonly elapsedSeconds: number;
}

/** What is known about a search of the sweep. */
export interface Swept {
  readonly name: string;
  readonly run: string;
  readonly group: string;
  readonly reached: SweptRun | null;
  readonly error: ErrorReport | null;
}

/** @param candidates all of the run's */
export function sweptRunOf(
  { settings, status, elapsedSeconds }: RunInfo,
  candidates: readonly Candidate[],
): SweptRun {
  const ranking = rankingOf(settings);
  const figures = figuresByCandidate(candidates, ranking);
  const front = frontOf(candidates, ranking);
  const points = front.flatMap((candidate): Point[] => {
    const [cost, figure] = [costOf(candidate, ranking), figures.get(candidate)];
    if (cost === null || figure === undefined || !Number.isFinite(figure)) return [];
    // Both minimised, with logarithms of costs, so that ratios count.
    return [[-figure, Math.log(cost)]];
  });
  return {
    ...{ seed: settings.seed, status, elapsedSeconds, front: front.length },
    evaluated: figures.size,
    failed: candidates.length - figures.size,
    bestScore: bestOf([...figures.values()]),
    // Several scores rank by their ranks within a run, which cannot be compared with those of another.
    points: ranking.parts.length > 1 ? [] : points,
  };
}

export function sweepResults(searches: readonly Swept[]): {
  readonly searches: readonly SweepRow[];
  readonly groups: readonly SweepGroup[];
} {
  const pointsOfGroup = new Map<string, Point[]>();
  for (const { group, reached } of searches) {
    pointsOfGroup.set(group, [...(pointsOfGroup.get(group) ?? []), ...(reached?.points ?? [])]);
  }
  const rows = searches.map((one) => rowOf(one, pointsOfGroup.get(one.group)!));
  const groups = [...pointsOfGroup.keys()].flatMap((group) => {
    const scored = rows.filter(
      (run) => run.group === group && run.bestScore !== null && run.hypervolume !== null,
    );
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
  return { searches: rows, groups };
}

function rowOf({ name, run, group, reached, error }: Swept, all: readonly Point[]): SweepRow {
  const status =
    reached === null ? 'waiting' : reached.status === 'finished' ? 'finished' : 'stopped';
  const points = reached?.points ?? [];
  return {
    ...{ name, run, group, error },
    seed: reached?.seed ?? null,
    status: error === null ? status : 'failed',
    evaluated: reached?.evaluated ?? 0,
    failed: reached?.failed ?? 0,
    front: reached?.front ?? 0,
    bestScore: reached?.bestScore ?? null,
    elapsedSeconds: reached?.elapsedSeconds ?? 0,
    hypervolume: points.length === 0 ? null : hypervolume(points, worst(all)),
  };
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
