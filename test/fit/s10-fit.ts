/** Fits the estimates of a Galaxy S10's latency to measurements. */
import {
  networkFeatures,
  operationFeatures,
  timeShares,
  type LatencyModel,
  type OperationCoefficients,
} from '../../main/latency/predicted/estimate.ts';
import { operationKinds, type OperationKind } from '../../main/latency/predicted/operation.ts';
import {
  fewest,
  notable,
  rangeOf,
  type KnownErrors,
  type LeftOutError,
} from '../../main/latency/predicted/range.ts';
import { percentile } from '../../main/latency/percentiles.ts';
import type { PredictedKind } from '../../main/common/latency-sources.ts';
import { family, operationsOf, percentOff, predictLeftOut, type Fit } from './leave-out.ts';
import { nonNegativeLeastSquares } from './non-negative-least-squares.ts';
import { measuredPixels, type MeasuredNetwork } from './s10-measurements.ts';

export type Coefficients = Pick<LatencyModel, 'operations' | 'network' | 'kinds'>;

/** Below this time, in microseconds, an operation's timing is mostly noise: errors there count less. */
const noiseFloor = 30;
/** Relative errors below this are as good as none: keeps the reweighting from chasing single networks. */
const goodEnough = 0.02;

export const fitOf = (kind: PredictedKind): Fit =>
  kind === 'predicted-s10-gpu' ? fitByOperations : fitByNetworks;

/** With its range and its errors. */
export function fitModel(networks: readonly MeasuredNetwork[], kind: PredictedKind): LatencyModel {
  const fit = fitOf(kind);
  const coefficients = fit(networks);
  const contents = networks.map((one) => ({
    operations: operationsOf(one),
    pixels: measuredPixels,
  }));
  return {
    ...coefficients,
    range: rangeOf(contents),
    errors: knownErrors(networks, fit, coefficients),
  };
}

/** A GPU's operations were timed one by one: each kind first, then what of their sums a network takes. */
function fitByOperations(networks: readonly MeasuredNetwork[]): Coefficients {
  const operations = Object.fromEntries(
    operationKinds.map((kind) => [kind, fitKind(networks, kind)]),
  ) as unknown as Coefficients['operations'];
  const rows = networks.map((network) => networkFeatures(operationsOf(network), operations));
  const times = networks.map(({ milliseconds }) => milliseconds);
  const factors = leastRelativeDeviations(rows, times);
  return {
    operations,
    network: factors.slice(0, 4) as unknown as Coefficients['network'],
    kinds: Object.fromEntries(
      operationKinds.map((kind, i) => [kind, factors[4 + i]]),
    ) as unknown as Coefficients['kinds'],
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

/**
 * Kinds that a core treats alike share their coefficients: a network's latency tells no more of them, and what
 * only a GPU tells apart (Winograd's algorithm, a single pixel) makes families that were left out worse.
 */
const alike: readonly (readonly OperationKind[])[] = [
  ['conv-1x1', 'conv-vector'],
  ['conv-3x3', 'conv-other'],
  ...operationKinds
    .filter((kind) => !['conv-1x1', 'conv-vector', 'conv-3x3', 'conv-other'].includes(kind))
    .map((kind) => [kind]),
];

/** Of a CPU only whole networks were timed: everything is fitted to these at once. */
function fitByNetworks(networks: readonly MeasuredNetwork[]): Coefficients {
  const rows = networks.map((network) => {
    const operations = operationsOf(network);
    const sums = alike.flatMap((kinds) => {
      const own = operations.filter(({ kind }) => kinds.includes(kind)).map(operationFeatures);
      // The first feature counts operations; one of any kind costs the same.
      return [1, 2, 3, 4].map((f) => own.reduce((sum, features) => sum + features[f]!, 0) / 1e3);
    });
    return [1, operations.length / 100, ...sums];
  });
  const times = networks.map(({ milliseconds }) => milliseconds);
  const [constant = 0, perHundred = 0, ...rest] = leastRelativeDeviations(rows, times);
  const operations = alike.flatMap((kinds, place) => {
    const coefficients = [0, ...rest.slice(4 * place, 4 * place + 4)];
    return kinds.map((kind) => [kind, coefficients] as const);
  });
  return {
    operations: inOrder(new Map(operations)) as unknown as Coefficients['operations'],
    network: [constant, perHundred, 0, 0],
    kinds: Object.fromEntries(
      operationKinds.map((kind) => [kind, 1]),
    ) as unknown as Coefficients['kinds'],
  };
}

const inOrder = <Value>(values: ReadonlyMap<OperationKind, Value>): Record<string, Value> =>
  Object.fromEntries(operationKinds.map((kind) => [kind, values.get(kind)!]));

/** Least squares of relative errors, reweighted towards least absolute ones: outliers pull less. */
export function leastRelativeDeviations(
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

/** Errors of networks left out with their family: of all, and of those in which a kind of operation matters. */
function knownErrors(
  networks: readonly MeasuredNetwork[],
  fit: Fit,
  coefficients: Coefficients,
): KnownErrors {
  const errors = percentOff(networks, predictLeftOut(networks, family, fit)).map(Math.abs);
  const shares = networks.map((network) => timeShares(operationsOf(network), coefficients));
  const kinds = operationKinds.map((kind) => {
    const own = errors.filter((_, n) => (shares[n]!.get(kind) ?? 0) >= notable);
    return [kind, own.length < fewest ? null : summary(own)] as const;
  });
  return { whole: summary(errors), kinds: inOrder(new Map(kinds)) as KnownErrors['kinds'] };
}

function summary(errors: readonly number[]): LeftOutError {
  return {
    networks: errors.length,
    medianPercent: percentile(errors, 0.5),
    p90Percent: percentile(errors, 0.9),
  };
}
