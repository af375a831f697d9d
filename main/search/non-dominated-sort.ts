/** Sorts a population into fronts. */
import { constrainedDominates, type Individual } from '../common/dominance.ts';

/**
 * Fast non-dominated sort (Deb et al. 2002, section III-A), O(M N^2). Front 0 is not dominated at all, front k
 * only by earlier fronts. Fronts contain indices into `individuals`, in ascending order.
 */
export function nonDominatedSort(individuals: readonly Individual[]): number[][] {
  const size = individuals.length;
  const dominatedBy: number[][] = individuals.map(() => []);
  const dominators = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      if (constrainedDominates(individuals[i]!, individuals[j]!)) {
        dominatedBy[i]!.push(j);
        dominators[j]!++;
      } else if (constrainedDominates(individuals[j]!, individuals[i]!)) {
        dominatedBy[j]!.push(i);
        dominators[i]!++;
      }
    }
  }
  const fronts: number[][] = [];
  let front = individuals.map((_, i) => i).filter((i) => dominators[i] === 0);
  while (front.length > 0) {
    fronts.push(front);
    const next: number[] = [];
    for (const i of front) {
      for (const j of dominatedBy[i]!) {
        if (--dominators[j]! === 0) next.push(j);
      }
    }
    // The order of discovery depends on the previous front; ascending order makes ties reproducible.
    front = next.sort((a, b) => a - b);
  }
  return fronts;
}
