/** What the progress line of a search says. */
import type { Candidate, EvaluatedCandidate } from '../search/candidate.ts';
import { rankingOf, scoreOf } from '../search/pareto.ts';
import { createRateMeter } from '../search/progress.ts';
import type { RunInfo } from '../search/run-store.ts';
import type { SearchPhase } from './services.ts';
import { bar } from './progress.ts';
import { span } from './table.ts';

export interface SearchProgress {
  stored(candidate: Candidate): void;
  phase(phase: SearchPhase, generation: number): void;
  line(): string;
}

/**
 * @param run as stored when this session began
 * @param planned how many candidates the budget allows, null where only time limits the search
 * @param earlier candidates of earlier sessions
 * @param clock milliseconds, monotonic
 */
export function searchProgress(
  run: RunInfo,
  planned: number | null,
  earlier: readonly Candidate[],
  clock: () => number,
): SearchProgress {
  const ranking = rankingOf(run.settings);
  const startMs = clock();
  const meter = createRateMeter(startMs);
  let done = 0;
  let failed = 0;
  let best: EvaluatedCandidate | null = null;
  let phase: SearchPhase = 'preparing';
  let generation = 0;

  const count = (candidate: Candidate): void => {
    done++;
    if (candidate.status === 'failed') failed++;
    else if (best === null || scoreOf(candidate.score, ranking) > scoreOf(best.score, ranking)) {
      best = candidate;
    }
  };
  earlier.forEach(count);

  return {
    stored(candidate) {
      count(candidate);
      generation = candidate.generation;
      meter.record(clock());
    },
    phase(now, nowGeneration) {
      phase = now;
      generation = nowGeneration;
    },
    line() {
      const elapsed = run.elapsedSeconds + (clock() - startMs) / 1000;
      const { seconds } = run.settings;
      const shares = [
        planned === null ? 0 : done / planned,
        seconds === null ? 0 : elapsed / seconds,
      ];
      const lefts = [
        planned === null ? null : meter.secondsLeft(planned - done),
        seconds === null ? null : Math.max(0, seconds - elapsed),
      ].filter((left) => left !== null);
      const rate = meter.perMinute();
      return [
        `${bar(Math.max(...shares))} ${done}${planned === null ? '' : `/${planned}`} candidates`,
        ...(failed === 0 ? [] : [`${failed} failed`]),
        ...(rate === null ? [] : [`${rate.toFixed(1)}/min`]),
        ...(lefts.length === 0 ? [] : [`${span(Math.min(...lefts))} left`]),
        ...(best === null
          ? []
          : [`best ${scoreOf(best.score, ranking).toFixed(2)} (${best.genotype})`]),
        `generation ${generation}`,
        phase,
      ].join(', ');
    },
  };
}
