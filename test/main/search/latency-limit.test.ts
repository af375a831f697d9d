import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Latency } from '../../../main/latency/latency.ts';
import type { MemoryRun } from '../../../main/search/memory-run.ts';
import type { Candidate, EvaluatedCandidate } from '../../../main/run/candidate.ts';
import { LatencyLimit } from '../../../main/search/latency-limit.ts';
import { frontOf, rankingOf } from '../../../main/run/ranking.ts';
import { runSearch, type SearchRequest } from '../../../main/search/search.ts';
import type { SearchSettings } from '../../../main/common/settings/index.ts';
import type { Genotype } from '../../../main/space/space.ts';
import { createToySpace } from '../../support/toy-space.ts';
import {
  createMemoryStore,
  toyCandidate,
  toyLatency,
  toyScore,
  toySettings,
  toySize,
} from '../../support/toy-search.ts';

/** As a phone would: quick networks are those of few MACs, with an overhead that nobody can foresee. */
function latencyOf(genotype: Genotype): Latency {
  const latencyMs = 0.2 + toySize(genotype).macs / 50e6;
  return { ...toyLatency(genotype), latencyMs };
}
const estimate = { medianPercent: 3, p90Percent: 10, withinMeasuredRange: true };
const space = createToySpace(7, 9);

async function search(
  changes: Partial<SearchSettings>,
  options: Partial<SearchRequest> = {},
  store: MemoryRun = createMemoryStore({ ...toySettings, latency: 'host', ...changes }),
) {
  const measured: Genotype[] = [];
  const outcome = await runSearch({
    space,
    settings: store.info().settings,
    store,
    score: (genotype) => Promise.resolve(toyScore(genotype)),
    latency: {
      exclusive: true,
      measure: (genotype) => {
        measured.push(genotype);
        return Promise.resolve(latencyOf(genotype));
      },
    },
    summarise: toySize,
    ...options,
  });
  const candidates = store.candidates() as EvaluatedCandidate[];
  const within = (one: EvaluatedCandidate) =>
    one.latency!.latencyMs <= store.info().settings.maxLatencyMs!;
  return { outcome, candidates, measured, within, settings: store.info().settings };
}

/** Median of 4,000 random networks: about 9.6 ms; 1 in 600 meets this. */
const tight = { maxLatencyMs: 2.5, population: 12, generations: 6 };

describe('a search with a limit on latency', () => {
  it('meets it with every candidate where latencies are known beforehand', async () => {
    const { candidates, within, outcome } = await search(tight, {
      summarise: (genotype) => ({
        ...toySize(genotype),
        leastMs: latencyOf(genotype).latencyMs,
      }),
    });
    expect(candidates).toHaveLength(72);
    expect(candidates.every(within)).toBe(true);
    expect(outcome.repaired).toBeGreaterThan(0);
    expect(outcome.rejected).toBeGreaterThan(outcome.repaired);
  });

  it('learns from measurements what is too slow, and stops measuring such networks', async () => {
    const { candidates, within, outcome, settings } = await search(tight);
    const share = (generation: number) => {
      const those = candidates.filter((one) => one.generation === generation);
      return those.filter(within).length / those.length;
    };
    expect(share(0)).toBeLessThan(0.2); // nothing is known of the first generation
    expect(share(1)).toBeGreaterThan(0.5);
    expect(share(5)).toBeGreaterThan(0.6);
    expect(outcome.repaired).toBeGreaterThan(0);
    const front = frontOf(candidates, rankingOf(settings));
    expect(front.length).toBeGreaterThan(3);
    expect(front.every(within)).toBe(true);
  });

  it('neither scores nor measures what lies beyond it by a bound that is known', async () => {
    const bound = (genotype: Genotype) => toySize(genotype).macs / 100e6;
    const { measured } = await search(tight, {
      summarise: (genotype) => ({ ...toySize(genotype), leastMs: bound(genotype) }),
    });
    expect(measured).toHaveLength(72);
    expect(measured.every((genotype) => bound(genotype) <= 2.5)).toBe(true);
  });

  it('resumes to the same candidates', async () => {
    const { candidates } = await search(tight);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 71 }), async (kept) => {
        const settings = { ...toySettings, latency: 'host' as const, ...tight };
        const store = createMemoryStore(settings, candidates.slice(0, kept));
        const resumed = await search(tight, {}, store);
        expect(resumed.candidates).toEqual(candidates);
        expect(resumed.measured).toHaveLength(72 - kept);
      }),
      { numRuns: 10 },
    );
  });

  it('refuses one in milliseconds for a search that counts MACs', async () => {
    await expect(search({ latency: 'macs', maxLatencyMs: 5 }, { latency: null })).rejects.toThrow(
      expect.objectContaining({ code: 'no-latency-to-limit' }),
    );
  });

  it('says so where no network can meet it', async () => {
    const summarise = (genotype: Genotype) => ({ ...toySize(genotype), leastMs: 7 });
    await expect(search(tight, { summarise })).rejects.toThrow(
      expect.objectContaining({
        code: 'no-feasible-network',
        message: expect.stringContaining('2.5 ms') as string,
      }),
    );
  });
});

describe('what is expected of a network by measurements', () => {
  const size = { parameters: 1, macs: 1e6 };
  const withLatency = (latencyMs: number, estimated: boolean): Candidate => {
    const candidate = toyCandidate(1, 'host');
    const latency = candidate.latency!;
    const conditions = { ...latency.conditions, ...(estimated && { estimate }) };
    return { ...candidate, macs: 1e6, latency: { ...latency, latencyMs, conditions } };
  };

  it('is that of the quickest measured, never less than what was known before', () => {
    const limit = new LatencyLimit(10);
    expect(limit.expected(size)).toEqual(size);
    limit.learn([withLatency(8, false), withLatency(4, false)]);
    expect(limit.expected(size).leastMs).toBeCloseTo(4, 12);
    expect(limit.expected({ ...size, leastMs: 4.5 }).leastMs).toBe(4.5);
  });

  it('is not taken from estimates, nor from anything without a limit', () => {
    const limit = new LatencyLimit(10);
    limit.learn([withLatency(4, true)]);
    expect(limit.expected(size)).toEqual(size);
    const none = new LatencyLimit(null);
    none.learn([withLatency(4, false)]);
    expect(none.expected(size)).toEqual(size);
    expect(none.violationOf(withLatency(4, false) as EvaluatedCandidate)).toBe(0);
  });
});
