/** Whether the error that is stated for an estimate holds for networks that the fit has not seen. */
import type { PredictedKind } from '../../main/common/latency-sources.ts';
import { estimateMs, timeShares } from '../../main/latency/predicted/estimate.ts';
import { errorOf } from '../../main/latency/predicted/range.ts';
import { family, operationsOf, tenFolds, tenthsBy, type GroupOf } from './leave-out.ts';
import { fitModel } from './s10-fit.ts';
import { measuredPixels, type MeasuredNetwork } from './s10-measurements.ts';

export interface Covered {
  readonly covered: number;
  readonly of: number;
}

export interface Coverage {
  /** By what networks were left out. */
  readonly what: string;
  readonly inside: Covered;
  readonly outside: Covered;
}

const sumOf = (of: 'macs' | 'weights') => (network: MeasuredNetwork) =>
  operationsOf(network).reduce((sum, operation) => sum + operation[of], 0);

/**
 * Families, tens, and tenths by size, of which the outer ones lie beyond all others. Range, errors and coefficients
 * are those of the networks that were left, so that what is told of the others is told without them.
 * @param only which ways of leaving out; all unless stated
 */
export function coverageOf(
  networks: readonly MeasuredNetwork[],
  kind: PredictedKind,
  only: (what: string) => boolean = () => true,
): readonly Coverage[] {
  const all: readonly (readonly [string, GroupOf])[] = [
    ['whole families', family],
    ['tens', tenFolds(networks)],
    ['tenths by MACs', tenthsBy(networks, sumOf('macs'))],
    ['tenths by parameters', tenthsBy(networks, sumOf('weights'))],
    ['tenths by number of operations', tenthsBy(networks, ({ operations }) => operations.length)],
  ];
  return all
    .filter(([what]) => only(what))
    .map(([what, groupOf]) => ({ what, ...covered(networks, groupOf, kind) }));
}

function covered(
  networks: readonly MeasuredNetwork[],
  groupOf: GroupOf,
  kind: PredictedKind,
): Omit<Coverage, 'what'> {
  const groups = networks.map(groupOf);
  const inside = { covered: 0, of: 0 };
  const outside = { covered: 0, of: 0 };
  for (const group of new Set(groups)) {
    const model = fitModel(
      networks.filter((_, n) => groups[n] !== group),
      kind,
    );
    for (const network of networks.filter((_, n) => groups[n] === group)) {
      const operations = operationsOf(network);
      const content = { operations, pixels: measuredPixels, unmeasured: { names: [], share: 0 } };
      const error = errorOf(content, timeShares(operations, model), model);
      const ratio = estimateMs(operations, model) / network.milliseconds;
      const count = error.outside.length === 0 ? inside : outside;
      count.of += 1;
      if (Math.max(ratio, 1 / ratio) <= 1 + error.p90Percent / 100) count.covered += 1;
    }
  }
  return { inside, outside };
}
