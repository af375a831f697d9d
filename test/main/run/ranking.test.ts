import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CandidateId, EvaluatedCandidate } from '../../../main/run/candidate.ts';
import { dominates } from '../../../main/common/dominance.ts';
import type { ObjectivePart } from '../../../main/common/objectives.ts';
import {
  costOf,
  figuresByCandidate,
  figuresOf,
  frontOf,
  type Ranking,
} from '../../../main/run/ranking.ts';
import type { Genotype } from '../../../main/space/space.ts';
import { toyFailure, toyLatency, toyScore } from '../../support/toy-search.ts';

interface Figures {
  readonly zico: number;
  readonly zicoCapped: number;
  readonly bias: number;
  readonly macs: number;
  readonly latencyMs: number | null;
  readonly near?: number;
  readonly synflow?: number;
}

function candidate(id: number, figures: Figures): EvaluatedCandidate {
  const genotype = '1-1-1-1-1' as Genotype;
  const { zico, zicoCapped, bias, macs, latencyMs, near = 0, synflow = 0 } = figures;
  const proxies = { near: { value: near }, synflow: { value: synflow } };
  const facts = { layers: 1, liveLayers: 1, lnChannels: 1, proxies };
  return {
    id: id as CandidateId,
    genotype,
    generation: 0,
    parents: [],
    parameters: 1,
    macs,
    status: 'evaluated',
    score: { ...toyScore(genotype), zico, zicoCapped, bias, facts },
    latency: latencyMs === null ? null : { ...toyLatency(genotype), latencyMs },
  };
}

const small = fc.integer({ min: 0, max: 8 });
const figures: fc.Arbitrary<Figures> = fc.record({
  zico: small,
  zicoCapped: small,
  bias: small,
  macs: small,
  latencyMs: fc.option(small),
  near: small,
  synflow: small,
});
const ranking: fc.Arbitrary<Ranking> = fc.record({
  parts: fc.constantFrom<ObjectivePart[]>(['zico-bc'], ['zico'], ['near'], ['near', 'synflow']),
  beta: fc.constantFrom(0, 0.5, 1, 2),
  termCap: fc.constantFrom(null, 100),
  cost: fc.constantFrom('latency', 'macs'),
});

describe('Pareto front of a run', () => {
  it('subtracts beta times the bias from the score that the ranking names', () => {
    const one = candidate(1, { zico: 10, zicoCapped: 7, bias: 2, macs: 1, latencyMs: 1 });
    const figure = (beta: number, termCap: number | null, part: ObjectivePart = 'zico-bc') =>
      figuresOf([one], { parts: [part], beta, termCap })[0];
    expect(figure(0, null)).toBe(10);
    expect(figure(1.5, null)).toBe(7);
    expect(figure(1, 100)).toBe(5);
    expect(figure(1, 100, 'zico')).toBe(7);
  });

  it('adds up ranks among those that were scored, ties sharing theirs', () => {
    const parts: ObjectivePart[] = ['near', 'synflow'];
    const list = [
      [5, 1],
      [7, 1],
      [7, 9],
    ] as const;
    const some = list.map(([near, synflow], i) =>
      candidate(i + 1, { zico: 0, zicoCapped: 0, bias: 0, macs: 1, latencyMs: 1, near, synflow }),
    );
    expect(figuresOf(some, { parts, beta: 1, termCap: null })).toEqual([2.5, 4, 5.5]);
    const failed = [some[0]!, toyFailure(9), some[1]!, some[2]!];
    const cheap = { parts, beta: 1, termCap: null, cost: 'macs' } as const;
    expect([...figuresByCandidate(failed, cheap).values()]).toEqual([2.5, 4, 5.5]);
    expect(frontOf(failed, cheap)).toEqual([some[2]]);
  });

  it('ranks last what has no value, and takes no rank from others for it', () => {
    const some = [3, 4].map((near, i) =>
      candidate(i + 1, { zico: 0, zicoCapped: 0, bias: 0, macs: 1, latencyMs: 1, near }),
    );
    const silent = { ...some[0]!.score, facts: { ...some[0]!.score.facts!, proxies: {} } };
    const all = [{ ...some[0]!, score: silent }, ...some];
    const by = (parts: ObjectivePart[]) => figuresOf(all, { parts, beta: 1, termCap: null });
    expect(by(['near'])).toEqual([-Infinity, 3, 4]);
    expect(by(['zico', 'near'])).toEqual([-Infinity, 2.5, 3.5]);
  });

  it('is what none other dominates, in a stable order', () => {
    fc.assert(
      fc.property(fc.array(figures, { maxLength: 25 }), ranking, (list, by) => {
        const candidates = list.map((one, i) => candidate(i + 1, one));
        const front = frontOf(candidates, by);
        const figures = figuresOf(candidates, by);
        const objectivesOf = (one: EvaluatedCandidate) => {
          const cost = costOf(one, by);
          return cost === null ? null : [-figures[one.id - 1]!, cost];
        };
        const measured = candidates.filter((one) => objectivesOf(one) !== null);
        const expected = measured.filter(
          (one) => !measured.some((other) => dominates(objectivesOf(other)!, objectivesOf(one)!)),
        );
        expect(new Set(front)).toEqual(new Set(expected));
        expect(frontOf(candidates.toReversed(), by)).toEqual(front);
        for (const [i, one] of front.slice(1).entries()) {
          const [before, after] = [objectivesOf(front[i]!)!, objectivesOf(one)!];
          const tie = before[0] === after[0] && before[1] === after[1];
          expect(tie ? front[i]!.id < one.id : before[1]! < after[1]!).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leaves failed candidates and those without a latency out', () => {
    const unmeasured = candidate(2, { zico: 1, zicoCapped: 1, bias: 0, macs: 1, latencyMs: null });
    const candidates = [toyFailure(1), unmeasured];
    expect(
      frontOf(candidates, { parts: ['zico-bc'], beta: 1, termCap: null, cost: 'latency' }),
    ).toEqual([]);
    expect(
      frontOf(candidates, { parts: ['zico-bc'], beta: 1, termCap: null, cost: 'macs' }),
    ).toEqual([unmeasured]);
  });
});
