/** Which of the networks that are only expected to be on the front are worth scoring before a run is handed over. */
import { besides } from '../../run/candidate.ts';
import type { Genotype } from '../../space/space.ts';
import type { OfferedNetwork } from './estimates.ts';

/** Less sure ones are not worth it. */
const leastShare = 0.5;

/**
 * Some of those that were not scored, spread over the front from cheap to dear.
 * @param most of all that are scored besides the candidates; those that are on the front already count
 */
export function worthConfirming(front: readonly OfferedNetwork[], most: number): Genotype[] {
  const there = front.filter(({ candidate }) => candidate?.id === besides).length;
  const unsure = front.filter(
    ({ candidate, frontShare }) => candidate === null && frontShare >= leastShare,
  );
  const count = Math.max(0, Math.min(most - there, unsure.length));
  const step = unsure.length / count;
  return Array.from({ length: count }, (_, i) => unsure[Math.floor((i + 0.5) * step)]!.genotype);
}
