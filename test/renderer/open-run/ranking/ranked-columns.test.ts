import { describe, expect, it } from 'vitest';
import {
  rankedColumns,
  ranksByBeta,
} from '../../../../renderer/open-run/ranking/ranked-columns.ts';
import { CandidateColumns } from '../../../../renderer/open-run/columns/columns.ts';
import { packRows } from '../../../../main/electron/pack-rows.ts';
import { figuresAmong } from '../../../../main/run/ranking.ts';
import type { PageRow } from '../../../../preload/contract.ts';

const row = (id: number, figures: Partial<PageRow>): PageRow => ({
  ...{ id, genotype: `${id}`, values: [id], generation: 0, parents: [], parameters: 1, macs: id },
  ...{ relativeDepth: null, relativeWidth: null, status: 'evaluated', latencyMs: null },
  ...{ latencyBounds: null, latencyDoubtful: false },
  ...{ zico: null, zicoCapped: null, bias: null, proxies: {}, biases: {}, failure: null },
  ...figures,
});

const rows = [
  row(1, { proxies: { near: 3, synflow: 10 } }),
  row(2, { proxies: { near: 5, synflow: 10 }, zico: 9, zicoCapped: 8, bias: 2 }),
  row(3, { proxies: {}, status: 'failed', failure: { code: 'x', message: 'x', hint: 'x' } }),
  row(4, { proxies: { near: null, synflow: 1e20 } }),
  row(5, { proxies: { near: 4, synflow: 30 } }),
];

function columnsOf(some: readonly PageRow[]): CandidateColumns {
  const columns = new CandidateColumns();
  columns.append(packRows(some));
  return columns;
}

describe('what a run ranks by, as columns', () => {
  it.each(['near', 'synflow', 'near+synflow'])('is what the search ranks by: %s', (score) => {
    const { zico, bias, length } = rankedColumns(score, columnsOf(rows), 2, true);
    const parts = score.split('+') as ('near' | 'synflow')[];
    const expected = figuresAmong(rows, { parts, beta: 2, termCap: 100 });
    expect([...zico]).toEqual(expected.map((one) => (one === -Infinity ? NaN : one)));
    expect(length).toBe(rows.length);
    expect(bias.every((one) => one === 0)).toBe(true);
    expect(ranksByBeta(score)).toBe(false);
  });

  it('are the columns themselves by ZiCo-BC, whose beta may change', () => {
    const columns = columnsOf(rows);
    expect(rankedColumns('zico-bc', columns, 2, true)).toBe(columns);
    expect(ranksByBeta('zico')).toBe(true);
  });

  it('has columns of the proxies that later pages bring', () => {
    const columns = columnsOf(rows.slice(2, 3));
    columns.append(packRows(rows.slice(0, 2)));
    expect([...columns.proxies.get('near')!.subarray(0, 3)]).toEqual([NaN, 3, 5]);
    expect(columns.at(0).proxies).toEqual({});
    expect(columns.at(1).proxies).toEqual({ near: 3, synflow: 10 });
  });
});
