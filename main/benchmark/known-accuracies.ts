/** Tables of accuracies that ship with the product (main/assets/*-table/README.md: source and licence). */
import path from 'node:path';
import type { DescribedSpace } from '../space/described-space.ts';
import type { AccuracyTable } from './accuracy-table.ts';
import { benchmarkSpaces, type BenchmarkSpace } from '../common/benchmarks.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { WorkbenchError } from '../errors.ts';

const tables: Readonly<Record<BenchmarkSpace, readonly string[]>> = {
  'nats-sss': ['nats-sss-table', 'test-accuracy-90-epochs.csv'],
  'nas-bench-201': ['nas-bench-201-table', 'validation-accuracy-200-epochs.csv'],
};

/** The file for a space. Throws `table-missing` for a space without known accuracies. */
export function knownAccuracies(space: string, assetsFolder: string): string {
  const known = Object.entries(tables).find(([name]) => name === space)?.[1];
  if (known) return path.join(assetsFolder, ...known);
  throw new WorkbenchError(
    'table-missing',
    `No accuracies of networks of ${space} ship with the product.`,
    `Give a table of them (--table), or use ${Object.keys(tables).join(' or ')}.`,
  );
}

/**
 * By whose table what a run found can be judged; null where nobody knows. The tables' first columns are of CIFAR-10, as
 * the images are that ship with the product.
 */
export function judgedSpaceOf({
  space,
  data,
}: Pick<SearchSettings, 'space' | 'data'>): BenchmarkSpace | null {
  return data === null ? (benchmarkSpaces.find((name) => name === space) ?? null) : null;
}

/** MACs in millions at which fronts of NATS-Bench's size space are judged. */
const natsBudgets = [10, 20, 30, 40, 60, 80, 100, 130, 160, 200];
/** As many for any other space, between these shares of its networks. */
const [cheapShare, dearShare] = [0.05, 0.95];

/** Ten budgets of MACs: of other spaces evenly spread on a logarithmic scale over what networks cost. */
export function budgetsOf(
  space: Pick<DescribedSpace, 'name' | 'counts'>,
  { rows }: AccuracyTable,
): readonly number[] {
  if (space.name === 'nats-sss') return natsBudgets.map((millions) => millions * 1e6);
  const macs = rows.map(({ genotype }) => space.counts(genotype).macs).sort((a, b) => a - b);
  const at = (share: number): number => Math.log(macs[Math.floor(share * (macs.length - 1))] ?? 1);
  const [from, to] = [at(cheapShare), at(dearShare)];
  return natsBudgets.map((_, k, all) => Math.exp(from + ((to - from) * k) / (all.length - 1)));
}
