/** Fits the latency estimate to measurements and says how far it is off for networks it has not seen. */
import { spearmanRho } from '../../main/common/rank-correlation.ts';
import {
  estimateMs,
  networkFeatures,
  operationFeatures,
  type LatencyModel,
  type OperationCoefficients,
} from '../../main/latency/predicted/estimate.ts';
import { operationKinds, type Operation } from '../../main/latency/predicted/operation.ts';
import { percentile } from '../../main/latency/percentiles.ts';
import { nonNegativeLeastSquares } from './non-negative-least-squares.ts';
import type { MeasuredNetwork } from './s10-measurements.ts';

export type Fitted = Omit<LatencyModel, 'error'>;

/** Below this time, in microseconds, an operation's timing is mostly noise: errors there count less. */
const noiseFloor = 30;
/** Relative errors below this are as good as none: keeps the reweighting from chasing single networks. */
const goodEnough = 0.02;

const operationsOf = (network: MeasuredNetwork): Operation[] =>
  network.operations.map(({ operation }) => operation);

export function fitModel(networks: readonly MeasuredNetwork[]): Fitted {
  const operations = Object.fromEntries(
    operationKinds.map((kind) => [kind, fitKind(networks, kind)]),
  ) as unknown as Fitted['operations'];
  const rows = networks.map((network) => networkFeatures(operationsOf(network), operations));
  const times = networks.map(({ milliseconds }) => milliseconds);
  const factors = leastRelativeDeviations(rows, times);
  const macs = networks.map((network) => operationsOf(network).reduce((sum, o) => sum + o.macs, 0));
  const counts = networks.map((network) => network.operations.length);
  return {
    operations,
    network: factors.slice(0, 4) as unknown as Fitted['network'],
    kinds: Object.fromEntries(
      operationKinds.map((kind, i) => [kind, factors[4 + i]]),
    ) as unknown as Fitted['kinds'],
    range: {
      macs: [Math.min(...macs), Math.max(...macs)],
      operations: [Math.min(...counts), Math.max(...counts)],
    },
  };
}

function fitKind(networks: readonly MeasuredNetwork[], kind: string): OperationCoefficients {
  const measured = networks
    .flatMap((network) => network.operations)
    .filter(({ operation }) => operation.kind === kind);
  if (measured.length === 0) return [0, 0, 0, 0, 0];
  const weight = measured.map(({ microseconds }) => 1 / (microseconds + noiseFloor));
  return nonNegativeLeastSquares(
    measured.map(({ operation }, n) => operationFeatures(operation).map((f) => f * weight[n]!)),
    measured.map(({ microseconds }, n) => microseconds * weight[n]!),
  ) as unknown as OperationCoefficients;
}

/** Least squares of relative errors, reweighted towards least absolute ones: outliers pull less. */
function leastRelativeDeviations(
  rows: readonly (readonly number[])[],
  times: readonly number[],
): number[] {
  let factors: number[] = [];
  for (let round = 0; round < 7; round++) {
    const weight = times.map((time, n) => {
      if (round === 0) return 1 / time;
      const predicted = rows[n]!.reduce((sum, f, j) => sum + f * factors[j]!, 0);
      const error = Math.abs(predicted / time - 1);
      return 1 / (time * Math.sqrt(Math.max(error, goodEnough)));
    });
    factors = nonNegativeLeastSquares(
      rows.map((row, n) => row.map((f) => f * weight[n]!)),
      times.map((time, n) => time * weight[n]!),
    );
  }
  return factors;
}

export interface Errors {
  readonly medianPercent: number;
  readonly p90Percent: number;
  readonly spearman: number;
}

/**
 * Every network is predicted by a model that was fitted without its group.
 * @param groupOf networks of one group are left out together
 */
export function leaveOut(
  networks: readonly MeasuredNetwork[],
  groupOf: (network: MeasuredNetwork, index: number) => string | number,
): Errors {
  const groups = networks.map(groupOf);
  const predicted: number[] = [];
  for (const group of new Set(groups)) {
    const model = fitModel(networks.filter((_, n) => groups[n] !== group));
    networks.forEach((network, n) => {
      if (groups[n] !== group) return;
      predicted[n] = estimateMs(operationsOf(network), { ...model, error: noError });
    });
  }
  const measured = networks.map(({ milliseconds }) => milliseconds);
  const errors = measured.map((time, n) => 100 * Math.abs(predicted[n]! / time - 1));
  return {
    medianPercent: percentile(errors, 0.5),
    p90Percent: percentile(errors, 0.9),
    spearman: spearmanRho(predicted, measured),
  };
}
const noError = { medianPercent: 0, p90Percent: 0 };

/** Folds of a fixed shuffle: 0..9 for each network, by its place times a number that shares no factor. */
export function tenFolds(
  networks: readonly MeasuredNetwork[],
): (n: MeasuredNetwork, i: number) => number {
  return (_, index) => Math.floor(((index * 37) % networks.length) / (networks.length / 10));
}

/** The part of a name before its size: resnet18_w3d4 and resnet10 are one family. */
export function family({ name }: Pick<MeasuredNetwork, 'name'>): string {
  return name.replace(/(_|\d).*$/, '');
}
