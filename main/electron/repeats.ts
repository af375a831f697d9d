/**
 * Scoring or measuring a stored candidate once more: one at a time, and never beside anything else that
 * computes, because each would distort the other. Nothing is stored: the run says what its search found.
 */
import type { MeasuredAgain, ScoredAgain } from '../../preload/contract.ts';
import { WorkbenchError } from '../errors.ts';
import { conditionsInWords, sameConditions } from '../latency/conditions.ts';
import type { Candidate, EvaluatedCandidate } from '../search/candidate.ts';
import type { RunInfo } from '../search/run-store.ts';
import { agreementOf } from '../workbench/again.ts';
import { dataNotAgreed } from '../workbench/agreements.ts';
import { phoneLatencyOf } from './phone-latency.ts';
import type { PhonesAtWork } from './phones/at-work.ts';
import type { Services } from './services.ts';

export interface RepeatsOptions {
  readonly services: Pick<
    Services,
    'scoreAgain' | 'measureAgain' | 'dataToAgreeTo' | 'agreeToData'
  >;
  /** Asks the person whether a run from elsewhere may read images there; it may not unless stated. */
  readonly askForData?: (run: string, data: string) => Promise<boolean>;
  readonly runs: {
    candidateOf(run: string, id: number): Promise<{ info: RunInfo; candidate: Candidate }>;
  };
  /** Hears of phones that measure. */
  readonly atWork: Pick<PhonesAtWork, 'begin' | 'end'>;
  /** Says what computes now, as an error; null where nothing does. */
  readonly obstacle: () => WorkbenchError | null;
}

export class Repeats {
  readonly #options: RepeatsOptions;
  #abort: AbortController | null = null;
  #working: Promise<unknown> = Promise.resolve();

  constructor(options: RepeatsOptions) {
    this.#options = options;
  }

  get busy(): boolean {
    return this.#abort !== null;
  }

  /** Null where it was cancelled. Throws `candidate-failed`, what computes now, and what scoring throws. */
  score(run: string, id: number): Promise<ScoredAgain | null> {
    return this.#one(run, id, async (info, candidate, signal) => {
      await this.#agreed(run, info);
      const again = await this.#options.services.scoreAgain(info, candidate, signal);
      const { zico, zicoCapped, bias, engine, seconds } = again;
      const { same, differing } = agreementOf(candidate.score, again);
      return {
        ...{ zico, zicoCapped, bias, same, seconds },
        differing: [...differing],
        engine: { ...engine },
      };
    });
  }

  /** Null where it was cancelled. Throws `candidate-failed`, `not-measured`, and what measuring throws. */
  measure(run: string, id: number): Promise<MeasuredAgain | null> {
    return this.#one(run, id, async (info, candidate, signal) => {
      const { services, atWork } = this.#options;
      const session = atWork.begin(null);
      const latency = await services
        .measureAgain(info, candidate, signal, session)
        .finally(() => atWork.end());
      const { latencyMs, p90Ms, minMs, runsMs } = latency;
      const { conditions } = latency;
      const before = candidate.latency?.conditions;
      return {
        ...{ latencyMs, p90Ms, minMs, runsMs: [...runsMs] },
        conditions: conditionsInWords(conditions),
        sameConditions: before !== undefined && sameConditions(conditions, before),
        phone: phoneLatencyOf(latency),
        unsteady: [...(conditions.host?.unsteady ?? [])],
      };
    });
  }

  cancel(): void {
    this.#abort?.abort();
  }

  /** Cancels and waits until the child has ended. */
  async close(): Promise<void> {
    this.cancel();
    await this.#working;
  }

  /** Throws `data-not-agreed`. */
  async #agreed(run: string, info: RunInfo): Promise<void> {
    const { services, askForData } = this.#options;
    const data = services.dataToAgreeTo(info);
    if (data === null) return;
    if (!(await askForData?.(run, data))) throw dataNotAgreed(data);
    services.agreeToData(info);
  }

  async #one<T>(
    run: string,
    id: number,
    work: (info: RunInfo, candidate: EvaluatedCandidate, signal: AbortSignal) => Promise<T>,
  ): Promise<T | null> {
    const obstacle = this.busy ? beingRepeated() : this.#options.obstacle();
    if (obstacle) throw obstacle;
    const abort = (this.#abort = new AbortController());
    const working = (async () => {
      const { info, candidate } = await this.#options.runs.candidateOf(run, id);
      if (candidate.status === 'failed') throw neverScored(id);
      return work(info, candidate, abort.signal);
    })();
    this.#working = working.catch(() => undefined);
    try {
      return await working;
    } catch (error) {
      if (abort.signal.aborted) return null;
      throw error;
    } finally {
      this.#abort = null;
    }
  }
}

/** What everything else that computes says while this does. */
export function beingRepeated(): WorkbenchError {
  return new WorkbenchError(
    'candidate-being-repeated',
    'A candidate is being scored or measured again.',
    'Wait a moment, or cancel that on the candidate’s page.',
  );
}

function neverScored(id: number): WorkbenchError {
  return new WorkbenchError(
    'candidate-failed',
    `Candidate ${id} has no score to compare with: it failed.`,
    'Choose one that was evaluated.',
  );
}

interface Busy {
  readonly busy: boolean;
}

/** Why nothing can be scored or measured now, as an error that says what to do; null where it can. */
export function whatComputes(
  searches: { readonly busy: boolean },
  models: Busy,
  benchmarks: Busy,
): WorkbenchError | null {
  if (searches.busy) {
    return new WorkbenchError(
      'search-running',
      'A search is running, and scoring or measuring beside it would distort its latencies.',
      'Stop the search or wait until it has finished.',
    );
  }
  if (models.busy) {
    return new WorkbenchError(
      'models-being-scored',
      'Models are being scored.',
      'Wait until they have been scored, or cancel that on the page “Score a model”.',
    );
  }
  if (benchmarks.busy) {
    return new WorkbenchError(
      'benchmark-running',
      'A benchmark is running.',
      'Stop it on the page “Benchmarks” or wait until it has finished.',
    );
  }
  return null;
}
