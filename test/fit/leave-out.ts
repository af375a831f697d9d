/** How far a fit is off for networks that it has not seen. */
import { spearmanRho } from '../../main/common/rank-correlation.ts';
import { percentile } from '../../main/latency/percentiles.ts';
import { estimateMs } from '../../main/latency/predicted/estimate.ts';
import type { Operation } from '../../main/latency/predicted/operation.ts';
import type { Coefficients } from './s10-fit.ts';
import type { MeasuredNetwork } from './s10-measurements.ts';

export type Fit = (networks: readonly MeasuredNetwork[]) => Coefficients;
/** Networks of one group are left out together. */
export type GroupOf = (network: MeasuredNetwork, index: number) => string | number;

export interface Errors {
  readonly medianPercent: number;
  readonly p90Percent: number;
  readonly spearman: number;
}

export const operationsOf = (network: MeasuredNetwork): Operation[] =>
  network.operations.map(({ operation }) => operation);

/** Every network as predicted by a model that was fitted without its group, in milliseconds. */
export function predictLeftOut(
  networks: readonly MeasuredNetwork[],
  groupOf: GroupOf,
  fit: Fit,
): readonly number[] {
  const groups = networks.map(groupOf);
  const predicted: number[] = [];
  for (const group of new Set(groups)) {
    const model = fit(networks.filter((_, n) => groups[n] !== group));
    networks.forEach((network, n) => {
      if (groups[n] === group) predicted[n] = estimateMs(operationsOf(network), model);
    });
  }
  return predicted;
}

/** A straight line through MACs, the usual stand-in, fitted to relative errors as the models are. */
export function predictByMacs(
  networks: readonly MeasuredNetwork[],
  groupOf: GroupOf,
  line: (rows: readonly (readonly number[])[], times: readonly number[]) => readonly number[],
): readonly number[] {
  const groups = networks.map(groupOf);
  const macs = networks.map((one) => operationsOf(one).reduce((sum, o) => sum + o.macs, 0) / 1e6);
  const predicted: number[] = [];
  for (const group of new Set(groups)) {
    const kept = networks.flatMap((_, n) => (groups[n] === group ? [] : [n]));
    const [constant = 0, slope = 0] = line(
      kept.map((n) => [1, macs[n]!]),
      kept.map((n) => networks[n]!.milliseconds),
    );
    groups.forEach((one, n) => {
      if (one === group) predicted[n] = constant + slope * macs[n]!;
    });
  }
  return predicted;
}

/** Signed errors in percent. */
export function percentOff(
  networks: readonly MeasuredNetwork[],
  predicted: readonly number[],
): readonly number[] {
  return networks.map(({ milliseconds }, n) => 100 * (predicted[n]! / milliseconds - 1));
}

export function errorsOf(
  networks: readonly MeasuredNetwork[],
  predicted: readonly number[],
): Errors {
  const errors = percentOff(networks, predicted).map(Math.abs);
  return {
    medianPercent: percentile(errors, 0.5),
    p90Percent: percentile(errors, 0.9),
    spearman: spearmanRho(
      predicted,
      networks.map(({ milliseconds }) => milliseconds),
    ),
  };
}

/** Folds of a fixed shuffle: 0..9 for each network, by its place times a number that shares no factor. */
export function tenFolds(networks: readonly MeasuredNetwork[]): GroupOf {
  return (_, index) => Math.floor(((index * 37) % networks.length) / (networks.length / 10));
}

/** The part of a name before its size: resnet18_w3d4 and resnet10 are one family. */
export function family({ name }: Pick<MeasuredNetwork, 'name'>): string {
  return name.replace(/(_|\d).*$/, '');
}

/** Tenths by a quantity, so that the extremes are left out as well: 0 the least, 9 the most. */
export function tenthsBy(
  networks: readonly MeasuredNetwork[],
  quantity: (network: MeasuredNetwork) => number,
): GroupOf {
  const order = networks.map(quantity).sort((a, b) => a - b);
  return (network) =>
    Math.min(Math.floor((10 * order.indexOf(quantity(network))) / networks.length), 9);
}
