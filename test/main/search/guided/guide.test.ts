import fc from 'fast-check';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAccuracyTable } from '../../../../main/benchmark/accuracy-table.ts';
import {
  cannotGain,
  expectedGain,
  normalShare,
  frontSteps,
} from '../../../../main/search/guided/expected-gain.ts';
import type { ProposalResult } from '../../../../main/search/guided/beliefs.ts';
import { Guide, type GuideOptions } from '../../../../main/search/guided/guide.ts';
import { runAtOnce } from '../../../../main/search/guided/slices.ts';
import { generatorFor, seedOf } from '../../../../main/random.ts';
import { startDesign } from '../../../../main/search/guided/start-design.ts';
import { hypervolume } from '../../../../main/common/hypervolume.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import type { Genotype } from '../../../../main/space/space.ts';
import { createToySpace } from '../../../support/toy-space.ts';
import { toySize } from '../../../support/toy-search.ts';

describe('the expected gain', () => {
  const point = fc.record({
    cost: fc.double({ min: 0, max: 10, noNaN: true }),
    score: fc.double({ min: 0, max: 10, noNaN: true }),
  });
  const reference = { cost: 11, score: -1 };

  it('is the gain itself where the score is certain', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 8 }), point, (front, tried) => {
        const area = (points: readonly { cost: number; score: number }[]) =>
          hypervolume(
            points.map(({ cost, score }) => [cost, -score] as const),
            [reference.cost, -reference.score],
          );
        const gain = expectedGain(frontSteps(front, reference), tried.cost, {
          mean: tried.score,
          deviation: 1e-9,
        });
        expect(gain).toBeCloseTo(area([...front, tried]) - area(front), 6);
      }),
    );
  });

  it('is the mean of the gains that the score may have', () => {
    const front = [
      { cost: 1, score: 2 },
      { cost: 4, score: 5 },
      { cost: 6, score: 5.5 },
    ];
    const steps = frontSteps(front, reference);
    const belief = { mean: 4, deviation: 1.5 };
    let mean = 0;
    const parts = 4000;
    for (let i = 0; i < parts; i++) {
      const z = -6 + (12 * (i + 0.5)) / parts;
      const density = Math.exp(-z * z * 0.5) / Math.sqrt(2 * Math.PI);
      const score = belief.mean + z * belief.deviation;
      mean += (12 / parts) * density * expectedGain(steps, 3, { mean: score, deviation: 1e-12 });
    }
    expect(expectedGain(steps, 3, belief)).toBeCloseTo(mean, 5);
  });

  it('is passed over only where it is not above what another one has', () => {
    const belief = fc.record({
      mean: fc.double({ min: -5, max: 15, noNaN: true }),
      deviation: fc.double({ min: 1e-3, max: 4, noNaN: true }),
    });
    const cost = fc.double({ min: 0, max: 12, noNaN: true });
    let passedOver = 0;
    fc.assert(
      fc.property(
        ...([fc.array(point, { maxLength: 12 }), cost, belief, cost, belief] as const),
        (front, tried, of, other, ofOther) => {
          const steps = frontSteps(front, reference);
          const least = expectedGain(steps, other, ofOther);
          if (!cannotGain(steps, tried, of, least)) return;
          passedOver++;
          expect(expectedGain(steps, tried, of)).toBeLessThanOrEqual(least);
        },
      ),
      { numRuns: 1_000 },
    );
    expect(passedOver).toBeGreaterThan(100);
  });

  it('knows the normal distribution far out', () => {
    expect(normalShare(0)).toBeCloseTo(0.5, 7);
    expect(normalShare(1.959963985)).toBeCloseTo(0.975, 7);
    expect(normalShare(-6) / 9.865876450377e-10).toBeCloseTo(1, 6);
  });
});

const nats = spaceNamed('nats-sss');
const sizes = new Map<Genotype, ReturnType<typeof nats.counts>>();
const natsSize = (genotype: Genotype) => {
  const known = sizes.get(genotype) ?? nats.counts(genotype);
  sizes.set(genotype, known);
  return known;
};

describe('the start', () => {
  it('has the cheapest and the dearest network, and every one once', () => {
    const start = runAtOnce(
      startDesign({ space: nats, seed: 3, count: 12, summarise: natsSize, excess: () => 0 }),
    );
    expect(start.slice(0, 2)).toEqual(['8:8:8:8:8', '64:64:64:64:64']);
    expect(new Set(start).size).toBe(12);
  });

  it('keeps within limits, and is empty where nothing meets them', () => {
    const request = { space: nats, seed: 3, count: 12, summarise: natsSize };
    const most = 60e6;
    const excess = (genotype: Genotype) => Math.max(natsSize(genotype).macs / most - 1, 0);
    const start = runAtOnce(startDesign({ ...request, excess }));
    expect(start).toHaveLength(12);
    for (const genotype of start) expect(natsSize(genotype).macs).toBeLessThanOrEqual(most);
    const dearest = Math.max(...start.map((genotype) => natsSize(genotype).macs));
    expect(dearest).toBeGreaterThan(0.9 * most);
    expect(runAtOnce(startDesign({ ...request, excess: () => 1 }))).toEqual([]);
  });

  it('is all of a space of one network', () => {
    const space = createToySpace(1, 1);
    const start = runAtOnce(
      startDesign({ space, seed: 3, count: 8, summarise: toySize, excess: () => 0 }),
    );
    expect(start).toEqual(['1']);
  });
});

/** One of a standard normal distribution, the same for a network every time (Box and Muller's). */
function normalOf(genotype: Genotype): number {
  const [u, v] = ['u', 'v'].map((what) => (seedOf(what, genotype) + 0.5) / 2 ** 32);
  return Math.sqrt(-2 * Math.log(u!)) * Math.cos(2 * Math.PI * v!);
}

const toy = createToySpace();
const options: GuideOptions = {
  space: toy,
  seed: 5,
  summarise: toySize,
  excess: () => 0,
  parts: [{ weight: 1 }],
  latency: null,
};
const scored = (genotype: Genotype): ProposalResult => ({
  parts: [genotype.split('-').reduce((sum, d) => sum + Math.log(Number(d)), 0)],
  latencyMs: null,
});

/** Proposals one after the other, each seeing the results of those `inFlight` before it. */
function propose(
  chosen: GuideOptions,
  start: readonly Genotype[],
  count: number,
  resultOf: (genotype: Genotype) => ProposalResult,
  inFlight = 1,
): Genotype[] {
  const guide = new Guide(chosen);
  const proposed = [...start];
  while (proposed.length < count) {
    const known = proposed.slice(0, Math.max(proposed.length + 1 - inFlight, 0));
    const next = runAtOnce(guide.propose(proposed, known.map(resultOf)));
    if (next === null) break;
    proposed.push(next);
  }
  return proposed;
}

describe('a guide', { timeout: 60_000 }, () => {
  const start = [1, 5000, 20_000, 32_767].map((index) => toy.at(index));

  it('proposes the same whenever it is asked, and without having been asked before', () => {
    const proposed = propose(options, start, 30, scored, 4);
    expect(propose(options, start, 30, scored, 4)).toEqual(proposed);
    expect(new Set(proposed).size).toBe(30);
    for (const place of [12, 23, 29]) {
      const before = proposed.slice(0, place);
      const results = before.slice(0, place - 3).map(scored);
      expect(runAtOnce(new Guide(options).propose(before, results))).toBe(proposed[place]);
    }
  });

  it('goes on by the first rule as it was when runs began with it', () => {
    const proposed = `
      8-1-1-1-2 2-2-3-2-1 5-8-1-1-1 8-8-7-2-2 8-4-8-8-1 5-4-3-3-1 2-2-1-2-1 8-5-5-3-1 8-8-7-5-5
      2-2-1-1-1 5-2-3-2-1 6-5-6-4-3 7-7-5-5-4 5-4-3-3-3 2-2-2-2-1 6-5-4-3-3 3-3-3-2-2 8-8-7-5-7
      4-2-2-2-1 3-2-1-1-1 5-4-3-3-2 4-2-2-2-2 3-2-2-1-1 8-8-7-7-7 5-3-3-2-2 6-5-4-4-3 7-5-5-5-4
      8-8-5-5-5 3-2-2-2-1 5-4-4-3-3 3-2-2-2-2 5-4-3-2-2 4-3-2-2-2 7-5-5-4-4 6-5-4-4-4 8-6-5-5-5
      4-3-3-2-2 8-8-8-7-7 2-2-2-1-1 8-8-7-6-5 3-1-1-1-1 6-4-4-3-3 6-4-3-3-2 8-8-7-7-6 8-8-6-5-5
      4-4-3-3-2 7-5-4-4-3 3-3-2-2-2 7-6-5-5-4 3-3-2-2-1 6-4-3-3-3 7-5-4-3-3 8-7-5-5-5 8-8-8-8-7
      1-2-1-1-1 8-5-5-4-4`;
    const asBefore = propose(options, start, 60, scored, 4).slice(4);
    expect(asBefore).toEqual(proposed.trim().split(/\s+/));
    const byTheSecond = propose({ ...options, revision: 2 }, start, 60, scored, 4);
    expect(byTheSecond.slice(4)).not.toEqual(asBefore);
    for (const place of [12, 37, 59]) {
      const before = byTheSecond.slice(0, place);
      const results = before.slice(0, place - 3).map(scored);
      const fresh = new Guide({ ...options, revision: 2 });
      expect(runAtOnce(fresh.propose(before, results))).toBe(byTheSecond[place]);
    }
  });

  it('looks at no result that is still in flight', () => {
    const proposed = propose(options, start, 20, scored, 4);
    const wrong = new Set(proposed.slice(14));
    const misled = (genotype: Genotype) =>
      wrong.has(genotype) ? { parts: [-1e3], latencyMs: null } : scored(genotype);
    expect(propose(options, start, 18, misled, 4)).toEqual(proposed.slice(0, 18));
  });

  it('does without failed candidates, and with scores that are all equal', () => {
    const failing = (genotype: Genotype) => (genotype.includes('3') ? null : scored(genotype));
    expect(new Set(propose(options, start, 20, failing)).size).toBe(20);
    expect(new Set(propose(options, start, 14, () => null)).size).toBe(14);
    const flat = propose(options, start, 20, () => ({ parts: [2], latencyMs: null }));
    expect(new Set(flat).size).toBe(20);
  });

  it('does where everything costs the same', () => {
    const same = { ...options, summarise: () => ({ parameters: 1, macs: 10 }) };
    const proposed = propose(same, start, 40, scored);
    expect(proposed).toContain('8-8-8-8-8');
  });

  it('ends where a space has nothing new', () => {
    const space = createToySpace(1, 3);
    const few = { ...options, space };
    expect(propose(few, [space.at(0)], 9, scored).toSorted()).toEqual(['1', '2', '3']);
  });

  it('keeps to a limit of measured latency', () => {
    const latencyOf = (genotype: Genotype) => toySize(genotype).macs / 1e7;
    const measured = (genotype: Genotype): ProposalResult => ({
      parts: scored(genotype)?.parts ?? [],
      latencyMs: latencyOf(genotype),
    });
    const limited = { ...options, latency: { maxMs: 15 } };
    const proposed = propose(limited, start, 44, measured);
    const late = proposed.slice(24);
    const within = late.filter((genotype) => latencyOf(genotype) <= 15);
    expect(within.length).toBeGreaterThan(late.length * 0.7);
  });

  it('believes a measured latency as far as its error says, by the third rule', () => {
    // A quarter of the measurements are off by a third or so, and say that.
    const truth = (genotype: Genotype) => Math.log(toySize(genotype).macs / 1e7);
    const rough = (genotype: Genotype) => seedOf('rough', genotype) % 4 === 0;
    const measured = (genotype: Genotype): ProposalResult => {
      const latencyDeviation = rough(genotype) ? 0.3 : 0.01;
      const latencyMs = Math.exp(truth(genotype) + latencyDeviation * normalOf(genotype));
      return { parts: scored(genotype)?.parts ?? [], latencyMs, latencyDeviation };
    };
    const errorOf = (revision: number, seed: number): number => {
      const random = generatorFor('measured latencies', seed);
      const proposed = [...new Set(Array.from({ length: 60 }, () => toy.sample(random)))];
      const results = proposed.map(measured);
      const guide = new Guide({ ...options, revision, smooth: true, latency: { maxMs: Infinity } });
      const { tried } = runAtOnce(guide.survey(proposed, results, []));
      const errors = proposed.map((one, i) => Math.abs(tried[i]!.cost.mean - truth(one)));
      return errors.reduce((sum, error) => sum + error, 0) / errors.length;
    };
    const seeds = [1, 2, 3, 4, 5];
    const [second, third] = [2, 3].map((revision) =>
      seeds.reduce((sum, seed) => sum + errorOf(revision, seed), 0),
    );
    expect(third).toBeLessThan(0.7 * second!);
  });

  it('proposes by the third rule as by the second where nothing is measured, or no error known', () => {
    const of = (
      revision: number,
      results: (genotype: Genotype) => ProposalResult,
      latency = options.latency,
    ) => propose({ ...options, revision, latency }, start, 24, results, 4);
    expect(of(3, scored)).toEqual(of(2, scored));
    const timed = (latencyDeviation: number | null) => (genotype: Genotype) => ({
      ...{ parts: scored(genotype)?.parts ?? [], latencyDeviation },
      latencyMs: (toySize(genotype).macs / 1e7) * (1 + (seedOf('ms', genotype) % 7) / 20),
    });
    const unlimited = { maxMs: Infinity };
    expect(of(3, timed(null), unlimited)).toEqual(of(2, timed(null), unlimited));
    expect(of(3, timed(0.2), unlimited)).not.toEqual(of(2, timed(0.2), unlimited));
  });

  it('proposes by the third rule the same without having been asked before', () => {
    const third = { ...options, revision: 3, latency: { maxMs: 40 } };
    const timed = (genotype: Genotype) => ({
      parts: scored(genotype)?.parts ?? [],
      latencyMs: (toySize(genotype).macs / 1e7) * (1 + (seedOf('ms', genotype) % 7) / 20),
      latencyDeviation: (seedOf('ms', genotype) % 7) / 30,
    });
    const proposed = propose(third, start, 30, timed, 4);
    for (const place of [12, 23, 29]) {
      const before = proposed.slice(0, place);
      const results = before.slice(0, place - 3).map(timed);
      expect(runAtOnce(new Guide(third).propose(before, results))).toBe(proposed[place]);
    }
  });

  it('reaches with 60 networks of the NATS table what random ones need thousands for', async () => {
    const file = path.resolve('main/assets/nats-sss-table/test-accuracy-90-epochs.csv');
    const { rows } = await readAccuracyTable(file, nats);
    const accuracy = new Map(rows.map(({ genotype, accuracies }) => [genotype, accuracies[0]!]));
    const accuracyOf = (genotype: Genotype) => accuracy.get(genotype) ?? NaN;
    const resultOf = (genotype: Genotype) => ({ parts: [accuracyOf(genotype)], latencyMs: null });
    const least = Math.min(...accuracy.values());
    const most = Math.log(natsSize(nats.parse('64:64:64:64:64')).macs);
    const area = (networks: readonly Genotype[]) =>
      hypervolume(
        networks.map((g) => [Math.log(natsSize(g).macs), -accuracyOf(g)] as const),
        [most, -least],
      );
    const all = area(rows.map(({ genotype }) => genotype));
    const searched = { ...options, space: nats, summarise: natsSize };
    const first = runAtOnce(
      startDesign({ space: nats, seed: 5, count: 8, summarise: natsSize, excess: () => 0 }),
    );
    expect(area(propose(searched, first, 60, resultOf)) / all).toBeGreaterThan(0.96);
  });
});
