/**
 * Scores or measures a stored candidate again: one at a time, and never while anything else computes, because
 * each would distort the other. Nothing of that is stored: the run says what its search found. A network that the
 * search did not try is scored in the same way, and is stored beside the candidates; and a candidate of a run that
 * ranks by other scores can be given its ZiCo, which is stored with it.
 */
import type {
  GivenZico,
  MeasuredAgain,
  MeasuredNetwork,
  ScoredAgain,
  ScoredNetwork,
} from '../../preload/contract.ts';
import { WorkbenchError } from '../errors.ts';
import { sameConditions } from '../latency/conditions.ts';
import type { Candidate, CandidateId, EvaluatedCandidate } from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import { agreementOf } from '../workbench/again.ts';
import { dataNotAgreed } from '../workbench/agreements.ts';
import { CancellableWork } from './cancellable-work.ts';
import type { ComputeTurn } from './compute-turn.ts';
import { measuredLatencyOf } from './measured-latency.ts';
import type { PhonesAtWork } from './phones/at-work.ts';
import { throughRename, type FollowedRun, type RunFiles } from './run-files.ts';
import type { Services } from './services.ts';
import { zicoOf } from './views.ts';

export interface RepeatsOptions {
  readonly services: Pick<
    Services,
    | 'scoreAgain'
    | 'scoreNetwork'
    | 'giveZico'
    | 'measureAgain'
    | 'measureNetwork'
    | 'dataToAgreeTo'
    | 'agreeToData'
  >;
  /** Asks the person whether a run from elsewhere may read images there; by default it may not. */
  readonly askForData?: (name: string, data: string) => Promise<boolean>;
  readonly runs: {
    candidateOf(run: string, id: number): Promise<{ info: RunInfo; candidate: Candidate }>;
    infoOf(run: string): Promise<RunInfo>;
    readonly files: Pick<RunFiles, 'follow' | 'nameOf'>;
  };
  /** Is told about phones that measure. */
  readonly atWork: Pick<PhonesAtWork, 'begin' | 'end'>;
  readonly turn: ComputeTurn;
}

export class CandidateRepeats {
  readonly #options: RepeatsOptions;
  readonly #work: CancellableWork;

  constructor(options: RepeatsOptions) {
    this.#options = options;
    this.#work = new CancellableWork(options.turn);
  }

  get busy(): boolean {
    return this.#work.busy;
  }

  /** Null where it was cancelled. Throws `candidate-failed`, what computes now, and what scoring throws. */
  score(run: string, id: number): Promise<ScoredAgain | null> {
    return this.#one(run, id, async ({ info, candidate }, signal, followed) => {
      await this.#agreed(followed, info);
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
    return this.#one(run, id, async ({ info, candidate }, signal) => {
      const { services, atWork } = this.#options;
      const session = atWork.begin(null);
      const latency = await services
        .measureAgain(info, candidate, signal, session)
        .finally(() => atWork.end());
      const before = candidate.latency?.conditions;
      return {
        ...measuredLatencyOf(latency),
        sameConditions: before !== undefined && sameConditions(latency.conditions, before),
      };
    });
  }

  /**
   * A network that the search did not try is scored as it would have been, and stored beside the candidates.
   * Null where it was cancelled. Throws what `Workbench.scoreNetwork` throws.
   */
  scoreNetwork(run: string, genotype: string): Promise<ScoredNetwork | null> {
    return this.#during(run, async (followed, signal) => {
      const { score } = await this.#scored(followed, genotype, signal);
      const { zico, zicoCapped, bias, seconds } = score;
      return { zico, zicoCapped, bias, seconds };
    });
  }

  /**
   * The same, and then its latency, from the run's source or on this computer where the run counts MACs. Null where
   * it was cancelled. Throws what scoring and measuring throw.
   */
  measureNetwork(run: string, genotype: string): Promise<MeasuredNetwork | null> {
    const { services, atWork } = this.#options;
    return this.#during(run, async (followed, signal) => {
      const network = await this.#scored(followed, genotype, signal);
      const session = atWork.begin(null);
      const latency = await services
        .measureNetwork(followed, network, signal, session)
        .finally(() => atWork.end());
      return measuredLatencyOf(latency);
    });
  }

  /**
   * Gives a candidate of a run that ranks by other scores its ZiCo, and stores it; one that has it is answered at
   * once. Null where it was cancelled. Throws what `Workbench.giveZico` throws.
   */
  async giveZico(run: string, id: number): Promise<GivenZico | null> {
    const { runs, services } = this.#options;
    return this.#during(run, async (followed, signal) => {
      const info = await throughRename(followed, (of) => runs.infoOf(of));
      await this.#agreed(followed, info);
      const { candidate } = await services.giveZico(followed, id as CandidateId, signal);
      return zicoOf(candidate.score);
    });
  }

  cancel(): void {
    this.#work.cancel();
  }

  /** Cancels and waits until the child has ended. */
  async close(): Promise<void> {
    await this.#work.close();
  }

  /** Throws `data-not-agreed`. */
  async #agreed(followed: FollowedRun, info: RunInfo): Promise<void> {
    const { services, askForData, runs } = this.#options;
    const data = services.dataToAgreeTo(info);
    if (data === null) return;
    const name = runs.files.nameOf(followed.path);
    if (!(await askForData?.(name, data))) throw dataNotAgreed(data);
    services.agreeToData(info);
  }

  async #scored(followed: FollowedRun, genotype: string, signal: AbortSignal) {
    const { runs, services } = this.#options;
    const info = await throughRename(followed, (of) => runs.infoOf(of));
    await this.#agreed(followed, info);
    return await services.scoreNetwork(followed, genotype, signal);
  }

  /** One at a time, on a run that may be renamed meanwhile. */
  #during<T>(
    run: string,
    work: (followed: FollowedRun, signal: AbortSignal) => Promise<T>,
  ): Promise<T | null> {
    const { files } = this.#options.runs;
    return this.#work.run('repeat', (signal) =>
      files.follow(run, (followed) => work(followed, signal)),
    );
  }

  #one<T>(
    run: string,
    id: number,
    work: (
      stored: { readonly info: RunInfo; readonly candidate: EvaluatedCandidate },
      signal: AbortSignal,
      followed: FollowedRun,
    ) => Promise<T>,
  ): Promise<T | null> {
    const { runs } = this.#options;
    return this.#during(run, async (followed, signal) => {
      const { info, candidate } = await throughRename(followed, (of) => runs.candidateOf(of, id));
      if (candidate.status === 'failed') throw neverScored(id);
      return work({ info, candidate }, signal, followed);
    });
  }
}

function neverScored(id: number): WorkbenchError {
  return new WorkbenchError(
    'candidate-failed',
    `Candidate ${id} has no score to compare with: it failed.`,
    'Choose one that was evaluated.',
  );
}
