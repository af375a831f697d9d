/** A beta by the rule of ZiCo-BC's authors: raise it until most networks of the front leave maximum depth. */
import { adviseBeta, type CurvePoint } from '../common/network-shape.ts';
import type { ExtentRange } from '../common/space-facts.ts';

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
  curve: readonly CurvePoint[],
): BetaSuggestion {
  if ((curve[0]?.networks ?? 0) === 0) {
    const evidence = 'No network of the run has been scored yet.';
    return { beta: null, reason: 'no-front', evidence };
  }
  if (depth?.fixed) {
    const evidence = `Every network of the space has ${depth.most} ${depth.unit}, so none can be at maximum depth more than another and the rule does not apply.`;
    return { beta: null, reason: 'depth-fixed', evidence };
  }
  const advice = adviseBeta(curve);
  const before = ({ atMaximumDepth, networks }: CurvePoint) =>
    `With plain ZiCo ${percent(atMaximumDepth)} of the front's ${networks} networks are at maximum depth`;
  switch (advice.kind) {
    case 'no-rule': {
      const evidence =
        'The space does not say how deep its networks are, so the rule does not apply.';
      return { beta: null, reason: 'depth-unknown', evidence };
    }
    case 'not-needed': {
      const evidence = `${before(advice.plain)}, fewer than half: the rule asks for no correction.`;
      return { beta: 0, reason: 'not-needed', evidence };
    }
    case 'none-is-enough': {
      const { plain, last } = advice;
      const evidence = `${before(plain)}, with beta ${last.beta} still ${percent(last.atMaximumDepth)} of ${last.networks}: no beta up to there is enough. Search again with a higher beta: ranking again can only choose among the networks that this search proposed.`;
      return { beta: null, reason: 'none-is-enough', evidence };
    }
    case 'enough': {
      const { plain, there } = advice;
      const evidence = `${before(plain)}; beta ${there.beta} is the first at which most leave it: ${percent(there.atMaximumDepth)} of ${there.networks}. Mean width goes from ${percent(plain.width)} to ${percent(there.width)} of the range.`;
      return { beta: there.beta, reason: 'most-left-maximum-depth', evidence };
    }
  }
}
