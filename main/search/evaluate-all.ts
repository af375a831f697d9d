/** Workers that take proposals in order and evaluate those that the run file does not have yet. */
import type { Candidate, Proposal } from '../run/candidate.ts';
import { evaluate } from './evaluation.ts';
import type { Pause } from './pause.ts';
import type { SearchEnd, SearchRequest } from './search-request.ts';
import { takeTurns } from './turns.ts';

export interface EvaluationWork {
  readonly request: SearchRequest;
  readonly pause: Pause;
  readonly signal: AbortSignal;
  /** The next proposal; null once there are no more. */
  readonly next: () => Proposal | null | Promise<Proposal | null>;
  /** The stored candidate that replaces an evaluation, or null. */
  readonly replay: (proposal: Proposal) => Candidate | null;
  readonly begun: (phase: 'scoring' | 'measuring', proposal: Proposal) => void;
  /** Called once for every candidate. @param isNew false where it was read from the run file */
  readonly completed: (candidate: Candidate, isNew: boolean) => void;
  /** Why nothing more may be started, or null. */
  readonly interruption: () => SearchEnd | null;
  /** Ends the search with an error. */
  readonly fail: (error: unknown) => void;
}

/** Never rejects. @returns why not everything was started, or null */
export async function evaluateAll(work: EvaluationWork): Promise<SearchEnd | null> {
  const { request, pause, signal, next, fail } = work;
  const { latency, concurrency = 1 } = request;
  const { exclusive = false, queued = false } = latency ?? {};
  const turns = takeTurns(concurrency, exclusive, queued);
  let interruption: SearchEnd | null = null;
  const waiting: Promise<void>[] = [];
  const finish = async (proposal: Proposal, onScored: () => void): Promise<boolean> => {
    const begin = async (phase: 'scoring' | 'measuring'): Promise<void> => {
      await pause.over(signal);
      signal.throwIfAborted();
      work.begun(phase, proposal);
      if (phase === 'measuring') onScored();
    };
    const candidate = await evaluate(proposal, request, turns, signal, begin);
    if (candidate === null) return false;
    work.completed(candidate, true);
    return true;
  };
  const worker = async (): Promise<void> => {
    for (let proposal = await next(); proposal !== null; proposal = await next()) {
      const stored = work.replay(proposal);
      if (stored !== null) {
        work.completed(stored, false);
        continue;
      }
      interruption ??= work.interruption();
      if (interruption !== null) return;
      const taken = proposal;
      if (queued) {
        // The next one is scored as soon as this one is waiting to be measured.
        await new Promise<void>((resolve) => {
          const finished = finish(taken, resolve)
            .catch(fail)
            .then(() => resolve());
          waiting.push(finished);
        });
      } else if (!(await finish(taken, () => undefined))) return;
    }
  };
  // Workers take proposals in order, and none of them rejects: the first error halts the others, and all are
  // awaited.
  const workers = latency === null ? concurrency : turns.inFlight;
  await Promise.all(Array.from({ length: workers }, () => worker().catch(fail)));
  await Promise.all(waiting);
  return interruption;
}
