/** Judges everything that predicts the accuracies of networks, one predictor after the other. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Judged, JudgedPredictors, ModelMeasure, Interval } from '../common/benchmarks.ts';
import {
  predictionsOf,
  predictors,
  type Predictor,
  type UntrainedScore,
} from '../common/predictors.ts';
import type { Genotype } from '../space/space.ts';
import { judgeOf } from './judged.ts';

export type { JudgedPredictors } from '../common/benchmarks.ts';

/** A network with everything that is known of it. */
export interface JudgedNetwork {
  readonly genotype: Genotype;
  /** In %, along the columns. */
  readonly accuracies: readonly number[];
  /** Its scores, once or several times with other images and other initial weights. */
  readonly draws: readonly UntrainedScore[];
}

/**
 * Regrets of models that know the scores of a few of these networks, column by column.
 * @param draws the networks' scores, draw by draw
 */
export type ModelJudge = (
  genotypes: readonly Genotype[],
  draws: readonly (readonly number[])[],
  signal?: AbortSignal,
) => Promise<readonly Readonly<Partial<Record<ModelMeasure, Interval>>>[]>;

export interface NetworksToJudge {
  readonly columns: readonly string[];
  readonly networks: readonly JudgedNetwork[];
  /** Weight of the bias in ZiCo-BC. */
  readonly beta: number;
  /** MACs, for the regret. */
  readonly budgets: readonly number[];
  /** Which of them; all unless stated. */
  readonly only?: readonly Predictor[];
  readonly models?: ModelJudge;
  readonly signal?: AbortSignal;
  /** After every predictor. */
  readonly progress?: (done: number, all: number) => void;
}

/** What is counted is the same in every draw. */
const counted: readonly Predictor[] = ['parameters', 'macs', 'layers', 'lnChannels'];

/** Of predictors that say something of these networks. Throws the signal's reason where it is aborted. */
export async function judgeNetworks(request: NetworksToJudge): Promise<JudgedPredictors> {
  const { columns, networks, beta, budgets, only = predictors, models, signal } = request;
  const macs = networks.map(({ draws }) => draws[0]!.macs);
  const genotypes = networks.map(({ genotype }) => genotype);
  const judges = columns.map((_, c) =>
    judgeOf({ accuracies: networks.map(({ accuracies }) => accuracies[c]!), macs, budgets }),
  );
  const judged: Partial<Record<Predictor, Record<string, Judged>>> = {};
  for (const [done, predictor] of only.entries()) {
    await breathe();
    signal?.throwIfAborted();
    const draws = drawsOf(predictor, networks, beta);
    if (draws !== null) {
      const regrets = await models?.(genotypes, draws, signal);
      judged[predictor] = Object.fromEntries(
        columns.map((column, c) => [column, { ...judges[c]!(draws), ...regrets?.[c] }]),
      );
    }
    request.progress?.(done + 1, only.length);
  }
  return judged;
}

/** What ranks the networks, draw by draw; null where it says nothing of any of them. */
function drawsOf(
  predictor: Predictor,
  networks: readonly Pick<JudgedNetwork, 'draws'>[],
  beta: number,
): readonly (readonly number[])[] | null {
  const draws = counted.includes(predictor) ? 1 : (networks[0]?.draws.length ?? 0);
  const values: (readonly number[])[] = [];
  for (let d = 0; d < draws; d++) {
    const own = predictionsOf(
      predictor,
      networks.map(({ draws: all }) => all[d]!),
      beta,
    );
    if (own === null) return null;
    values.push(own);
  }
  return values.length === 0 ? null : values;
}

/** Ten costs between those of the networks, evenly spread on a logarithmic scale. */
export function tenBudgets(macs: readonly number[]): readonly number[] {
  const sorted = macs.filter((cost) => cost > 0).toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.log(sorted[Math.floor(share * (sorted.length - 1))] ?? 1);
  const [from, to] = [at(0.05), at(1)];
  return Array.from({ length: 10 }, (_, k) => Math.exp(from + ((to - from) * k) / 9));
}
