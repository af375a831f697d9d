/** Which of the networks that are only expected to be on the front are worth scoring before a run is handed over. */
import type { Genotype } from '../../space/space.ts';
import type { OfferedNetwork } from './estimates.ts';

/** Less sure ones are not worth it. */
const leastShare = 0.5;

/** At most so many of those that were not scored, spread over the front from cheap to dear. */
export function worthConfirming(front: readonly OfferedNetwork[], most: number): Genotype[] {
  const unsure = front.filter(
    ({ candidate, frontShare }) => candidate === null && frontShare >= leastShare,
  );
  const step = Math.max(1, unsure.length / most);
  const count = Math.min(most, unsure.length);
  return Array.from({ length: count }, (_, i) => unsure[Math.floor((i + 0.5) * step)]!.genotype);
}
