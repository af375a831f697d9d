/**
 * How good the networks of a front are: the accuracy lost by taking the front's best network within a budget
 * instead of the best there is. Hypervolumes are only compared between fronts of the same length: a front that
 * lists every network by its cost would have all of it.
 */
import { hypervolume, logPoint, logReference } from '../common/hypervolume.ts';
import { paretoFront } from '../common/pareto-front.ts';

export interface TableNetwork {
  readonly macs: number;
  /** In %, along the columns of a table. */
  readonly accuracies: readonly number[];
}

/** A network without its accuracies. */
export interface Offered {
  readonly network: TableNetwork;
  readonly score: number;
}

export interface FrontQuality {
  /** Networks on the front. */
  readonly networks: number;
  /** Accuracy lost, in percentage points: the mean over the budgets, a column each. */
  readonly regret: readonly number[];
  /** Of the hypervolume of the true front, both thinned to as many networks, a column each. */
  readonly hypervolume: readonly number[];
}

/** To how many networks a front is thinned for its hypervolume. */
export const thinnedTo = 20;

/**
 * @param networks every network of the table
 * @param budgets MACs
 * @returns the quality of the front that networks with these scores have
 */
export function frontJudge(
  networks: readonly TableNetwork[],
  budgets: readonly number[],
): (offered: readonly Offered[]) => FrontQuality {
  const columns = networks[0]!.accuracies.map((_, c) => c);
  const dearest = Math.max(...networks.map(({ macs }) => macs));
  const truths = columns.map((c) => {
    const accuracy = ({ accuracies }: TableNetwork): number => accuracies[c]!;
    const least = Math.min(...networks.map(accuracy));
    const within = budgets.map((budget) =>
      networks.filter(({ macs }) => macs <= budget).map(accuracy),
    );
    const best = within.map((all) => Math.max(...all));
    const worst = within.map((all) => Math.min(...all));
    const area = (front: readonly TableNetwork[]): number =>
      hypervolume(
        thinned(front).map((one) => logPoint(one.macs, accuracy(one), dearest)),
        logReference(least),
      );
    const all = frontOf(networks.map((network) => ({ network, score: accuracy(network) })));
    const whole = area(all.map(({ network }) => network));
    return {
      accuracy,
      best,
      worst,
      share: (front: readonly TableNetwork[]) => area(front) / whole,
    };
  });
  return (offered) => {
    const front = frontOf(offered).map(({ network }) => network);
    const taken = budgets.map((budget) => front.findLast(({ macs }) => macs <= budget));
    return {
      networks: front.length,
      // Where a front has nothing within a budget, the worst network counts.
      regret: truths.map(({ accuracy, best, worst }) =>
        mean(taken.map((one, i) => best[i]! - (one === undefined ? worst[i]! : accuracy(one)))),
      ),
      hypervolume: truths.map(({ share }) => share(front)),
    };
  };
}

/** By rising cost, each with a higher score than all cheaper ones. */
function frontOf(offered: readonly Offered[]): readonly Offered[] {
  const sorted = offered.toSorted((a, b) => a.network.macs - b.network.macs);
  const front = paretoFront({
    order: Uint32Array.from(sorted, (_, i) => i),
    cost: Float64Array.from(sorted, ({ network }) => network.macs),
    score: Float64Array.from(sorted, ({ score }) => score),
  });
  return Array.from(front, (i) => sorted[i]!);
}

/** At most this many of a front, spread over the logarithm of the cost; both ends are kept. */
function thinned(front: readonly TableNetwork[]): readonly TableNetwork[] {
  if (front.length <= thinnedTo) return front;
  const [from, to] = [Math.log(front[0]!.macs), Math.log(front.at(-1)!.macs)];
  const kept = new Set<TableNetwork>();
  let at = 0;
  for (let k = 0; k < thinnedTo; k++) {
    const place = from + ((to - from) * k) / (thinnedTo - 1);
    while (at < front.length - 1 && Math.log(front[at]!.macs) < place) at++;
    kept.add(front[at]!);
  }
  return [...kept];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
