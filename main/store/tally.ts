/** Whether all candidates of a run are present, by their number and the sum of their digests. */
import { type Raw } from './column.ts';
import { DamagedContent } from './damaged-content.ts';
import type { Connection } from './connection.ts';
import { digestLimit } from './digest.ts';
import { tallyOf } from './run-row.ts';

/** A stopped search may skip numbers that were in flight: at most those of one generation. */
const mostInFlight = 10_000;

export interface Counts {
  readonly candidates: number;
  readonly failed: number;
  /** The latest; 0 in an empty run. */
  readonly generation: number;
}

const whole = (column: string): string =>
  `CASE typeof(${column}) WHEN 'integer' THEN ${column} END`;

const selectCounts = `SELECT COUNT(*) AS candidates, COALESCE(SUM(status = 'failed'), 0) AS failed,
  COALESCE(MAX(${whole('generation')}), 0) AS generation, COALESCE(MAX(id), 0) AS last FROM candidate`;

/** Halves of the digests, so that sums remain far below SQLite's limit. */
const half = 2 ** 24;
const selectSums = `SELECT COALESCE(SUM(digest IS NULL), 0) AS without,
  COALESCE(SUM(${whole('digest')} & ${half - 1}), 0) AS low,
  COALESCE(SUM(${whole('digest')} >> 24), 0) AS high FROM candidate`;

/** Without reading candidates. Throws DamagedContent. */
export function countsIn(connection: Connection): Counts {
  const { candidates, failed, generation, last } = numbers(connection, selectCounts, [
    'candidates',
    'failed',
    'generation',
    'last',
  ]);
  if (last > candidates + mostInFlight) {
    throw new DamagedContent(`candidate ${last} is the last, but there are only ${candidates}`);
  }
  if (generation > last) {
    const latest = 'SELECT id FROM candidate ORDER BY generation DESC LIMIT 1';
    throw new DamagedContent(
      `candidate ${numbers(connection, latest, ['id']).id}, column generation holds ${generation}, which comes later`,
    );
  }
  return { candidates, failed, generation };
}

/**
 * @param run the run's row
 * Throws DamagedContent where candidates were added, removed or changed.
 */
export function assertAllThere(connection: Connection, run: Raw): void {
  const { candidates, failed } = countsIn(connection);
  const tally = tallyOf(run);
  if (tally === null) return;
  const { without, low, high } = numbers(connection, selectSums, ['without', 'low', 'high']);
  const digest = ((high % half) * half + low) % digestLimit;
  if (candidates !== tally.candidates) {
    throw new DamagedContent(`it holds ${candidates} candidates of ${tally.candidates}`);
  }
  const same = failed === tally.failed && without === tally.withoutDigest;
  if (!same || digest !== tally.digest) {
    throw new DamagedContent('its candidates are not those that were stored');
  }
}

/** Throws DamagedContent: a file whose pages lead in circles gives the same rows again. */
export function assertInOrder(ids: readonly unknown[], after: number): void {
  let last = after;
  for (const id of ids) {
    const next = typeof id === 'number' ? id : NaN;
    if (!(next > last)) throw new DamagedContent(`candidate ${next} follows candidate ${last}`);
    last = next;
  }
}

/** The only row of a selection; all of its columns are numbers. */
function numbers<const Column extends string>(
  connection: Connection,
  select: string,
  columns: readonly Column[],
): Record<Column, number> {
  const row = connection.first(select) ?? {};
  const found = columns.map((name) => {
    const value = row[name];
    if (typeof value !== 'number') throw new DamagedContent(`${name} cannot be counted`);
    return [name, value] as const;
  });
  return Object.fromEntries(found) as Record<Column, number>;
}
