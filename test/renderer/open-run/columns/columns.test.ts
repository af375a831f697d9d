import { describe, expect, it } from 'vitest';
import { candidatePage } from '../../../../preload/candidate-page.ts';
import { packRows } from '../../../../main/electron/pack-rows.ts';
import { CandidateColumns } from '../../../../renderer/open-run/columns/columns.ts';
import { lineageOf } from '../../../../renderer/candidate/lineage.ts';
import { rows } from '../../fake-bridge.ts';

const many = rows(700);
const columnsOf = (some = many): CandidateColumns => {
  const columns = new CandidateColumns();
  columns.append(packRows(some));
  return columns;
};

describe('columns', () => {
  it('give every row back as it was', () => {
    const columns = columnsOf();
    expect(candidatePage.safeParse(packRows(many)).success).toBe(true);
    expect(many.some(({ status }) => status === 'failed')).toBe(true);
    expect(many.map((_, index) => columns.at(index))).toEqual(many);
  });

  it('keep the index of a candidate when they grow, whatever comes twice', () => {
    const columns = columnsOf(many.slice(0, 200));
    const before = columns.index(150);
    expect(columns.append(packRows(many))).toBe(500);
    expect(columns.append(packRows([]))).toBe(0);
    expect(columns.length).toBe(700);
    expect(columns.index(150)).toBe(before);
    expect(columns.zico[699]).toBe(many[699]!.zico);
    expect(columns.failed).toBe(many.filter(({ status }) => status === 'failed').length);
    expect(columns.row(150)).toEqual(many[149]);
  });

  it('give the same object while a row is looked at', () => {
    const columns = columnsOf();
    expect(columns.at(3)).toBe(columns.at(3));
  });

  it('hold no value for what failed, but its size and its reason', () => {
    const columns = columnsOf();
    const failed = many.findIndex(({ status }) => status === 'failed');
    expect(columns.isFailed(failed)).toBe(true);
    expect(columns.zico[failed]).toBeNaN();
    expect(columns.macs[failed]).toBeNaN();
    expect(columns.sizeOf(failed).macs).toBe(many[failed]!.macs);
    expect(columns.at(failed).failure).toEqual(many[failed]!.failure);
  });

  it('know parents and children, in whichever order they came', () => {
    const family = rows(6).map((row, i) => ({ ...row, parents: i > 3 ? [1, i - 1] : [] }));
    const columns = columnsOf([family[5]!, ...family.slice(0, 5)]);
    expect(lineageOf(columns, 5)).toEqual({ parents: [1, 3], children: [] });
    expect(lineageOf(columns, 1)).toEqual({ parents: [], children: [5, 6] });
    expect(lineageOf(columns, 4)).toEqual({ parents: [], children: [6] });
  });
});
