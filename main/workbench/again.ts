/** A stored candidate once more: whether its score comes out the same, and how long it takes now. */
import type { CandidateScore } from '../search/candidate.ts';

/** How a second score differs from the stored one. */
export interface Agreement {
  /** ZiCo, capped ZiCo, bias, losses and every layer's figures, bit for bit. */
  readonly same: boolean;
  /** Names of the layers whose figures differ. */
  readonly differing: readonly string[];
}

/** Compares bits, not closeness: a score is a function of what the run stores, so it must come out again. */
export function agreementOf(
  stored: Pick<CandidateScore, 'zico' | 'zicoCapped' | 'bias' | 'losses' | 'layers'>,
  again: Pick<CandidateScore, 'zico' | 'zicoCapped' | 'bias' | 'losses' | 'layers'>,
): Agreement {
  const byName = new Map(stored.layers.map((layer) => [layer.name, layer]));
  const differing = again.layers.flatMap((layer) => {
    const before = byName.get(layer.name);
    const alike =
      before !== undefined &&
      Object.is(before.sum, layer.sum) &&
      Object.is(before.sumCapped, layer.sumCapped) &&
      sameNumbers(before.gradientNorms, layer.gradientNorms);
    return alike ? [] : [layer.name];
  });
  const same =
    differing.length === 0 &&
    stored.layers.length === again.layers.length &&
    Object.is(stored.zico, again.zico) &&
    Object.is(stored.zicoCapped, again.zicoCapped) &&
    Object.is(stored.bias, again.bias) &&
    sameNumbers(stored.losses, again.losses);
  return { same, differing };
}

function sameNumbers(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, i) => Object.is(value, other[i]));
}
