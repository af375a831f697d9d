/**
 * Evaluates one proposed network: it is scored and measured, or it failed for a reason; there is never an
 * exception.
 */
import { reportOf, WorkbenchError } from '../errors.ts';
import { LatencySourceLost, type Latency } from '../latency/latency.ts';
import type { Genotype } from '../space/space.ts';
import type { Candidate, CandidateScore, Proposal } from '../run/candidate.ts';
import type { Turns } from './turns.ts';

/** Where scores and latencies come from. Both should give up soon after their signal aborts. */
export interface Evaluators {
  readonly score: (genotype: Genotype, signal: AbortSignal) => Promise<CandidateScore>;
  /** Null where the objective is MACs. */
  readonly latency: {
    /** True where a measurement must not run beside scoring. */
    readonly exclusive: boolean;
    /** True where any number of candidates may wait in the source's own queue. */
    readonly queued?: boolean;
    measure(genotype: Genotype, signal: AbortSignal): Promise<Latency>;
  } | null;
}

/**
 * Scores a proposal, then measures it. Any error makes it a failed candidate, except that of an abort: what was
 * given up has not failed and is evaluated again by a later session. Nor is it any candidate's fault when a
 * source of latencies is lost: that error is thrown.
 * @param begin awaited when it is time to score or to measure; throws where the signal aborted
 * @returns null where the signal aborted before the candidate was complete
 */
export async function evaluate(
  proposal: Proposal,
  evaluators: Evaluators,
  turns: Turns,
  signal: AbortSignal,
  begin: (phase: 'scoring' | 'measuring') => Promise<void>,
): Promise<Candidate | null> {
  const { genotype } = proposal;
  const { latency: source } = evaluators;
  try {
    const score = await turns.score(async () => {
      await begin('scoring');
      const scored = await evaluators.score(genotype, signal);
      assertFinite(scored);
      return scored;
    });
    const latency =
      source === null
        ? null
        : await turns.measure(async () => {
            await begin('measuring');
            const measured = await source.measure(genotype, signal);
            assertMeasured(measured);
            return measured;
          });
    return { ...proposal, status: 'evaluated', score, latency };
  } catch (error) {
    if (signal.aborted) return null;
    if (error instanceof LatencySourceLost) throw error;
    return { ...proposal, status: 'failed', failure: reportOf(error) };
  }
}

/** Far more than any network has; run files do not accept more, and charts could not show it. */
const largestScore = 1e9;

/** A NaN would not be dominated by anything and would stay on the front for ever. */
function assertFinite(score: CandidateScore): void {
  const numbers = { zico: score.zico, 'capped zico': score.zicoCapped, bias: score.bias };
  for (const [name, value] of Object.entries(numbers)) {
    if (value !== null && !(Math.abs(value) <= largestScore))
      throw notFinite(`${name} is ${value}`);
  }
  const loss = score.losses.find((value) => !Number.isFinite(value));
  if (loss !== undefined) throw notFinite(`a batch has the loss ${loss}`);
}

function notFinite(what: string): WorkbenchError {
  return new WorkbenchError(
    'score-not-finite',
    `The score is not a finite number: ${what}.`,
    'The network cannot be compared and was left out; the search went on. Other initial weights or a larger batch may help.',
  );
}

/** Eleven days: run files do not accept more. */
const longestMs = 1e9;

function assertMeasured(latency: Latency): void {
  if (latency.latencyMs >= 0 && latency.latencyMs <= longestMs) return;
  throw new WorkbenchError(
    'latency-not-finite',
    `The measured latency is ${latency.latencyMs} ms, which is not a duration.`,
    'The network was left out; the search went on. Check the device that measures.',
  );
}
