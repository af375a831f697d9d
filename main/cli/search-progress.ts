/** What the progress line of a search says. */
import type { Candidate, EvaluatedCandidate } from '../run/candidate.ts';
import { figuresOf, rankingOf } from '../run/ranking.ts';
import { createRateMeter } from '../search/progress.ts';
import type { SearchEvent } from '../search/search.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { periodsOf } from '../common/periods.ts';
import { dataProgressInWords, type DataProgress } from '../common/data-progress.ts';
import { bar } from './progress.ts';
import { inWords, span } from './table.ts';

export interface SearchProgress {
  hear(event: SearchEvent): void;
  /** Called while the images are opened, before the search starts. */
  opening(progress: DataProgress): void;
  line(): string;
}

/**
 * @param earlier candidates from earlier sessions
 * @param clock milliseconds, monotonic
 */
export function searchProgress(
  settings: SearchSettings,
  earlier: readonly Candidate[],
  clock: () => number,
): SearchProgress {
  const ranking = rankingOf(settings);
  let meter = createRateMeter(clock());
  const isRelative = ranking.parts.length > 1;
  /** The best candidate so far; all of them for sums of ranks, which only mean something beside the others. */
  let known: EvaluatedCandidate[] = [];
  let preparing = 'preparing';
  let last: { readonly event: SearchEvent; readonly atMs: number } | null = null;

  const consider = (candidate: Candidate): void => {
    if (candidate.status === 'failed') return;
    const { maxLatencyMs } = settings;
    if (maxLatencyMs !== null && (candidate.latency?.latencyMs ?? 0) > maxLatencyMs) return;
    known.push(candidate);
    if (!isRelative) known = [bestOf(known)!.candidate];
  };
  const bestOf = (some: readonly EvaluatedCandidate[]) => {
    const figures = figuresOf(some, ranking);
    const at = figures.reduce((best, figure, i) => (figure > figures[best]! ? i : best), 0);
    const candidate = some[at];
    return candidate && { candidate, figure: figures[at]! };
  };
  earlier.forEach(consider);

  return {
    hear(event) {
      // One after the other, so that the speed of the search says nothing of them.
      if (event.confirmed?.done === 0) meter = createRateMeter(clock());
      else if (event.confirmed) meter.record(clock());
      last = { event, atMs: clock() };
      if (!event.candidate) return;
      consider(event.candidate);
      meter.record(clock());
    },
    opening(progress) {
      preparing = dataProgressInWords(progress);
    },
    line() {
      if (last === null) return preparing;
      const best = bestOf(known);
      const { planned, evaluated, failed, generation, phase, elapsedSeconds, scoring } = last.event;
      const { confirmed } = last.event;
      const { seconds } = settings;
      const done = evaluated + failed;
      const running = phase === 'ended' ? 0 : (clock() - last.atMs) / 1000;
      const elapsed = elapsedSeconds + running;
      const shares = [
        planned === null ? 0 : done / planned,
        seconds === null ? 0 : elapsed / seconds,
      ];
      const lefts = (
        confirmed
          ? [meter.secondsLeft(confirmed.planned - confirmed.done)]
          : [
              planned === null ? null : meter.secondsLeft(planned - done),
              seconds === null ? null : Math.max(0, seconds - elapsed),
            ]
      ).filter((left) => left !== null);
      const rate = confirmed ? null : meter.perMinute();
      return [
        `${bar(Math.max(...shares))} ${done}${planned === null ? '' : `/${planned}`} candidates`,
        ...(failed === 0 ? [] : [`${failed} failed`]),
        ...(rate === null ? [] : [`${rate.toFixed(1)}/min`]),
        ...(phase === 'ended'
          ? [`${span(elapsed)} in all`]
          : lefts.length > 0
            ? [`${span(Math.min(...lefts))} left`]
            : []),
        ...(best === undefined
          ? []
          : [`best ${best.figure.toFixed(isRelative ? 1 : 2)} (${best.candidate.genotype})`]),
        ...(confirmed
          ? [`confirming the front, ${confirmed.done} of ${confirmed.planned}`]
          : phase === 'ended'
            ? []
            : [periodsOf(settings).named(generation), phase]),
        ...(scoring === undefined ? [] : [inWords(scoring)]),
      ].join(', ');
    },
  };
}
