import { describe, expect, it } from 'vitest';
import type { LatencyBounds } from '../../../../main/common/latency-bounds.ts';
import type { PageRow } from '../../../../preload/contract.ts';
import {
  asTable,
  comparison,
  type Compared,
} from '../../../../renderer/choosing/compare/comparison.ts';
import { choosingText } from '../../../../renderer/choosing/text.ts';
import type { Known } from '../../../../main/common/known.ts';

function compared(id: number, values: number[], latencyMs: number, runsMs: number[]): Compared {
  const row: PageRow = {
    id,
    genotype: values.join(':'),
    values,
    generation: 0,
    parents: [],
    relativeDepth: 0.5,
    relativeWidth: 0.5,
    parameters: values[0]! * 1000,
    macs: values[0]! * 1e6,
    status: 'evaluated',
    zico: 200 + id,
    zicoCapped: 190,
    bias: 50,
    proxies: {},
    biases: {},
    ...{ latencyMs, latencyBounds: null, latencyDoubtful: false },
    failure: null,
  };
  const detail = {
    row,
    layers: [],
    termCap: null,
    losses: [],
    scoringSeconds: 1,
    facts: null,
    engine: null,
    latency: {
      latencyMs,
      p90Ms: latencyMs + 1,
      minMs: latencyMs - 0.1,
      runsMs,
      conditions: '',
      bounds: { lowMs: latencyMs * 0.96, highMs: latencyMs * 1.04, basis: 'interval' as const },
      phone: null,
      unsteady: [],
    },
  };
  return { row, detail, score: 150 + id, note: '' };
}
const runs = [1, 1.1, 1.2, 1.05, 1.15, 1.1];
const pair = [compared(1, [8, 16], 1, runs), compared(2, [8, 64], 2.5, runs)];
const options = {
  reference: 0,
  genes: ['c0', 'c1'].map((name) => ({ name, choices: [8, 16, 24, 32] })),
  scoreName: 'ZiCo-BC',
  latencyDecimals: 2,
  onlyDifferences: false,
};
const rowOf = (name: string, sections = comparison(pair, options)) =>
  sections.flatMap(({ rows }) => rows).find((row) => row.name === name);

describe('a comparison', () => {
  it('says the score once where no correction sets it apart from ZiCo', () => {
    const plain = comparison(pair, { ...options, scoreName: choosingText.rows.zicoCapped });
    const names = plain.flatMap(({ rows }) => rows.map(({ name }) => name));
    expect(names.filter((name) => name === choosingText.rows.zicoCapped)).toHaveLength(1);
    expect(new Set(names).size).toBe(names.length);
  });

  it('marks the genes that differ from the reference', () => {
    expect(rowOf('c0')?.cells.map(({ differs }) => differs)).toEqual([false, false]);
    expect(rowOf('c1')?.cells.map(({ text, differs }) => [text, differs])).toEqual([
      ['16', false],
      ['64', true],
    ]);
  });

  it('gives differences to the reference and parts of the largest', () => {
    const median = rowOf('Median, ms');
    expect(median?.cells.map(({ text, delta }) => [text, delta])).toEqual([
      ['1.00', ''],
      ['2.50', '+1.50'],
    ]);
    expect(median?.cells.map(({ share }) => share)).toEqual([0.4, 1]);
    const other = rowOf('Median, ms', comparison(pair, { ...options, reference: 1 }));
    expect(other?.cells.map(({ delta }) => delta)).toEqual(['−1.50', '']);
  });

  it('leaves out what is equal, where that is wanted', () => {
    const sections = comparison(pair, { ...options, onlyDifferences: true });
    expect(rowOf('c0', sections)).toBeUndefined();
    expect(rowOf('Bias', sections)).toBeUndefined();
    expect(rowOf('c1', sections)).toBeDefined();
  });

  it('says nothing of latencies that nobody measured', () => {
    const unmeasured = pair.map((one) => ({ ...one, row: { ...one.row, latencyMs: null } }));
    expect(comparison(unmeasured, options).map(({ title }) => title)).not.toContain('Latency');
  });

  it('becomes a table of tabs and lines, one line a row', () => {
    const noted = [{ ...pair[0]!, note: 'two\nlines' }, pair[1]!];
    const lines = asTable(['a', 'b'], comparison(noted, options)).split('\n');
    expect(lines[0]).toBe('\ta\tb');
    expect(lines).toContain('c1\t16\t64');
    expect(lines.at(-1)).toBe('Note\ttwo lines\t');
    for (const line of lines) expect(line.split('\t')).toHaveLength(3);
  });
});

describe('the interval of a compared latency', () => {
  const cellsWith = (bounds: LatencyBounds | null) => {
    const [one, other] = pair as Known<Compared>;
    const detail = { ...one.detail!, latency: { ...one.detail!.latency!, bounds } };
    return rowOf('95 % interval, ms', comparison([{ ...one, detail }, other], options))?.cells;
  };

  it('is the one that was stored with it', () => {
    const cells = cellsWith({ lowMs: 70.25, highMs: 90.75, basis: 'interval' });
    expect(cells?.map(({ text }) => text)).toEqual(['70.25 to 90.75', '2.40 to 2.60']);
  });

  it('says where it is of the protocol of 0.1, and where there is none', () => {
    const older = cellsWith({ lowMs: 70.25, highMs: 90.75, basis: 'interval of 0.1' });
    expect(older?.[0]?.text).toBe('70.25 to 90.75, of 0.1’s protocol');
    expect(cellsWith(null)?.[0]?.text).toBe('not recorded');
  });
});
