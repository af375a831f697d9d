/** The model of a guided search in a child of its own. */
import type { ChildProcesses } from '../child/process.ts';
import { SupervisedChild } from '../child/supervised-child.ts';
import type { Candidate, EvaluatedCandidate } from '../run/candidate.ts';
import type { Guidance, GuidedProposal, OnFront } from '../search/guided/guidance.ts';
import type { ProposalResult } from '../search/guided/beliefs.ts';
import type { WhatIsKnown } from '../search/guided/knowledge.ts';
import type { Genotype } from '../space/space.ts';
import type {
  About,
  GuideAnswer,
  ConfirmRequest,
  JudgeAbout,
  JudgeSearchRequest,
  JudgeTable,
  KnownRequest,
  SoFar,
  StartRequest,
} from './guide-protocol.ts';
import { childLimits } from './options.ts';
import type { Judging } from './search-judging.ts';

export interface GuideProcess {
  readonly processes: ChildProcesses;
  /** Script of the child. */
  readonly entry: string;
}

/** Estimates over a million networks take minutes where a computer is slow and busy. */
const limits = { timeoutMs: 3_600_000, memoryBytes: childLimits.memoryBytes };

const none = { proposed: 0, results: 0 };

/** The most proposals in one message: this process is blocked while a message is copied. */
const inOneMessage = 1_000;

export class GuideChild implements Guidance {
  readonly #child: SupervisedChild;
  readonly #signal: AbortSignal;
  readonly #ready: Promise<void>;
  /** What the child has been told. */
  #told = none;

  /** Starts at once. @param signal ends what it computes, by ending the child */
  constructor({ processes, entry }: GuideProcess, about: About, signal: AbortSignal) {
    this.#child = new SupervisedChild({ processes, entry, name: 'guide', limits });
    this.#signal = signal;
    this.#ready = this.#child.configure('about', about);
    this.#ready.catch(() => undefined); // whoever asks first hears of it
  }

  async start(count: number): Promise<readonly Genotype[]> {
    return await this.#ask('start', { count } satisfies StartRequest);
  }

  async propose(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Promise<GuidedProposal> {
    return await this.#askAbout('propose', proposed, results);
  }

  async front(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Promise<readonly OnFront[]> {
    return await this.#askAbout('front', proposed, results);
  }

  /** Networks of the expected front that are worth scoring, as `worthConfirming` has it. */
  async worthConfirming(candidates: readonly Candidate[], most: number): Promise<Genotype[]> {
    const asked = { candidates: candidates.map(forModels), most } satisfies ConfirmRequest;
    return await this.#ask('confirm', asked);
  }

  async close(): Promise<void> {
    await this.#child.close();
  }

  async #ask<T>(method: string, payload: unknown): Promise<T> {
    await this.#ready;
    return await this.#child.request<T>(method, payload, this.#signal);
  }

  async #askAbout<T>(
    method: 'propose' | 'front',
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Promise<T> {
    for (;;) {
      const before = this.#told;
      const soFar: SoFar = {
        before,
        proposed: proposed.slice(before.proposed, before.proposed + inOneMessage),
        results: results.slice(before.results, before.results + inOneMessage),
      };
      const told = {
        proposed: before.proposed + soFar.proposed.length,
        results: before.results + soFar.results.length,
      };
      const all = told.proposed === proposed.length && told.results === results.length;
      const answer = await this.#ask<GuideAnswer<T>>(all ? method : 'hear', soFar);
      // A child that was restarted knows nothing: it is told from the beginning.
      this.#told = answer === null ? none : told;
      if (answer !== null && all) return answer.value;
    }
  }
}

/** What a run knows of its networks, computed in a child that ends after it. */
export async function knownInChild(
  { processes, entry }: GuideProcess,
  { candidates, extras, ...asked }: KnownRequest,
): Promise<WhatIsKnown | null> {
  const child = new SupervisedChild({ processes, entry, name: 'guide', limits });
  try {
    const light = { candidates: candidates.map(forModels), extras: extras.map(scoredForModels) };
    const request = { ...asked, ...light };
    return await child.request<WhatIsKnown | null>('known', request satisfies KnownRequest);
  } finally {
    await child.close();
  }
}

/** Without what models do not look at: layers are large. */
const forModels = (candidate: Candidate): Candidate =>
  candidate.status === 'failed' ? candidate : scoredForModels(candidate);

function scoredForModels(candidate: EvaluatedCandidate): EvaluatedCandidate {
  const { score, latency } = candidate;
  return {
    ...candidate,
    score: { ...score, layers: [] },
    latency: latency && { ...latency, runsMs: [] },
  };
}

/**
 * Judges fronts in a child, by the accuracies in a file. Throws what reading it throws, and `table-incomplete`.
 * @param signal ends what it computes, by ending the child
 */
export async function judgingInChild(
  { processes, entry }: GuideProcess,
  about: JudgeAbout,
  signal: AbortSignal,
): Promise<Judging> {
  const child = new SupervisedChild({ processes, entry, name: 'judge', limits });
  try {
    await child.configure('judgeAbout', about);
    const { columns, budgets } = await child.request<JudgeTable>('judgeTable', null, signal);
    return {
      ...{ columns, budgets },
      after(settings, candidates) {
        const asked = {
          settings,
          candidates: candidates.map(forModels),
        } satisfies JudgeSearchRequest;
        return child.request('judge', asked, signal);
      },
      baselines: () => child.request('baselines', null, signal),
      close: () => child.close(),
    };
  } catch (error) {
    await child.close();
    throw error;
  }
}
