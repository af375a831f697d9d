/** What is expected of the scores of a run's candidates, by a model of them: for one beta. */
import type { RunModel } from '../../../preload/contract.ts';

/** What candidates are ranked by: the score of each, or the estimate of a model of all scores. */
export const rankedBy = ['scores', 'estimates'] as const;
export type RankedBy = (typeof rankedBy)[number];

export class EstimatedScores {
  readonly beta: number;
  readonly #ofId: ReadonlyMap<number, number>;
  readonly #deviations: readonly number[];
  readonly #scores: readonly number[];
  readonly #shares: ReadonlyMap<number, number>;

  constructor(beta: number, { estimates: { ids, scores, deviations }, front }: RunModel) {
    this.beta = beta;
    this.#ofId = new Map(ids.map((id, place) => [id, place]));
    this.#scores = scores;
    this.#deviations = deviations;
    this.#shares = new Map(
      front.flatMap(({ id, frontShare }) => (id === null ? [] : [[id, frontShare] as const])),
    );
  }

  /** NaN for a candidate that failed, or came after the model. */
  score(id: number): number {
    return this.#scores[this.#ofId.get(id) ?? -1] ?? NaN;
  }

  /** Standard deviation of what is expected. */
  deviation(id: number): number {
    return this.#deviations[this.#ofId.get(id) ?? -1] ?? NaN;
  }

  /** The share of draws in which it is on the front; NaN for one that is not offered. */
  frontShare(id: number): number {
    return this.#shares.get(id) ?? NaN;
  }
}
