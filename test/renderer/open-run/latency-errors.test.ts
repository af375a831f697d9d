import { expect, it } from 'vitest';
import type { PageRow } from '../../../preload/contract.ts';
import { packRows } from '../../../main/electron/pack-rows.ts';
import { CandidateColumns } from '../../../renderer/open-run/columns/columns.ts';
import {
  basesOf,
  errorCell,
  latencyErrorText,
  indistinctOn,
  latencyBars,
  mostWithBars,
} from '../../../renderer/open-run/latency-errors.ts';
import { rows } from '../fake-bridge.ts';

type Error = Pick<PageRow, 'latencyMs' | 'latencyBounds' | 'latencyDoubtful'>;

/** Candidates with these latencies, evaluated all of them. */
function columnsOf(errors: readonly Error[]): CandidateColumns {
  const columns = new CandidateColumns();
  const some = rows(errors.length).map((row, i) => ({ ...row, ...errors[i]!, failure: null }));
  columns.append(packRows(some.map((row) => ({ ...row, status: 'evaluated' as const }))));
  return columns;
}
const known = (
  latencyMs: number,
  off: number,
  basis: NonNullable<PageRow['latencyBounds']>['basis'] = 'interval',
  latencyDoubtful = false,
): Error => ({
  latencyMs,
  latencyBounds: { lowMs: latencyMs - off, highMs: latencyMs + off, basis },
  latencyDoubtful,
});
const unknown = (latencyMs: number, latencyDoubtful = false): Error => ({
  ...{ latencyMs, latencyBounds: null, latencyDoubtful },
});

it('has a bar for all of a small run, and for the front of a large one', () => {
  const few = columnsOf([known(10, 1), unknown(11), known(12, 3, 'unsteady', true)]);
  const bars = latencyBars(few, Uint32Array.of(0), Infinity);
  expect(bars).toEqual([
    { index: 0, lowMs: 9, highMs: 11, doubtful: false },
    { index: 2, lowMs: 9, highMs: 15, doubtful: true },
  ]);
  expect(basesOf(few, bars)).toEqual(['interval', 'unsteady']);
  const many = columnsOf(Array.from({ length: mostWithBars + 1 }, (_, i) => known(10 + i, 1)));
  const shown = latencyBars(many, Uint32Array.of(4, 7), Infinity);
  expect(shown.map(({ index }) => index)).toEqual([4, 7]);
});

it('shows no bar of a generation that is not shown', () => {
  const columns = columnsOf(Array.from({ length: 40 }, () => known(10, 1)));
  expect(latencyBars(columns, Uint32Array.of(0), 0)).toHaveLength(20);
});

it('has none where nothing is known of any error', () => {
  const columns = columnsOf([unknown(10), unknown(11)]);
  expect(columns.anyLatencyError).toBe(false);
  expect(latencyBars(columns, Uint32Array.of(0, 1), Infinity)).toEqual([]);
  expect(indistinctOn(columns, Uint32Array.of(0, 1))).toBe(0);
});

it('tells which neighbours on a front its errors leave open', () => {
  const columns = columnsOf([known(10, 1), known(10.5, 1), known(20, 1)]);
  expect(indistinctOn(columns, Uint32Array.of(0, 1, 2))).toBe(1);
  expect(indistinctOn(columns, Uint32Array.of(0, 2))).toBe(0);
});

it('writes an error in percent, and says in words what it is', () => {
  const columns = columnsOf([
    ...[known(100, 4.2), known(100, 42, 'unsteady', true), known(100, 3, 'interval of 0.1')],
    ...[known(100, 30, 'estimate', true), unknown(100), unknown(100, true)],
  ]);
  const cells = [0, 1, 2, 3, 4, 5].map((i) => errorCell(columns, i));
  expect(cells).toEqual(['4.2 %', '42 % ?', '3.0 %', '30 % ?', '–', '?']);
  const words = [0, 1, 2, 3, 4, 5].map((i) => latencyErrorText(columns, i, 1));
  expect(words).toEqual([
    '95 %: 95.8 to 104.2 ms',
    'Unsteady, at least: 58.0 to 142.0 ms. The device was not fit for measuring.',
    '95 %, of 0.1’s protocol: 97.0 to 103.0 ms',
    'Nine in ten: 70.0 to 130.0 ms. The network lies outside of what was measured.',
    null,
    'It never became steady, and its uncertainty is not known.',
  ]);
});

it('keeps errors by candidate as pages with and without them arrive', () => {
  const all = rows(600).map((row) => ({ ...row, status: 'evaluated' as const, failure: null }));
  const page = (from: number, to: number, error: Error) =>
    packRows(all.slice(from, to).map((row) => ({ ...row, ...error })));
  const columns = new CandidateColumns();
  columns.append(page(0, 200, unknown(1)));
  columns.append(page(200, 400, known(10, 2, 'estimate')));
  columns.append(page(400, 600, unknown(3)));
  const basisAt = (i: number) => columns.latencyBounds(i)?.basis ?? null;
  expect([0, 199, 200, 399, 400, 599].map(basisAt)).toEqual([
    ...[null, null, 'estimate', 'estimate', null, null],
  ]);
  expect(columns.at(300)).toMatchObject(known(10, 2, 'estimate'));
});
