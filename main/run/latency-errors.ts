/** What the errors of latencies leave open about a front. */
import { indistinct, withinErrors, type BoundedCost } from '../common/latency-bounds.ts';
import { boundsOf } from '../latency/bounds.ts';
import type { CandidateId, EvaluatedCandidate } from './candidate.ts';

type Measured = Pick<EvaluatedCandidate, 'id' | 'latency'>;

/** Pairs of neighbours whose latencies differ by less than their errors. @param front from cheapest to dearest */
export function indistinctOnFront(front: readonly Measured[]): number {
  return indistinct(front.flatMap(boundedCost));
}

/** Ids of the front's members whose latencies differ from a candidate's by less than their errors. */
export function indistinctFrom(candidate: Measured, front: readonly Measured[]): CandidateId[] {
  const [own] = boundedCost(candidate);
  if (own === undefined) return [];
  return front
    .filter(({ id }) => id !== candidate.id)
    .filter((other) => boundedCost(other).some((cost) => withinErrors(own, cost)))
    .map(({ id }) => id);
}

/** Null where every neighbour can be told from the next. @param length of the front */
export function indistinctInWords(pairs: number, length: number): string | null {
  if (pairs === 0) return null;
  return `${pairs} of ${length - 1} neighbours on the front have latencies that differ by less than their errors: which of the two is faster is not known.`;
}

/** Of one network; null where there is none such. */
export function indistinctFromInWords(ids: readonly CandidateId[]): string | null {
  if (ids.length === 0) return null;
  const named = ids.length === 1 ? `candidate ${ids[0]}` : `candidates ${ids.join(', ')}`;
  return `Its latency differs by less than the errors from that of ${named} on the front: which is faster is not known.`;
}

function boundedCost({ latency }: Measured): BoundedCost[] {
  if (latency === null) return [];
  const bounds = boundsOf(latency);
  return [{ cost: latency.latencyMs, low: bounds?.lowMs ?? null, high: bounds?.highMs ?? null }];
}
