/** A beta by the rule of ZiCo-BC's authors: raise it until most networks of the front leave maximum depth. */
import type { ExtentRange, Shape } from './shape.ts';

export interface BetaSuggestion {
  /** Null where the rule does not apply, or no beta that was tried is enough. */
  readonly beta: number | null;
  readonly reason:
    | 'no-front'
    | 'depth-unknown'
    | 'depth-fixed'
    | 'not-needed'
    | 'most-left-maximum-depth'
    | 'none-is-enough';
  /** A sentence with the figures behind it. */
  readonly evidence: string;
}

const percent = (share: number | null) => `${Math.round((share ?? 0) * 100)} %`;

/** @param curve fronts of one run for rising beta, from 0 */
export function suggestBeta(
  depth: ExtentRange | null,
  curve: readonly ({ readonly beta: number } & Shape)[],
): BetaSuggestion {
  const [plain] = curve;
  if (!plain || plain.networks === 0) {
    return {
      beta: null,
      reason: 'no-front',
      evidence: 'No network of the run has been scored yet.',
    };
  }
  if (depth === null) {
    const evidence =
      'The space does not say how deep its networks are, so the rule does not apply.';
    return { beta: null, reason: 'depth-unknown', evidence };
  }
  if (depth.fixed) {
    const evidence = `Every network of the space has ${depth.most} ${depth.unit}, so none can be at maximum depth more than another and the rule does not apply.`;
    return { beta: null, reason: 'depth-fixed', evidence };
  }
  const shareAt = ({ atMaximumDepth }: Shape) => atMaximumDepth ?? 0;
  if (shareAt(plain) < 0.5) {
    const evidence = `With plain ZiCo ${percent(plain.atMaximumDepth)} of the front's ${plain.networks} networks are at maximum depth, fewer than half: the rule asks for no correction.`;
    return { beta: 0, reason: 'not-needed', evidence };
  }
  const enough = curve.find((point) => shareAt(point) < 0.5);
  const before = `With plain ZiCo ${percent(plain.atMaximumDepth)} of the front's ${plain.networks} networks are at maximum depth`;
  if (!enough) {
    const last = curve[curve.length - 1];
    const evidence = `${before}, with beta ${last.beta} still ${percent(last.atMaximumDepth)} of ${last.networks}: no beta up to there is enough. Search again with a higher beta: ranking again can only choose among the networks that this search proposed.`;
    return { beta: null, reason: 'none-is-enough', evidence };
  }
  const evidence = `${before}; beta ${enough.beta} is the first at which most leave it: ${percent(enough.atMaximumDepth)} of ${enough.networks}. Mean width goes from ${percent(plain.width)} to ${percent(enough.width)} of the range.`;
  return { beta: enough.beta, reason: 'most-left-maximum-depth', evidence };
}
