/** The workers of a farm as a table for other programs: all of them, since only those in sight have rows. */
import type { FarmStatus } from '../../preload/contract.ts';
import type { TableText } from '../ground/table-text.ts';
import { fixed, integer } from '../ground/words/format.ts';
import { spanSince } from './farm.ts';
import { farmText } from './text.ts';

export function workersTable({ workers, now }: FarmStatus): TableText {
  const { columns, states } = farmText.workers;
  return {
    head: [
      ...[columns.name, columns.state, columns.atWork, columns.rate],
      ...[columns.done, columns.failed, columns.since],
    ],
    rows: workers.map(({ name, state, current, offer, rate, done, failed, since }) => [
      ...[name, states[state], `${current.length} / ${offer.threads}`, fixed(rate, 1)],
      ...[integer(done), integer(failed), spanSince(since, now)],
    ]),
  };
}
