/** What a search says of the errors of its latencies: in words, as JSON and as rows. */
import { describe, expect, it } from 'vitest';
import { candidateRows } from '../../main/workbench/candidate-rows.ts';
import { searchResult } from '../../main/asked/search-result.ts';
import { searchInWords } from '../../main/cli/search-report.ts';
import { defaultSearchSettings } from '../../main/common/settings/index.ts';
import type { LatencyConditions } from '../../main/latency/latency.ts';
import type { EvaluatedCandidate } from '../../main/run/candidate.ts';
import { indistinctFrom, indistinctOnFront } from '../../main/run/latency-errors.ts';
import { toyRunInfo } from '../support/toy-search.ts';
import { fakeCandidate } from './fake-workbench.ts';

const settings = { ...defaultSearchSettings, latency: 'phone' as const, seed: 3 };
const base = {
  ...{ source: 'phone' as const, device: 'SM-G973F', runner: 'ort-glibc-cpu' },
  ...{ engineVersion: '1', precision: 'float32', threads: 1, warmUp: 10, runs: 150 },
};
const phone = {
  ...{ serial: 'R5', serialNumber: null, model: 'SM-G973F', chip: null, android: null },
  ...{ engine: 'onnxruntime', provider: null, mask: 0xc0, unsteady: [], correctedMs: null },
};

/** On the front by its number: the later, the better. */
function measured(
  id: number,
  latencyMs: number,
  conditions: LatencyConditions,
): EvaluatedCandidate {
  const candidate = fakeCandidate(id, settings, false) as EvaluatedCandidate;
  const score = { ...candidate.score, zico: 100 + id, zicoCapped: 100 + id, bias: 1 };
  const latency = { latencyMs, p90Ms: latencyMs, minMs: latencyMs, runsMs: [], conditions };
  return { ...candidate, score, latency };
}
const older = (id: number, latencyMs: number, off: number) =>
  measured(id, latencyMs, {
    ...base,
    phone: { ...phone, intervalMs: [latencyMs - off, latencyMs + off] },
  });
const today = (id: number, latencyMs: number, off: number) => {
  const ms = [latencyMs - off, latencyMs + off] as const;
  const interval = { ms, asked: 0.05, reached: true };
  return measured(id, latencyMs, { ...base, interval, phone: { ...phone, intervalMs: ms } });
};

function said(candidates: readonly EvaluatedCandidate[]) {
  const contents = {
    info: toyRunInfo(settings),
    candidates,
    extras: [],
    trained: [],
    withoutDigest: 0,
  };
  const ended = { run: 'x.zico', status: 'finished' as const, scoring: null };
  const result = searchResult({ ...ended, rejected: 0, repaired: 0 }, contents, null);
  const words = searchInWords(result, 'nats-sss', candidates, { estimates: null, computing: null });
  return { result, words, rows: candidateRows(contents, null) };
}

describe('the errors of latencies', () => {
  it('stand beside the figures, and say where neighbours cannot be told apart', () => {
    const { result, words, rows } = said([today(1, 10, 1), today(2, 10.5, 1), today(3, 30, 1)]);
    expect(result.indistinct).toBe(1);
    expect(words).toContain('10.000 +-10 %');
    expect(words).toMatch(/1 of 2 neighbours on the front have latencies that differ by less/);
    expect(words).not.toContain("0.1's protocol");
    expect(rows[0]).toMatchObject({ latencyLowMs: 9, latencyHighMs: 11, latencyBasis: 'interval' });
  });

  it('are called those of 0.1’s protocol where they are', () => {
    const { words, rows } = said([older(1, 10, 0.1), today(2, 20, 0.1), older(3, 30, 0.1)]);
    expect(words).toContain("Intervals of candidates 1, 3 are of 0.1's protocol");
    expect(words).toContain('10.000 +-1.0 %');
    expect(rows.map(({ latencyBasis }) => latencyBasis)).toEqual([
      ...['interval of 0.1', 'interval', 'interval of 0.1'],
    ]);
    expect(said([older(1, 10, 0.1)]).words).toContain("Intervals of these are of 0.1's protocol");
  });

  it('are called by what they hold where they were taken on a virtual machine', () => {
    const guest = (id: number, latencyMs: number) => {
      const ms = [0.9 * latencyMs, 1.1 * latencyMs] as const;
      const interval = { ms, asked: 0.05, reached: true, covers: 0.65 };
      return measured(id, latencyMs, { ...base, source: 'host', interval });
    };
    expect(said([today(1, 10, 1), guest(2, 20)]).words).toContain(
      'Intervals of candidates 2 were taken on a virtual machine, where such intervals held in about 65 % of cases.',
    );
    expect(said([today(1, 10, 1)]).words).not.toContain('virtual machine');
  });
});

it('tells which members of a front one network cannot be told from', () => {
  const front = [today(1, 10, 1), today(2, 10.5, 1), today(3, 30, 1)];
  expect(indistinctOnFront(front)).toBe(1);
  expect(indistinctFrom(front[0]!, front)).toEqual([2]);
  expect(indistinctFrom(today(9, 10.2, 1), front)).toEqual([1, 2]);
  expect(indistinctFrom({ ...front[0]!, latency: null }, front)).toEqual([]);
});
