/** A search at work: its processes, its run file, and what can be done to it from outside. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LatencySource } from '../latency/latency.ts';
import type { Evaluators } from '../search/evaluation.ts';
import { Pause } from '../search/pause.ts';
import type { RunFile, RunInfo } from '../run/run-store.ts';
import { isSpaceInCode } from '../common/space-in-code.ts';
import { plannedCandidates } from '../common/planned-candidates.ts';
import { runSearch, type FrontConfirmed, type SearchEvent } from '../search/search.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { initialNetwork } from '../space/initial-network.ts';
import type { Genotype } from '../space/space.ts';
import type { BatchSet } from '../task/batches.ts';
import { keptNetwork } from './code-spaces.ts';
import { confirmFront } from './confirm-front.ts';
import type { SessionOptions } from './options.ts';
import { GuideChild, type GuideProcess } from './guides.ts';
import type { Scorers } from './scorers.ts';
import { scoreHere, type ScoringParts, type ScoringSession } from './scoring-session.ts';
import { countsOf, sizeOf } from './size-of.ts';
import type { ChosenEngine } from './start-scoring.ts';

/** Listens to a running search, possibly before its start has returned. */
export type SearchListener = (event: SearchEvent) => void;

export interface RunningSearch {
  /** As stored when this session began. */
  readonly info: RunInfo;
  /** The open run file, to read from: while a search holds its lock nobody else can. Until `finished`. */
  readonly reader: Pick<
    RunFile,
    | 'info'
    | 'counts'
    | 'candidates'
    | 'candidate'
    | 'rows'
    | 'points'
    | 'extras'
    | 'network'
    | 'marks'
    | 'trained'
    | 'tags'
    | 'withoutDigest'
  >;
  /** The same file, for making notes. */
  readonly notes: Pick<RunFile, 'setMark' | 'setTags' | 'setTrained' | 'removeTrained'>;
  /** How many candidates the budget allows; null where only time limits the search. */
  readonly planned: number | null;
  /** What has begun is finished, and nothing new begins until `goOn`. Either may be called twice. */
  pause(): void;
  goOn(): void;
  /** Ends the search soon; `finished` follows. May be called twice. */
  stop(): void;
  /** Resolves once the run file is closed. Rejects with the WorkbenchError that ended the search. */
  readonly finished: Promise<'stopped' | 'finished'>;
}

/** What a search works with. The run file and the source of latencies are closed when it ends. */
export interface SearchParts {
  readonly space: DescribedSpace;
  readonly store: RunFile;
  readonly batches: BatchSet;
  readonly chosen: ChosenEngine;
  readonly source: LatencySource | null;
  readonly scorers: Scorers;
  /** Where a guided search computes; null: in this process. */
  readonly guide: GuideProcess | null;
  /** Starts what scores; this computer by default. */
  readonly startScoring?: (parts: ScoringParts, signal: AbortSignal) => Promise<ScoringSession>;
  readonly session: SessionOptions;
  readonly onEvent: SearchListener;
}

/** Starts; from here on, `finished` reports errors. */
export function beginSearch(parts: SearchParts): RunningSearch {
  const { store, space } = parts;
  const info = store.info();
  const stop = new AbortController();
  const pause = new Pause();
  const finished = search(parts, pause, stop.signal);
  // The caller gets the search's error through `finished`; until then it must not count as an unhandled rejection.
  finished.catch(() => undefined);
  return {
    info,
    reader: store,
    notes: store,
    planned: plannedCandidates(info.settings, space.networks),
    pause: () => pause.begin(),
    goOn: () => pause.end(),
    stop: () => stop.abort(),
    finished,
  };
}

/** How often to check that the run file is still in its place: a candidate may take minutes. */
const lookEveryMs = 2000;

/** Aborts, with what has become of it, once the run file is no longer where it was. */
function watchPlace(store: RunFile): { readonly lost: AbortSignal; end(): void } {
  const lost = new AbortController();
  const timer = setInterval(() => {
    try {
      store.assertInPlace?.();
    } catch (error) {
      clearInterval(timer);
      lost.abort(error);
    }
  }, lookEveryMs);
  return { lost: lost.signal, end: () => clearInterval(timer) };
}

async function search(
  parts: SearchParts,
  pause: Pause,
  signal: AbortSignal,
): Promise<'stopped' | 'finished'> {
  const { space, store, source, guide, onEvent, startScoring = scoreHere } = parts;
  const { settings } = store.info();
  const deployed = (genotype: Genotype) =>
    initialNetwork(space, genotype, settings.weights, settings.seed, 'deployment');
  const latency: Evaluators['latency'] = source && {
    exclusive: source.exclusive,
    queued: source.queued ?? false,
    measure: (genotype, halt) => source.measure(deployed(genotype), halt, genotype),
  };
  let scoring: ScoringSession | null = null;
  let finished = false;
  let guidance: GuideChild | null = null;
  const place = watchPlace(store);
  const halted = AbortSignal.any([signal, place.lost]);
  try {
    await nextTurn(); // the caller learns that it runs before its processes start
    const planned = plannedCandidates(settings, space.networks);
    // A space in code has its code in this process.
    if (guide !== null && settings.search === 'guided' && !isSpaceInCode(space.description)) {
      guidance = new GuideChild(guide, { space: space.description, settings }, halted);
    }
    const scorer = (scoring = await startScoring({ ...parts, planned }, halted));
    store.setScoring(scorer.plan);
    let last = null as SearchEvent | null;
    const { status } = await runSearch({
      ...{ space, settings, store, signal: halted, pause },
      onEvent: (event) => onEvent((last = event)),
      ...inFlightOf(scorer, source),
      scoring: { ...scorer.plan, note: noteOf(scorer.plan.note, parts.chosen.warning ?? null) },
      summarise: (genotype) => sizeOf(space.decode(genotype), settings, source),
      count: (genotype) => countsOf(space, genotype),
      ...(guidance !== null && { guidance }),
      // What a person had scored besides is not scored again.
      score: async (genotype, halt) =>
        store.extra(genotype)?.score ?? {
          ...(await scorer.score(genotype, halt)),
          resolutions: space.resolutions(genotype),
          ...keptNetwork(space, genotype),
        },
      latency,
    });
    if (status === 'stopped') return 'stopped';
    if (settings.search === 'guided') {
      const onConfirmed = last === null ? undefined : confirming(last, pause, onEvent);
      const work = { scorer, latency, pause, signal: halted, onConfirmed };
      await confirmFront({ space, store, guidance }, work);
    }
    finished = true;
    return 'finished';
  } catch (error) {
    // Whatever error it was given up with, this is the reason.
    throw place.lost.aborted ? place.lost.reason : error;
  } finally {
    place.end();
    // Phones report until the source is closed, and listeners read the run, so its file is closed last, as
    // `reader` promises.
    try {
      await Promise.all([scoring?.close(finished), source?.close(), guidance?.close()]);
    } finally {
      store.close();
    }
  }
}

/** Tells of what follows a search: events as its last one, in which time goes on. */
function confirming(
  last: SearchEvent,
  pause: Pause,
  onEvent: SearchListener,
): (confirmed: FrontConfirmed) => void {
  const nowMs = () => performance.now() - pause.ms;
  const endedMs = nowMs();
  return (confirmed) => {
    const elapsedSeconds = last.elapsedSeconds + (nowMs() - endedMs) / 1000;
    onEvent({ ...last, phase: 'confirming', elapsedSeconds, confirmed });
  };
}

/**
 * How many networks are given to what scores at once. Where nothing is measured, one more waits for each process, so
 * that none is idle while its score is stored and the next network described.
 */
function inFlightOf(
  { concurrency, processes }: ScoringSession,
  source: LatencySource | null,
): { readonly concurrency: number; readonly processes?: number } {
  if (source !== null || processes === undefined) return { concurrency };
  return { concurrency: 2 * processes, processes };
}

/** What there is to say about a session's scoring: the run's own note, and what concerns only this session. */
function noteOf(stored: string | null, warning: string | null): string | null {
  const said = [stored, warning].filter((one) => one !== null);
  return said.length === 0 ? null : said.join(' ');
}
