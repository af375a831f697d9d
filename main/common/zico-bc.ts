/**
 * ZiCo-BC (Bhardwaj et al., ICCV 2023 workshops, arXiv 2309.14666): ZiCo with a part of its bias towards deep and
 * wide networks taken away. ZiCo and bias are kept apart everywhere, so that another beta re-ranks without scoring.
 */

/** A score by its parts, summed over the layers of a network (proxy/zico.ts). */
export interface PlainScore {
  readonly zico: number;
  /** ZiCo with every term capped. */
  readonly zicoCapped: number;
  readonly bias: number;
}

/** What is taken away from ZiCo: beta * bias. */
export function biasCorrection(bias: number, beta: number): number {
  return beta * bias;
}

/** ZiCo-BC = ZiCo - beta * bias; beta = 0 gives ZiCo back. */
export function biasCorrected(zico: number, bias: number, beta: number): number {
  return zico - biasCorrection(bias, beta);
}

/** What candidates are ranked by: ZiCo-BC, of capped terms where `capped` says so. */
export function rankingScore(score: PlainScore, beta: number, capped: boolean): number {
  return biasCorrected(capped ? score.zicoCapped : score.zico, score.bias, beta);
}
