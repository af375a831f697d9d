/** A sweep as the window shows it: its runs side by side, and what they gave away where that is known. */
import type { SweepView } from '../../../preload/contract.ts';
import { sweepResults, type Swept } from '../../analysis/sweep-results.ts';
import { spreadOf } from '../../common/order-statistics.ts';
import { reportOf } from '../../errors.ts';
import { hasRun } from '../../workbench/sweep-step.ts';
import type { SweptFront } from '../reading/look-types.ts';
import type { RunFiles } from '../run-files.ts';
import type { Services } from '../services.ts';
import type { Queue } from './queue.ts';
import type { StoredSearch } from './queue-file.ts';

export interface SweepViewOptions {
  readonly queue: Pick<Queue, 'sweep'>;
  readonly runFiles: RunFiles;
  /** What a run has come to, of a search at work from its open file. */
  readonly sweptFrontOf: (run: string) => Promise<SweptFront>;
  readonly judgeFronts: Services['judgeFronts'];
}

interface Read extends Swept {
  readonly search: StoredSearch;
  readonly found: SweptFront | null;
}

/** Throws `unknown-sweep`. */
export async function sweepView(options: SweepViewOptions, id: string): Promise<SweepView> {
  const { title, searches } = options.queue.sweep(id);
  const reads: Read[] = [];
  for (const search of searches) reads.push(await readSwept(options, search));
  const { searches: rows, groups } = sweepResults(reads);
  const { column, regrets, error: truthError } = await judged(options, reads);
  const regretOf = new Map(rows.map(({ name }, i) => [name, regrets[i] ?? null]));
  const best = new Map(
    rows.map(({ group }) => [
      group,
      Math.max(...rows.filter((row) => row.group === group).map((row) => row.hypervolume ?? 0)),
    ]),
  );
  return {
    ...{ id, title, truth: column, truthError },
    searches: rows.map((row, i) => {
      const { search } = reads[i]!;
      const { state, file, wanted } = search;
      const most = best.get(row.group)!;
      return {
        ...{ id: search.id, name: wanted.name, group: row.group, state },
        run: file !== null && state !== 'beginning' ? options.runFiles.register(file) : null,
        seed: wanted.settings.seed,
        ...{ evaluated: row.evaluated, failed: row.failed, front: row.front },
        bestScore: row.bestScore,
        hypervolume: row.hypervolume === null || most === 0 ? null : row.hypervolume / most,
        regret: regrets[i] ?? null,
        elapsedSeconds: row.elapsedSeconds,
        error: row.error,
      };
    }),
    groups: groups.map(({ group, runs, front, bestScore, hypervolume }) => {
      const known = runs.flatMap((name) => regretOf.get(name) ?? []);
      return {
        ...{ group, runs: runs.length, front, bestScore, hypervolume },
        regret: known.length < runs.length ? null : spreadOf(known),
      };
    }),
  };
}

async function readSwept(
  { runFiles, sweptFrontOf }: SweepViewOptions,
  search: StoredSearch,
): Promise<Read> {
  const { id, wanted, file, state, error } = search;
  const known = { name: id, run: file ?? '', group: wanted.group, search };
  if (file === null || state === 'beginning')
    return { ...known, reached: null, found: null, error };
  // What failed may have a run all the same, and one whose file is gone has nothing to read.
  if (!hasRun(file)) return { ...known, reached: null, found: null, error: error ?? gone(file) };
  try {
    const found = await sweptFrontOf(runFiles.register(file));
    return { ...known, reached: found.run, found, error };
  } catch (reason) {
    return { ...known, reached: null, found: null, error: error ?? reportOf(reason) };
  }
}

const gone = (file: string) => ({
  code: 'run-gone',
  message: `Its run file ${file} is not there any more.`,
  hint: 'It was moved, renamed or deleted outside of this window.',
});

/** Along the runs: null for one of which no accuracies are known. */
async function judged({ judgeFronts }: SweepViewOptions, reads: readonly Read[]) {
  const nothing = { column: null, regrets: reads.map(() => null), error: null };
  const spaces = new Set(reads.flatMap(({ found }) => found?.judgedSpace ?? []));
  const [space] = spaces;
  // Percentage points of different tables do not compare.
  if (space === undefined || spaces.size > 1) return nothing;
  const fronts = reads.map(({ found }) => (found?.judgedSpace === space ? found.networks : []));
  try {
    const { column, regrets } = await judgeFronts(space, fronts);
    const known = regrets.map((regret, i) => (fronts[i]!.length > 0 ? regret : null));
    return { column, regrets: known, error: null };
  } catch (error) {
    // The runs are there to be compared all the same.
    return { ...nothing, error: reportOf(error) };
  }
}
