import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CandidateId, EvaluatedCandidate } from '../../../main/run/candidate.ts';
import { dominates } from '../../../main/common/dominance.ts';
import { objectivesOf, frontOf, rankedBy, type Ranking } from '../../../main/run/ranking.ts';
import type { Genotype } from '../../../main/space/space.ts';
import { toyFailure, toyLatency, toyScore } from '../../support/toy-search.ts';

interface Figures {
  readonly zico: number;
  readonly zicoCapped: number;
  readonly bias: number;
  readonly macs: number;
  readonly latencyMs: number | null;
}

function candidate(id: number, figures: Figures): EvaluatedCandidate {
  const genotype = '1-1-1-1-1' as Genotype;
  const { zico, zicoCapped, bias, macs, latencyMs } = figures;
  return {
    id: id as CandidateId,
    genotype,
    generation: 0,
    parents: [],
    parameters: 1,
    macs,
    status: 'evaluated',
    score: { ...toyScore(genotype), zico, zicoCapped, bias },
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
});
const ranking: fc.Arbitrary<Ranking> = fc.record({
  beta: fc.constantFrom(0, 0.5, 1, 2),
  termCap: fc.constantFrom(null, 100),
  cost: fc.constantFrom('latency', 'macs'),
});

describe('Pareto front of a run', () => {
  it('subtracts beta times the bias from the score that the ranking names', () => {
    const score = { zico: 10, zicoCapped: 7, bias: 2 };
    expect(rankedBy(score, { beta: 0, termCap: null })).toBe(10);
    expect(rankedBy(score, { beta: 1.5, termCap: null })).toBe(7);
    expect(rankedBy(score, { beta: 1, termCap: 100 })).toBe(5);
  });

  it('is what none other dominates, in a stable order', () => {
    fc.assert(
      fc.property(fc.array(figures, { maxLength: 25 }), ranking, (list, by) => {
        const candidates = list.map((one, i) => candidate(i + 1, one));
        const front = frontOf(candidates, by);
        const measured = candidates.filter((one) => objectivesOf(one, by) !== null);
        const expected = measured.filter(
          (one) =>
            !measured.some((other) => dominates(objectivesOf(other, by)!, objectivesOf(one, by)!)),
        );
        expect(new Set(front)).toEqual(new Set(expected));
        expect(frontOf(candidates.toReversed(), by)).toEqual(front);
        for (const [i, one] of front.slice(1).entries()) {
          const [before, after] = [objectivesOf(front[i]!, by)!, objectivesOf(one, by)!];
          const tie = before[0] === after[0] && before[1] === after[1];
          expect(tie ? front[i]!.id < one.id : before[1] < after[1]).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leaves failed candidates and those without a latency out', () => {
    const unmeasured = candidate(2, { zico: 1, zicoCapped: 1, bias: 0, macs: 1, latencyMs: null });
    const candidates = [toyFailure(1), unmeasured];
    expect(frontOf(candidates, { beta: 1, termCap: null, cost: 'latency' })).toEqual([]);
    expect(frontOf(candidates, { beta: 1, termCap: null, cost: 'macs' })).toEqual([unmeasured]);
  });
});
