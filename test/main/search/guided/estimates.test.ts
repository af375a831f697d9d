import { describe, expect, it } from 'vitest';
import { generatorFor } from '../../../../main/random.ts';
import { besides, type Candidate, type CandidateId } from '../../../../main/run/candidate.ts';
import { estimatesOf, type Estimates } from '../../../../main/search/guided/estimates.ts';
import { runAtOnce } from '../../../../main/search/guided/slices.ts';
import { frontOf, rankingOf } from '../../../../main/run/ranking.ts';
import type { SearchSettings } from '../../../../main/common/settings/index.ts';
import type { Genotype, Space } from '../../../../main/space/space.ts';
import { createToySpace } from '../../../support/toy-space.ts';
import { toyLatency, toyScore, toySettings, toySize } from '../../../support/toy-search.ts';

const toy = createToySpace();
const settings: SearchSettings = { ...toySettings, search: 'guided', inFlight: 4, beta: 0 };
const truth = (genotype: Genotype): number =>
  toy.values(genotype).reduce((sum, digit) => sum + Math.log(digit), 0);

/** Scored with noise of deviation 0.3, of a range of about ten. */
function scored(count: number, space: Space = toy, latency = false): Candidate[] {
  const random = generatorFor('noise');
  const uniform = (): number => (random.next() >>> 0) / 2 ** 32;
  const drawn = new Set(Array.from({ length: count }, () => space.sample(random)));
  return [...drawn].map((genotype, i): Candidate => {
    const noise = Array.from({ length: 12 }, uniform).reduce((sum, u) => sum + u, -6) * 0.3;
    const score = { ...toyScore(genotype), zico: truth(genotype) + noise };
    const proposal = { genotype, generation: 0, parents: [], ...toySize(genotype) };
    return {
      ...{ ...proposal, id: (i + 1) as CandidateId, status: 'evaluated', score },
      latency: latency ? toyLatency(genotype) : null,
    };
  });
}

function estimated(
  candidates: readonly Candidate[],
  changes: Partial<SearchSettings> = {},
  space: Space = toy,
): Estimates {
  const request = { space, settings: { ...settings, ...changes }, candidates, count: toySize };
  const estimates = runAtOnce(estimatesOf(request));
  if (estimates === null) throw new Error('something was scored');
  return estimates;
}

describe('estimates', { timeout: 60_000 }, () => {
  const candidates = scored(60);
  const estimates = estimated(candidates);

  it('lie nearer to the truth than noisy scores do', () => {
    const errors = candidates.map((one) => {
      if (one.status === 'failed') throw new Error('none failed');
      const estimate = estimates.byId.get(one.id)?.score ?? NaN;
      return [
        Math.abs(estimate - truth(one.genotype)),
        Math.abs(one.score.zico! - truth(one.genotype)),
      ];
    });
    const mean = (k: number) => errors.reduce((sum, pair) => sum + pair[k]!, 0) / errors.length;
    expect(mean(0)).toBeLessThan(0.9 * mean(1));
  });

  it('offer a front over the whole space, better than that of what was scored', () => {
    const { front } = estimates;
    front.slice(1).forEach(({ size, estimate }, i) => {
      expect(size.macs).toBeGreaterThan(front[i]!.size.macs);
      expect(estimate.score).toBeGreaterThan(front[i]!.estimate.score);
    });
    const raw = frontOf(candidates, rankingOf(settings));
    const offered = front.map(({ genotype, size }) => ({ genotype, macs: size.macs }));
    /** What is truly got by who takes the front's best network within each of some budgets. */
    const worth = (networks: readonly { genotype: Genotype; macs: number }[]): number =>
      [1e8, 1.5e8, 2e8, 3e8, 4e8, 5e8, 6e8, 7e8]
        .map((most) => networks.filter(({ macs }) => macs <= most).at(-1))
        .reduce((sum, taken) => sum + (taken ? truth(taken.genotype) : 0), 0);
    expect(worth(offered)).toBeGreaterThan(worth(raw));
    expect(front.some(({ candidate }) => candidate === null)).toBe(true);
  });

  it('say how sure a place on the front is', () => {
    for (const { frontShare, estimate } of estimates.front) {
      expect(frontShare).toBeGreaterThanOrEqual(0);
      expect(frontShare).toBeLessThanOrEqual(1);
      expect(estimate.deviation).toBeGreaterThan(0);
    }
    const first = estimates.front[0]!.frontShare;
    expect(first).toBe(1); // nothing is cheaper, and whatever it scores it is on the front
    expect(estimates.front.some(({ frontShare }) => frontShare < 1)).toBe(true);
  });

  it('are the same for the same run', () => {
    expect(estimated(candidates)).toEqual(estimates);
  });

  it('take MACs or latencies within their limits, measured ones as measured', () => {
    const within = estimated(candidates, { maxMacs: 3e8 });
    for (const { candidate, size } of within.front) {
      if (candidate === null) expect(size.macs).toBeLessThanOrEqual(3e8);
    }
    const measured = scored(60, toy, true);
    const { front } = estimated(measured, { latency: 'host', maxLatencyMs: 1.6 });
    for (const { candidate, latencyMs } of front) {
      expect(latencyMs).toBeLessThanOrEqual(1.6 + 1e-9);
      if (candidate !== null) expect(latencyMs).toBe(candidate.latency?.latencyMs);
    }
  });

  it('look around the front in a space too large to go through', () => {
    const large = createToySpace(9, 8);
    const { front } = estimated(scored(60, large), {}, large);
    expect(front.length).toBeGreaterThan(5);
    const best = front[front.length - 1]!;
    expect(truth(best.genotype)).toBeGreaterThan(9 * Math.log(8) - 1.5);
  });

  it('cope with fewer candidates than genes', () => {
    const wide = createToySpace(26, 3);
    const { front, byId } = estimated(scored(5, wide), {}, wide);
    expect(byId.size).toBe(5);
    expect(front.length).toBeGreaterThan(0);
    for (const { estimate } of front) {
      expect(Number.isFinite(estimate.score) && Number.isFinite(estimate.deviation)).toBe(true);
    }
  });

  it('keep the place of a network that was scored besides and not measured', () => {
    const measured = scored(60, toy, true);
    const hidden = estimated(measured, { latency: 'host' }).front.find(
      ({ candidate }) => candidate === null,
    )!;
    const score = { ...toyScore(hidden.genotype), zico: hidden.estimate.score };
    const extra: Candidate = {
      ...{ id: besides, genotype: hidden.genotype, generation: 0, parents: [] },
      ...{ ...toySize(hidden.genotype), status: 'evaluated', score, latency: null },
    };
    const { front } = estimated([...measured, extra], { latency: 'host' });
    const there = front.find(({ genotype }) => genotype === hidden.genotype);
    expect(there?.candidate?.id).toBe(besides);
    expect(there!.latencyMs! / hidden.latencyMs!).toBeCloseTo(1, 1);
  });

  it('cope with one candidate, with equal scores, and with failures alone', () => {
    expect(estimated(scored(1)).front.length).toBeGreaterThan(0);
    const flat = scored(12).map((one): Candidate =>
      one.status === 'evaluated' ? { ...one, score: { ...one.score, zico: 4 } } : one,
    );
    const front = estimated(flat).front;
    expect(front[0]!.estimate.score).toBeCloseTo(4, 9);
    const failure = { code: 'engine-crashed', message: 'It died.', hint: 'Retry.' };
    const failed = scored(3).map(
      ({ id, genotype, generation, parents, parameters, macs }): Candidate => ({
        ...{ id, genotype, generation, parents, parameters, macs },
        ...{ status: 'failed', failure },
      }),
    );
    const request = { space: toy, settings, candidates: failed, count: toySize };
    expect(runAtOnce(estimatesOf(request))).toBeNull();
  });
});
