/** What fronts give away, by accuracies that are known: reads a table once and keeps it, for the reading child. */
import { readAccuracyTable } from '../../benchmark/accuracy-table.ts';
import { budgetsOf, knownAccuracies } from '../../benchmark/known-accuracies.ts';
import type { BenchmarkSpace } from '../../common/benchmarks.ts';
import { spaceNamed } from '../../space/index.ts';
import type { Genotype } from '../../space/space.ts';
import { FrontJudge } from '../../workbench/search-judging.ts';
import type { ScoredGenotype } from './look-types.ts';

export interface JudgedFronts {
  /** The column of the table, such as `cifar10_test_acc`. */
  readonly column: string;
  /** In percentage points: the mean over ten budgets of MACs of what the front's best network lacks. */
  readonly regrets: readonly number[];
}

interface Truth {
  readonly column: string;
  readonly judge: FrontJudge;
}

const known = new Map<BenchmarkSpace, Promise<Truth>>();

/** @param fronts scored networks, of which the best for their MACs are looked at */
export async function judgeFronts(
  space: BenchmarkSpace,
  fronts: readonly (readonly ScoredGenotype[])[],
  assetsFolder: string,
): Promise<JudgedFronts> {
  const truth = known.get(space) ?? read(space, assetsFolder);
  known.set(space, truth);
  const { column, judge } = await truth.catch((error: unknown) => {
    known.delete(space); // it may be readable the next time
    throw error;
  });
  return {
    column,
    regrets: fronts.map(
      (front) =>
        judge.judged(
          front.map(({ genotype, score }) => ({ genotype: genotype as Genotype, score })),
        ).regret[0]!,
    ),
  };
}

async function read(name: BenchmarkSpace, assetsFolder: string): Promise<Truth> {
  const space = spaceNamed(name);
  const table = await readAccuracyTable(knownAccuracies(name, assetsFolder), space);
  return {
    column: table.columns[0]!,
    judge: new FrontJudge(space, table, budgetsOf(space, table)),
  };
}
